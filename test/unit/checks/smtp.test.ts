import type { Socket } from 'node:net';
import * as assert from 'uvu/assert';
import { smtp } from '../../../checks/smtp.ts';
import { createSmtpDialogue } from '../../../checks/smtp-dialogue.ts';
import { blockValues } from '../../../testing/block-values.ts';
import { makeTarget } from '../../../testing/check-context.ts';
import { startFaultServer } from '../../../testing/fault-server.ts';
import { suite } from '../../support/suite.ts';
import { runBlock, verdictOf } from './run-block.ts';

const test = suite('smtp check');

/** What the check says to each piece that the server sends. */
function talk(...pieces: readonly string[]): string[] {
  const dialogue = createSmtpDialogue('director.test');
  return pieces.map(piece => {
    const turn = dialogue.data?.(new TextEncoder().encode(piece)) ?? 'wait';
    if (turn === 'wait') return turn;
    if ('send' in turn) return `${turn.send}`;
    if ('startTls' in turn) return 'TLS';
    return turn.ok ? 'ok' : `${turn.reason}: ${turn.detail}`;
  });
}
const helo = 'HELO director.test\r\n';

test('banner, HELO and QUIT', () => {
  assert.equal(talk('220 mail\r\n', '250 hello\r\n', '221 bye\r\n'), [helo, 'QUIT\r\n', 'ok']);
});

test('replies of several lines and bare codes are replies', () => {
  assert.equal(talk('220-one\r\n220-two\r\n', '220 three\r\n', '250\r\n', '221\r\n'), ['wait', helo, 'QUIT\r\n', 'ok']);
  assert.equal(talk('220-one\r\n220 two\r\n', '250-a\r\n250\r\n'), [helo, 'QUIT\r\n']);
});

test('lines are put together however they come', () => {
  assert.equal(talk(...'220 m\r\n'), ['wait', 'wait', 'wait', 'wait', 'wait', 'wait', helo]);
});

test('any line answers QUIT', () => {
  assert.is(talk('220 mail\n', '250 hello\n', 'whatever\n').at(-1), 'ok');
});

test('another code tells what was said and what was expected', () => {
  assert.equal(talk('421 too busy\r\n'), ['status: banner "421 too busy", expected 220']);
  assert.equal(talk('220 mail\r\n', '501 no\r\n'), [helo, 'status: HELO "501 no", expected 250']);
});

test('what is no reply is a protocol fault', () => {
  assert.equal(talk('SSH-2.0-x\r\n'), ['protocol: banner "SSH-2.0-x", expected a reply code']);
  assert.equal(talk('2200 mail\r\n'), ['protocol: banner "2200 mail", expected a reply code']);
  assert.is(talk('220-x\r\n'.repeat(4000))[0], 'protocol: banner reply longer than 16384 bytes');
});

test('H04: (a) banner and replies that dribble in are put together', async () => {
  const dribble = (socket: Socket, text: string): void => {
    if (text !== '') socket.write(text.charAt(0), () => dribble(socket, text.slice(1)));
  };
  const meet = async (reply: string): Promise<string> => {
    const server = await startFaultServer(socket => {
      socket.setNoDelay();
      dribble(socket, '220\r\n');
      socket.on('data', bytes => dribble(socket, bytes.toString().startsWith('HELO') ? reply : '221\r\n'));
    });
    const verdict = verdictOf(await runBlock('SMTP_CHECK', [], server.port));
    await server.close();
    return verdict;
  };
  assert.is(await meet('250\r\n'), 'ok: HELO and QUIT answered');
  // HAProxy takes whatever begins with 2; keepalived takes 250, and so do we.
  assert.is(await meet('248\r\n'), 'status: HELO "248", expected 250');
});

test('H17: the whole dialogue passes', () => {
  assert.equal(talk('220 smtp.test ESMTP\r\n', '250 smtp.test\r\n', '221 smtp.test closing\r\n'), [
    helo,
    'QUIT\r\n',
    'ok',
  ]);
});

test('H18: an answer of several lines passes; HELO is said, not EHLO', () => {
  const reply = '250-smtp.test\r\n250-KEYWORD\r\n250 LAST KEYWORD\r\n';
  assert.equal(talk('220 smtp.test\r\n', reply, '221 closing\r\n'), [helo, 'QUIT\r\n', 'ok']);
});

test('H19: what is no SMTP fails, and the detail has its words', () => {
  assert.equal(talk("I'm not a SMTP server\r\n"), ['protocol: banner "I\'m not a SMTP server", expected a reply code']);
});

test('H20: a banner that asks to come later fails with its code', () => {
  assert.equal(talk('421 Try again later\r\n'), ['status: banner "421 Try again later", expected 220']);
});

test('H21: another answer to HELO fails with its code', () => {
  assert.equal(talk('220 smtp.test\r\n', '512 DNS error\r\n'), [helo, 'status: HELO "512 DNS error", expected 250']);
});

test('each host is a check of its own, with the checker itself only if it has a target', () => {
  const target = makeTarget({ port: 25 });
  const hostType = smtp.params.find(param => param.name === 'host')?.type;
  const host = (given: Record<string, unknown>) =>
    blockValues(hostType?.kind === 'block' ? hostType.params : [], given);
  const hosts = [host({ connect_ip: '10.0.0.3' }), host({ connect_port: 2525, connect_timeout: 100 })];
  const faults: string[] = [];
  const plan = (given: Record<string, unknown>) =>
    smtp.plan(blockValues(smtp.params, given), target, (_, code) => faults.push(code));
  const three = { connection: { address: '10.0.0.3', port: 25, timeout: 5000 }, heloName: 'director.test' };
  const alternative = { connection: { address: '10.0.0.2', port: 2525, timeout: 100 }, heloName: 'director.test' };
  assert.equal(plan({ host: hosts }), [three, alternative]);
  assert.is(plan({ host: hosts, connect_port: 587 }).length, 3);
  assert.equal(plan({ helo_name: 'me.test' }), [
    { connection: { address: '10.0.0.2', port: 25, timeout: 5000 }, heloName: 'me.test' },
  ]);
  assert.equal(faults, []);
  assert.equal(plan({ host: [host({}), host({ bindto: '2001:db8::1' })] }), []);
  assert.equal(faults, ['bind-family']);
  assert.equal(plan({ host: [host({ retry: 1, warmup: 0 })] }).length, 1);
  assert.equal(faults.slice(1), ['host-schedule', 'host-schedule']);
});

test.run();
