import * as assert from 'uvu/assert';
import { diffConfigFiles } from '../../../../src/cli/commands/config-diff.ts';
import { UnreadableConfig } from '../../../../src/config/load.ts';
import { suite } from '../../../support/suite.ts';
import { readText, readTextTree, realServer } from '../../config/read-text.ts';
import { createFakeIo } from '../fake-io.ts';

const test = suite('cli/commands/config-diff');
const asked = { before: 'old', after: 'new', configId: 'checkalived', json: false, lenient: false };
const holding = (before: string, after: string) => ({
  load: async (file: string) => readText(file === 'old' ? before : after),
  loadTree: async (file: string) => readTextTree(file === 'old' ? before : after),
});
const weight = (value: number): string => realServer(`weight ${value}`);

test('no difference makes it 0 and prints nothing', async () => {
  const io = createFakeIo();
  assert.is(await diffConfigFiles(asked, io, holding(weight(1), `# other words\n${weight(1)}`)), 0);
  assert.is(io.stdout.text, '');
});

test('a difference makes it 1, and is a line with what becomes of it', async () => {
  const io = createFakeIo();
  assert.is(await diffConfigFiles(asked, io, holding(weight(1), weight(3))), 1);
  assert.is(
    io.stdout.text,
    '~ [10.0.0.1]:tcp:80 [10.0.0.2]:tcp:80: weight 1 -> 3 (written to the table at once if the real server is in service by a verdict)\n',
  );
});

test('virtual servers stand apart from one another and from the rest', async () => {
  const io = createFakeIo();
  const other = weight(1).replace('10.0.0.1', '10.0.9.1');
  await diffConfigFiles(asked, io, holding(weight(1), `${other}global_defs {\nrouter_id x\n}`));
  assert.equal(
    io.stdout.text.split('\n').map(line => line.slice(0, 24)),
    ['+ [10.0.9.1]:tcp:80: vir', '', '- [10.0.0.1]:tcp:80: vir', '', '~ router_id lb1 -> x (fr', ''],
  );
});

test('VRRP is a line for each object, and a secret is not shown', async () => {
  const io = createFakeIo();
  const text = (file: string) =>
    `checkalived {\nsmtp_password ${file}\n}\nvrrp_instance VI_1 {\nauthentication {\nauth_type PASS\nauth_pass ${file}\n}\n}\n`;
  assert.is(await diffConfigFiles(asked, io, holding(text('old'), text('new'))), 1);
  assert.is(
    io.stdout.text,
    '~ smtp_password changed (from the next mail on)\n\n~ keepalived: vrrp_instance VI_1 changed; checkalived does not act on it\n',
  );
});

test('a keyword that keepalived alone acts on is a difference, and its value is not shown', async () => {
  const io = createFakeIo();
  const text = (value: number) => `${weight(1)}global_defs {\nchecker_priority ${value}\n}\n`;
  assert.is(await diffConfigFiles(asked, io, holding(text(1), text(2))), 1);
  assert.is(io.stdout.text, '~ keepalived: global_defs checker_priority changed; checkalived does not act on it\n');
});

test('what a request says of who asks, and the password of a key, are compared and not shown', async () => {
  const io = createFakeIo();
  const lines = (word: string) => `url {\npath /\nheader Cookie "session=${word}"\n}`;
  const text = (word: string) =>
    `SSL {\ncertificate c\nkey k\npassword ${word}\n}\n${realServer(`SSL_GET {\n${lines(word)}\n}`)}`;
  assert.is(await diffConfigFiles(asked, io, holding(text('hunter1'), text('hunter2'))), 1);
  assert.match(io.stdout.text, /urls\.0\.request\.headers\.2\.value changed/);
  assert.match(io.stdout.text, /urls\.0\.tls\.identity\.password changed/);
  assert.not.match(io.stdout.text, 'hunter');
});

test('JSON is an array with the documented fields and no others', async () => {
  const io = createFakeIo();
  assert.is(await diffConfigFiles({ ...asked, json: true }, io, holding(weight(1), weight(3))), 1);
  assert.equal(JSON.parse(io.stdout.text), [
    {
      change: 'changed',
      virtualServer: '[10.0.0.1]:tcp:80',
      realServer: '[10.0.0.2]:tcp:80',
      check: null,
      what: 'weight',
      from: '1',
      to: '3',
      effect: 'written to the table at once if the real server is in service by a verdict',
      takesEffect: 'reload',
    },
  ]);
});

test('no difference is an empty array', async () => {
  const io = createFakeIo();
  assert.is(await diffConfigFiles({ ...asked, json: true }, io, holding(weight(1), weight(1))), 0);
  assert.equal(JSON.parse(io.stdout.text), []);
});

test('errors in either file make it 2, but for --lenient', async () => {
  const faulty = realServer('NO_CHECK {\n}');
  for (const [before, after] of [
    [faulty, weight(1)],
    [weight(1), faulty],
  ] as const) {
    const io = createFakeIo();
    assert.is(await diffConfigFiles(asked, io, holding(before, after)), 2);
    assert.match(io.stderr.text, 'error: There is no checker NO_CHECK');
    assert.is(io.stdout.text, '');
    assert.is(await diffConfigFiles({ ...asked, lenient: true }, createFakeIo(), holding(before, after)), 1);
  }
});

test('a file that cannot be read makes it 2', async () => {
  const load = async (file: string): Promise<never> => {
    throw new UnreadableConfig(file, { ok: false, reason: 'missing', detail: 'there is no such file' });
  };
  const io = createFakeIo();
  assert.is(await diffConfigFiles(asked, io, { load, loadTree: load }), 2);
  assert.is(
    io.stderr.text,
    'checkalived: old cannot be read: there is no such file.\ncheckalived: new cannot be read: there is no such file.\n',
  );
});

test('a new file without any virtual server is one that a reload refuses', async () => {
  const io = createFakeIo();
  assert.is(await diffConfigFiles(asked, io, holding(weight(1), '')), 1);
  assert.is(io.stderr.text, 'checkalived: new has no virtual server: a reload refuses it\n');
});

test.run();
