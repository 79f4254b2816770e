import { Buffer } from 'node:buffer';
import * as assert from 'uvu/assert';
import { startFaultServer } from '../../../testing/fault-server.ts';
import { suite } from '../../support/suite.ts';
import { hex, sayHello } from './hello.ts';
import { runBlock, verdictOf } from './run-block.ts';

const test = suite('ldap check');

async function judge(answer: string): Promise<string> {
  return (await sayHello('LDAP_CHECK', [], [answer])).verdict;
}

test('H25: an anonymous bind is sent, and success passes', async () => {
  const { verdict, sent } = await sayHello('LDAP_CHECK', [], ['300C020101 61 070A01 00 04000400']);
  assert.is(verdict, 'ok: anonymous bind succeeded');
  assert.is(sent, '300c020101600702010304008000');
});

test('H25: an answer that is not one to a bind is not LDAPv3', async () => {
  assert.is(await judge('300C020101 60 070A01 00 04000400'), 'protocol: "0....`........" is not LDAPv3');
  assert.is(await judge(hex('HTTP/1.1 400 Bad Request\r\n')), 'protocol: "HTTP/1.1 400 Bad Request.." is not LDAPv3');
  assert.is(await judge('3080'), 'protocol: "0." is not LDAPv3');
  assert.is(await judge('3084ffffffff'), 'protocol: "0....." is not LDAPv3');
  assert.is(await judge('3003020101'), 'protocol: "0...." is not LDAPv3');
});

test('H25: a result code fails with its number, and with the text of the server', async () => {
  assert.is(await judge('300C020101 61 070A01 01 04000400'), 'status: result code 1');
  const text = hex('anonymous bind disallowed');
  assert.is(
    await judge(`3025020101 61200A0130 0400 0419${text}`),
    'status: result code 48: "anonymous bind disallowed"',
  );
});

test('H25: lengths in the long form, and in pieces, are put together', async () => {
  const server = await startFaultServer(socket => void socket.setDefaultEncoding('latin1'));
  const result = runBlock('LDAP_CHECK', [], server.port);
  await server.heard(text => text.length === 14);
  const [first, second] = ['308400000010020101 61 84000000070A01', '00 04000400'].map(part =>
    Buffer.from(part.replaceAll(' ', ''), 'hex').toString('latin1'),
  );
  await server.say(first ?? '');
  await server.say(second ?? '');
  assert.is(verdictOf(await result), 'ok: anonymous bind succeeded');
  await server.close();
});

test.run();
