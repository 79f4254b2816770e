import { resolve } from 'node:path';
import * as assert from 'uvu/assert';
import { printTrackfileBlocks } from '../../../../src/cli/commands/config-trackfile.ts';
import { UnreadableConfig } from '../../../../src/config/load.ts';
import { pasteBlocks } from '../../../support/paste-blocks.ts';
import { suite } from '../../../support/suite.ts';
import { readText } from '../../config/read-text.ts';
import { createFakeIo } from '../fake-io.ts';

const test = suite('cli/commands/config-trackfile');
const ours = '@checkalived checkalived {\n@checkalived ipvs trackfile\n@checkalived }\n';
const server = (real: string, virtual = '10.0.0.1 80') =>
  `virtual_server ${virtual} {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\n${real}\n}\n`;
const hidden = 'real_server 10.0.0.2 80 {\n@checkalived TCP_CHECK {\n@checkalived }\n}';

async function ask(text: string, stateDir?: string) {
  const io = createFakeIo();
  const options = { file: 'main.conf', configId: 'checkalived', stateDir };
  const exit = await printTrackfileBlocks(options, io, { load: async () => readText(text) });
  return { exit, out: io.stdout.text, err: io.stderr.text };
}

test('two track_file and two FILE_CHECK blocks for a real server, with their places', async () => {
  const { exit, out, err } = await ask(ours + server(hidden));
  assert.is(exit, 0);
  assert.is(err, '');
  assert.is(
    out,
    `# keepalived reads lines that begin with @^checkalived, and checkalived does not: one file serves both.
# The directory must be there before keepalived starts: install -d -m 755 /var/lib/checkalived/trackfiles

# At the root of the file, before the first virtual_server (main.conf:4):
@^checkalived track_file tcp_10.0.0.1:80_10.0.0.2:80 {
@^checkalived     file /var/lib/checkalived/trackfiles/tcp_10.0.0.1:80_10.0.0.2:80
@^checkalived }
@^checkalived track_file tcp_10.0.0.1:80_10.0.0.2:80.weight {
@^checkalived     file /var/lib/checkalived/trackfiles/tcp_10.0.0.1:80_10.0.0.2:80.weight
@^checkalived }

# Into real_server [10.0.0.2]:tcp:80 of [10.0.0.1]:tcp:80, behind main.conf:8:
@^checkalived FILE_CHECK {
@^checkalived     track_file tcp_10.0.0.1:80_10.0.0.2:80
@^checkalived     weight 0
@^checkalived }
@^checkalived FILE_CHECK {
@^checkalived     track_file tcp_10.0.0.1:80_10.0.0.2:80.weight
@^checkalived     weight 1
@^checkalived }
`,
  );
});

test('what was pasted is not there for checkalived, and printed again it is the same', async () => {
  const text = ours + server(hidden);
  const { out } = await ask(text);
  const pasted = pasteBlocks(text, 'main.conf', out);
  assert.equal(
    readText(pasted).diagnostics.map(({ code }) => code),
    readText(text).diagnostics.map(({ code }) => code),
  );
  assert.equal(readText(pasted).config.trackFiles, []);
  const blocks = (from: string) => from.split('\n').filter(line => line.startsWith('@'));
  assert.equal(blocks((await ask(pasted)).out), blocks(out));
});

test('checkers that keepalived would run too are named with their lines', async () => {
  const seen =
    'real_server 10.0.0.2 80 {\nHTTP_GET {\nurl {\npath /a\nstatus_code 200\n}\nurl {\npath /b\nstatus_code 200\n}\n}\nTCP_CHECK { }\n}';
  assert.match(
    (await ask(ours + server(seen))).out,
    'behind main.conf:8;\n# and hide from keepalived what checks there, @checkalived before each line: main.conf:9-18 (HTTP_GET), main.conf:19 (TCP_CHECK)\n@^',
  );
});

test('a real server without a checker has no value file', async () => {
  const { out } = await ask(ours + server(`${hidden}\nreal_server 10.0.0.3 80 {\n}`));
  assert.not.match(out, '10.0.0.3');
  const none = await ask(ours + server('real_server 10.0.0.3 80 {\n}'));
  assert.equal([none.exit, none.out], [1, '']);
  assert.match(none.err, 'no real server of main.conf has a checker that checkalived runs');
});

test('the directory is that of the settings, quoted where it must be', async () => {
  assert.match((await ask(ours + server(hidden), '/run/state')).out, 'file /run/state/trackfiles/tcp_');
  const set = ours.replace('ipvs trackfile', 'ipvs trackfile\n@checkalived track_dir "/run/my values"');
  assert.match(
    (await ask(set + server(hidden), '/run/state')).out,
    'file "/run/my values/tcp_10.0.0.1:80_10.0.0.2:80"\n',
  );
});

test('a directory that is named from here is printed from the root, as keepalived runs elsewhere', async () => {
  assert.match((await ask(ours + server(hidden), 'state')).out, `file ${resolve('state')}/trackfiles/tcp_`);
});

test('another mode, and several real servers of one line, are told of', async () => {
  const { exit, err } = await ask(
    server('~SEQ(N, 2, 3) real_server 10.0.0.$N 80 {\n@checkalived TCP_CHECK {\n@checkalived }\n}'),
  );
  assert.is(exit, 0);
  assert.match(err, 'checkalived: the mode is weights: write ipvs trackfile into the block checkalived');
});

test('a file with errors, or that cannot be read, prints nothing', async () => {
  const bad = await ask(server('real_server 10.0.0.2 80 {\nNO_CHECK {\n}\n}'));
  assert.equal([bad.exit, bad.out], [1, '']);
  assert.match(bad.err, 'main.conf has 1 error, and nothing is printed');
  const io = createFakeIo();
  const load = (): never => {
    throw new UnreadableConfig('main.conf', { ok: false, reason: 'missing', detail: 'there is no such file' });
  };
  assert.is(await printTrackfileBlocks({ file: 'main.conf', configId: 'checkalived' }, io, { load }), 2);
  assert.match(io.stderr.text, 'checkalived: main.conf cannot be read');
});

test.run();
