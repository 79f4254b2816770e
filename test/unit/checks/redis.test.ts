import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.ts';
import { hex, sayHello } from './hello.ts';

const test = suite('redis check');

async function judge(answer: string): Promise<string> {
  return (await sayHello('REDIS_CHECK', [], [hex(answer)])).verdict;
}

test('H22: PING is sent, and PONG passes', async () => {
  const { verdict, sent } = await sayHello('REDIS_CHECK', [], [hex('+PONG\r\n')]);
  assert.is(verdict, 'ok: PONG');
  assert.is(sent, hex('*1\r\n$4\r\nPING\r\n'));
});

test('H22: an error fails with its text', async () => {
  assert.is(await judge('-Error message\r\n'), 'status: "Error message"');
  assert.is(
    await judge('-LOADING Redis is loading the dataset in memory\r\n'),
    'status: "LOADING Redis is loading the dataset in memory"',
  );
});

test('a server that asks for a password answers, and passes', async () => {
  assert.is(await judge('-NOAUTH Authentication required.\r\n'), 'ok: it asks for a password');
});

test('any other answer is a protocol fault', async () => {
  assert.is(await judge('+OK\r\n'), 'protocol: "+OK" is not an answer of Redis to PING');
  assert.is(await judge('+PONGS\r\n'), 'protocol: "+PONGS" is not an answer of Redis to PING');
});

test.run();
