import * as assert from 'uvu/assert';
import { checkers } from '../../../../checks/index.ts';
import { explainConfig } from '../../../../src/cli/commands/config-explain.ts';
import { suite } from '../../../support/suite.ts';
import { createFakeIo } from '../fake-io.ts';

const test = suite('cli/commands/config-explain');

async function ask(keyword: string, block: string | null = null, json = false) {
  const io = createFakeIo();
  return { exit: await explainConfig({ keyword, block, json }, io, { checkers }), io };
}

test('a keyword is explained in lines for people', async () => {
  const { exit, io } = await ask('connect_timeout', 'real_server');
  assert.is(exit, 0);
  assert.is(
    io.stdout.text,
    `connect_timeout SECONDS, 0.000001 to 4294.967295
    Seconds for the connection, TLS handshake included, and once more for the whole answer.
    stands in:  virtual_server > real_server
    range:      0.000001 to 4294.967295 seconds
    default:    5
    left out:   that of virtual_server, else the default
    repeated:   the last one counts
    since:      keepalived 2.0.13
`,
  );
});

test('what is ours, old, new or mandatory is told', async () => {
  assert.match(
    (await ask('rise', 'virtual_server')).io.stdout.text,
    'checkalived only: write it on a line that begins',
  );
  assert.match((await ask('lvs_id')).io.stdout.text, 'deprecated: write router_id');
  assert.match((await ask('net_mask')).io.stdout.text, 'deprecated: it has no meaning any more');
  assert.match((await ask('user', 'MISC_CHECK')).io.stdout.text, 'since:      keepalived 1.3.0');
  assert.match((await ask('misc_path')).io.stdout.text, 'mandatory:  yes');
});

test('JSON has the same, as an array', async () => {
  const { exit, io } = await ask('quorum', null, true);
  assert.is(exit, 0);
  assert.is(JSON.parse(io.stdout.text)[0].keyword, 'quorum');
});

test('a keyword that there is not makes it 1, with the nearest', async () => {
  const { exit, io } = await ask('delay_lop');
  assert.is(exit, 1);
  assert.is(io.stdout.text, '');
  assert.is(io.stderr.text, 'checkalived: there is no keyword delay_lop; did you mean delay_loop?\n');
  assert.match((await ask('zzzzzz')).io.stderr.text, 'checkalived.conf(5) lists all');
});

test('a block that there is not, or that does not take it, makes it 1', async () => {
  const none = await ask('retry', 'TCP_CHEK');
  assert.equal(
    [none.exit, none.io.stderr.text],
    [1, 'checkalived: there is no block TCP_CHEK; did you mean TCP_CHECK?\n'],
  );
  const other = await ask('hysteresis', 'real_server');
  assert.equal(
    [other.exit, other.io.stderr.text],
    [1, 'checkalived: hysteresis does not stand in real_server, but in virtual_server\n'],
  );
});

test.run();
