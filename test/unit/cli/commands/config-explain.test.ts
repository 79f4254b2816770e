import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
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
    left out:   that of virtual_server, else 5
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

test('what a value is when it is left out is said once', async () => {
  const leftOut = async (keyword: string, block: string) =>
    /left out: +(.*)/.exec((await ask(keyword, block)).io.stdout.text)?.[1];
  assert.is(await leftOut('retry', 'TCP_CHECK'), 'that of real_server, else that of virtual_server, else 1');
  assert.is(await leftOut('weight', 'real_server'), 'that of virtual_server');
  assert.is(await leftOut('virtualhost', 'HTTP_GET'), 'that of real_server, else that of virtual_server');
  assert.is(
    await leftOut('connect_timeout', 'host'),
    'that of SMTP_CHECK, else that of real_server, else that of virtual_server, else 5',
  );
  assert.is(await leftOut('retry', 'host'), undefined);
});

test('a checker that there is not is an error, with all that is in it', async () => {
  for (const [keyword, block] of [
    ['BFD_CHECK', null],
    ['alpha', 'BFD_CHECK'],
  ] as const)
    assert.match((await ask(keyword, block)).io.stdout.text, 'checkalived has no such checker');
  assert.not.match((await ask('retry', 'TCP_CHECK')).io.stdout.text, 'no such checker');
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

test('what is no keyword, but part of the language, has its section named', async () => {
  const manual = readFileSync(resolve(import.meta.dirname, '../../../../docs/man/checkalived.conf.5'), 'utf8');
  for (const word of ['include', 'includem', '$PORT', '@checkalived', '~SEQ']) {
    const { exit, io } = await ask(word);
    assert.is(exit, 1);
    const section = /; see (.*) in checkalived/.exec(io.stderr.text)?.[1] ?? word;
    assert.ok(manual.includes(`\n.SS ${section}\n`), section);
  }
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
