import * as assert from 'uvu/assert';
import { testConfig } from '../../../../src/cli/commands/test.ts';
import type { Diagnostic } from '../../../../src/config/diagnostics.ts';
import { UnreadableConfig } from '../../../../src/config/load.ts';
import { suite } from '../../../support/suite.ts';
import { readText, realServer } from '../../config/read-text.ts';
import { createConfig, createDiagnostic, createFakeIo } from '../fake-io.ts';

const test = suite('cli/commands/test');
const asked = { file: 'test.conf', configId: 'checkalived', json: false, strict: false, timing: false };
const finds = (...diagnostics: readonly Diagnostic[]) => ({
  load: async () => ({
    config: createConfig(),
    diagnostics,
    sources: new Map([['test.conf', 'one\ntwo 10.0.0\n']]),
    secrets: [],
    checkers: [],
  }),
});
const error = createDiagnostic();
const warning = createDiagnostic({ severity: 'warning', code: 'empty-list' });
const hint = createDiagnostic({ severity: 'hint', code: 'surplus-words' });

test('errors make it 1, warnings and hints do not', async () => {
  assert.is(await testConfig(asked, createFakeIo(), finds(error, warning)), 1);
  assert.is(await testConfig(asked, createFakeIo(), finds(warning, hint)), 0);
  assert.is(await testConfig(asked, createFakeIo(), finds()), 0);
});

test('with --strict warnings make it 1, hints do not', async () => {
  assert.is(await testConfig({ ...asked, strict: true }, createFakeIo(), finds(warning)), 1);
  assert.is(await testConfig({ ...asked, strict: true }, createFakeIo(), finds(hint)), 0);
});

test('every diagnostic is a line off a terminal, with a summary at the end', async () => {
  const io = createFakeIo();
  await testConfig(asked, io, finds(error));
  assert.is(
    io.stdout.text,
    'test.conf:2:3: error: x is no address [bad-address]\n    hint: write 10.0.0.1\n' +
      'test.conf: 1 error; 0 virtual servers, 0 real servers, 0 checks\n',
  );
});

test('diagnostics come from top to bottom, file by file', async () => {
  const io = createFakeIo();
  const at = (file: string, line: number, column: number) => createDiagnostic({ file, line, column, hint: '' });
  await testConfig(asked, io, finds(at('b.conf', 9, 1), at('a.conf', 1, 1), at('b.conf', 2, 5), at('b.conf', 2, 1)));
  assert.equal(io.stdout.text.match(/^\S+:\d+:\d+/gm), ['b.conf:2:1', 'b.conf:2:5', 'b.conf:9:1', 'a.conf:1:1']);
});

test('on a terminal the line of the file is shown', async () => {
  const io = createFakeIo({ terminal: true });
  await testConfig(asked, io, finds(error));
  assert.match(io.stdout.text, '     2 | two 10.0.0\n       |   ^^^^\n');
});

test('JSON has the documented fields and nothing else', async () => {
  const io = createFakeIo();
  assert.is(await testConfig({ ...asked, json: true }, io, finds(error)), 1);
  assert.equal(JSON.parse(io.stdout.text), {
    ok: false,
    diagnostics: [
      {
        severity: 'error',
        code: 'bad-address',
        message: 'x is no address',
        hint: 'write 10.0.0.1',
        file: 'test.conf',
        line: 2,
        column: 3,
        keepalived: true,
      },
    ],
  });
});

test('ok in JSON is what the exit code says', async () => {
  const io = createFakeIo();
  assert.is(await testConfig({ ...asked, json: true, strict: true }, io, finds(warning)), 1);
  assert.is(JSON.parse(io.stdout.text).ok, false);
});

test('a file that cannot be read makes it 2, with what to do', async () => {
  const io = createFakeIo();
  const load = async (): Promise<never> => {
    throw new UnreadableConfig('test.conf', { ok: false, reason: 'missing', detail: 'there is no such file' });
  };
  assert.is(await testConfig(asked, io, { load }), 2);
  assert.is(
    io.stderr.text,
    'checkalived: test.conf cannot be read: there is no such file. Name the configuration with -f FILE.\n',
  );
  assert.is(io.stdout.text, '');
});

const timed = {
  load: async () => readText(realServer('TCP_CHECK {\nconnect_timeout 3\nretry 1\n}', 'delay_loop 10')),
};

test('--timing adds a table of detection times', async () => {
  const io = createFakeIo();
  assert.is(await testConfig({ ...asked, timing: true }, io, timed), 0);
  assert.match(
    io.stdout.text,
    'VIRTUAL SERVER   REAL SERVER  CHECK      OUT, BEST  WORST  BACK, BEST  WORST\n' +
      'tcp/10.0.0.1:80  10.0.0.2:80  TCP_CHECK        1 s   17 s         0 s   16 s\n',
  );
});

test('--timing --json adds a field, in seconds', async () => {
  const io = createFakeIo();
  await testConfig({ ...asked, json: true, timing: true }, io, timed);
  assert.equal(JSON.parse(io.stdout.text), {
    ok: true,
    diagnostics: [],
    timing: [
      {
        virtualServer: 'tcp/10.0.0.1:80',
        realServer: '10.0.0.2:80',
        check: 'TCP_CHECK',
        out: { best: 1, worst: 17 },
        back: { best: 0, worst: 16 },
      },
    ],
  });
});

test('a bug in the reader is not taken for a fault of the file', async () => {
  const load = async (): Promise<never> => {
    throw new TypeError('no such thing');
  };
  try {
    await testConfig(asked, createFakeIo(), { load });
    assert.unreachable();
  } catch (fault) {
    assert.instance(fault, TypeError);
  }
});

test.run();
