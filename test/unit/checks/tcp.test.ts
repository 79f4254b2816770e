import { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import * as assert from 'uvu/assert';
import { tcp } from '../../../checks/tcp.ts';
import type { ConnectionHandler, Sockets } from '../../../src/model/ports.ts';
import { makeConnection } from '../../../testing/check-context.ts';
import { answer, type FaultServer, findClosedPort, startFaultServer } from '../../../testing/fault-server.ts';
import { testCertificate } from '../../../testing/test-certificate.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { suite } from '../../support/suite.ts';
import { faultsOf, readText, realServer } from '../config/read-text.ts';
import { runBlock, verdictOf } from './run-block.ts';

const test = suite('tcp check');
const nothing = (): void => {};
const says = (text: string) => (socket: Socket) => void socket.write(text);

/** What a TCP_CHECK of these lines finds on such a server; `PORT` stands for its port. */
async function check(
  behave: (socket: Socket) => void,
  lines: readonly string[],
  { tls = false, looks = () => {} }: { tls?: boolean; looks?: (server: FaultServer) => void } = {},
): Promise<string> {
  const server = await startFaultServer(behave, tls);
  try {
    const written = lines.map(line => line.replaceAll('PORT', String(server.port)));
    const verdict = verdictOf(await runBlock('TCP_CHECK', written, server.port));
    await server.released();
    looks(server);
    return verdict.replaceAll(String(server.port), 'PORT');
  } finally {
    await server.close();
  }
}

test('without steps a connection is enough, and nothing is sent', async () => {
  assert.is(await check(nothing, [], { looks: server => assert.is(server.received(), '') }), 'ok: connected');
});

test('B16: an IRC server that welcomes passes, one that turns us away fails', async () => {
  const lines = [
    'send "NICK prober\\r\\nUSER prober prober prober :prober\\r\\n"',
    'expect "^:[^ ]+ 001"',
    'send "QUIT\\r\\n"',
  ];
  const welcome = answer([':irc.test NOTICE AUTH :*** Looking up\r\n', ':irc.test 001 prober :Welcome\r\n'], {
    greets: true,
    until: 'USER prober prober prober :prober\r\n',
  });
  assert.is(
    await check(welcome, lines, { looks: server => assert.match(server.received(), /^NICK prober.*\r\nQUIT\r\n$/s) }),
    'ok: 3 steps passed',
  );
  const turnAway = (socket: Socket) => void socket.end('ERROR :Your IP address has been blacklisted\r\n');
  assert.is(
    await check(turnAway, lines),
    'protocol: step 2, expect "^:[^ ]+ 001": the server closed the connection; came "ERROR :Your IP address has been "...',
  );
  assert.is(
    await check(turnAway, ['refuse "^ERROR"', ...lines]),
    'protocol: step 1, refuse "^ERROR": it matches; came "ERROR :Your IP address has been "...',
  );
});

test('B17: a group of the last match is sent', async () => {
  const lines = ['expect "^SSH-2.0-([^ -]+)(?: (.*))?$"', 'send "CONFIRM \\1 \\2\\r\\n"', 'expect "thanks"'];
  const server = (socket: Socket): void => {
    socket.write('SSH-2.0-OpenSSH_6.9p1 Debian-8\n');
    socket.once('data', () => socket.write('thanks'));
  };
  const looks = ({ received }: FaultServer): void => assert.is(received(), 'CONFIRM OpenSSH_6.9p1 Debian-8\r\n');
  assert.is(await check(server, lines, { looks }), 'ok: 3 steps passed');
  const byByte = (socket: Socket): void => {
    let left = 'SSH-2.0-OpenSSH_6.9p1 Debian-8\n';
    const next = (): void => {
      if (left === '') return;
      socket.write(left.charAt(0), next);
      left = left.slice(1);
    };
    socket.setNoDelay();
    next();
    socket.once('data', () => socket.write('thanks'));
  };
  assert.is(await check(byByte, lines, { looks }), 'ok: 3 steps passed');
});

test('B18: bytes are compared one by one, without waiting for a line', async () => {
  const lines = ['expect_hex 6e 6f 74 2d 61 2d 6c 69 6e 65', 'send_hex 6f6b00ff'];
  const looks = ({ received }: FaultServer): void => assert.is(received(), 'ok\0\xff');
  assert.is(await check(says('not-a-line'), lines, { looks }), 'ok: 2 steps passed');
  assert.is(
    await check(says('something-else'), lines),
    'protocol: step 1, expect_hex 6e6f742d612d6c696e65: other bytes came; came "something-else"',
  );
  assert.is(
    await check(socket => void socket.end('not-a'), lines),
    'protocol: step 1, expect_hex 6e6f742d612d6c696e65: the server closed the connection; came "not-a"',
  );
});

test('H30: what is refused must be absent from as many bytes as it says', async () => {
  const twice = (socket: Socket): void => {
    socket.write('valid');
    socket.once('data', () => socket.write('valid'));
  };
  const lines = ['expect "valid"', 'send "0123456789"', 'expect "valid"'];
  assert.is(await check(twice, ['refuse "^error" min 5', ...lines]), 'ok: 4 steps passed');
  // HAProxy waits for its deadline where there is no minimum, and fails.
  assert.is(await check(twice, ['refuse "^error"', ...lines]), 'ok: 4 steps passed');
  assert.is(
    await check(socket => void socket.end('vali'), ['refuse "^error" min 5']),
    'protocol: step 1, refuse "^error": the server closed the connection; came "vali"',
  );
  assert.is(
    await check(socket => void socket.end('no\nerror 5'), ['refuse "^error" min 5']),
    'protocol: step 1, refuse "^error": it matches; came "no.error 5"',
  );
});

test('H31: several ports, each with steps of its own; a failure names the step', async () => {
  const closed = await findClosedPort();
  const name = (text: string): string => text.replaceAll(String(closed), 'CLOSED');
  const greets = says('hello');
  assert.is(
    name(await check(greets, ['connect PORT', `connect ${closed}`])),
    'refused: step 2, connect CLOSED: connection refused',
  );
  assert.is(
    name(await check(greets, [`connect ${closed}`, 'connect PORT'])),
    'refused: step 1, connect CLOSED: connection refused',
  );
  const looks = (server: FaultServer): void => assert.is(server.connections(), 3);
  assert.is(
    await check(greets, ['expect "hello"', 'connect PORT', 'expect "hello"', 'connect PORT'], { looks }),
    'ok: 4 steps passed',
  );
  assert.is(
    await check(greets, ['expect "hello"', 'connect PORT', 'expect_hex 00']),
    'protocol: step 3, expect_hex 00: other bytes came; came "hello"',
  );
});

test('B15: STARTTLS in a dialogue, which goes on over TLS', async () => {
  const lines = [
    'sni_name mail.test',
    'expect "^220 .*ESMTP.*\\r\\n"',
    'send "EHLO prober\\r\\n"',
    'expect "^250-STARTTLS\\r?$"',
    'send "STARTTLS\\r\\n"',
    'expect "^220 .*\\n"',
    'starttls',
    'send "EHLO prober\\r\\n"',
    'expect "^250-AUTH"',
    'send "QUIT\\r\\n"',
  ];
  const seen: string[] = [];
  const server = (socket: Socket): void => {
    socket.write('220 mail ESMTP\r\n');
    socket.on('data', function listen(bytes) {
      seen.push(bytes.toString());
      if (bytes.toString().startsWith('EHLO')) socket.write('250-mail\r\n250-STARTTLS\r\n250 HELP\r\n');
      else {
        socket.removeListener('data', listen);
        // What is said in the clear behind the 220 is not taken for an answer.
        socket.write('220 go on\r\n250-AUTH INJECTED\r\n', () => serveTls(socket, seen));
      }
    });
  };
  assert.match(await check(server, lines), /^ok: 9 steps passed, certificate valid for 3\d{4} days$/);
  assert.equal(seen, ['EHLO prober\r\n', 'STARTTLS\r\n', 'SNI mail.test', 'EHLO prober\r\n']);
});

test('H27, H33: with tls and no step the handshake is the check', async () => {
  assert.match(await check(nothing, ['tls'], { tls: true }), /^ok: connected, certificate valid for/);
  assert.is(
    await check(socket => void socket.once('data', () => socket.end()), ['tls']),
    'protocol: closed in the TLS handshake',
  );
  assert.match(
    await check(socket => void socket.end('HTTP/1.0 400 Bad Request\r\n\r\n'), ['tls']),
    /^tls: .* in the TLS handshake$/,
  );
  const lines = ['connect PORT', 'connect PORT', 'starttls'];
  assert.match(await check(nothing, lines, { tls: true }), /^ok: 3 steps passed, certificate valid for/);
  assert.match(
    await check(socket => void socket.once('data', () => socket.write('HTTP/1.0 400\r\n')), ['starttls']),
    /^tls: step 1, starttls: /,
  );
});

test('the end of the certificate is a part of the result, whatever becomes of the check', async () => {
  const ends = Date.parse(new X509Certificate(testCertificate.cert).validTo);
  const endOf = async (lines: readonly string[], tls: boolean) => {
    const server = await startFaultServer(socket => void socket.end('bye'), tls);
    try {
      const { ok, certificateEnds } = await runBlock('TCP_CHECK', lines, server.port);
      return [ok, certificateEnds];
    } finally {
      await server.close();
    }
  };
  assert.equal(await endOf(['tls'], true), [true, ends]);
  assert.equal(await endOf(['tls', 'expect hello'], true), [false, ends]);
  assert.equal(await endOf(['expect bye'], false), [true, undefined]);
});

test('H28: the server name goes out, and a server that does not know it fails the check', async () => {
  const wants = (name: string) => (socket: Socket) => {
    if (socket instanceof TLSSocket && (socket as { servername?: unknown }).servername === name) socket.write('hello');
    else socket.end();
  };
  const lines = ['tls', 'expect "hello"'];
  assert.match(
    await check(wants('right.test'), ['sni_name right.test', ...lines], { tls: true }),
    /^ok: 1 steps? passed/,
  );
  assert.match(
    await check(wants('right.test'), ['sni_name wrong.test', ...lines], { tls: true }),
    /^protocol: step 1, expect "hello": the server closed/,
  );
  assert.match(await check(wants('right.test'), lines, { tls: true }), /^protocol: /);
});

test('what matches may come before it is waited for, and is used once', async () => {
  assert.is(await check(says('one two one'), ['expect "one"', 'expect "one"']), 'ok: 2 steps passed');
  assert.is(
    await check(socket => void socket.end('one two'), ['expect "two"', 'expect "one"']),
    'protocol: step 2, expect "one": the server closed the connection; nothing came',
  );
});

test('a pattern that matches nothing at all waits until something comes', async () => {
  const late = (socket: Socket): void => void socket.once('data', () => socket.write('x'));
  assert.is(
    await check(socket => void socket.end(), ['expect ".*"']),
    'protocol: step 1, expect ".*": the server closed the connection; nothing came',
  );
  assert.is(await check(late, ['send "?"', 'expect ".*"']), 'ok: 2 steps passed');
});

test('a dialogue ends at the limit of what is kept', async () => {
  assert.is(
    await check(says('x'.repeat(200_000)), ['expect "never"']),
    `protocol: step 1, expect "never": more than 65536 bytes came; came "${'x'.repeat(32)}"...`,
  );
});

test('a search that takes too long fails, and says so', async () => {
  assert.match(
    await check(says('a'.repeat(40)), ['expect "^(a|a?)+$(?<=b)|(a+)+b(*COMMIT)c"']),
    /^protocol: step 1, expect .*: .*limit/,
  );
});

test('steps that cannot be are errors with their place', () => {
  const faults = (line: string): string =>
    faultsOf(readText(realServer(`TCP_CHECK {\n@checkalived ${line}\n}`))).join();
  assert.is(faults('expect "a(b"'), 'error bad-pattern 8');
  assert.is(faults('refuse "["'), 'error bad-pattern 8');
  assert.is(faults('send "\\1"'), 'error group-without-expect 8');
  assert.is(faults('send "\\q"'), 'error bad-value 8');
  assert.is(faults('send one two'), 'error bad-value 8');
  assert.is(faults('send'), 'error missing-argument 8');
  assert.is(faults('send ""'), 'error bad-value 8');
  assert.is(faults('send_hex 4'), 'error bad-value 8');
  assert.is(faults('expect_hex xy'), 'error bad-value 8');
  assert.is(faults('expect a b'), 'error bad-value 8');
  assert.is(faults('refuse a min 0'), 'error bad-value 8');
  assert.is(faults('refuse a max 3'), 'error bad-value 8');
  // B19: an invalid port is seen at once.
  assert.is(faults('connect 70000'), 'error out-of-range 8');
  assert.is(faults('connect 0'), 'error out-of-range 8');
});

test('TLS within TLS is an error, and a name for a handshake that is not made a warning', () => {
  const faults = (...lines: string[]): string =>
    faultsOf(readText(realServer(`TCP_CHECK {\n${lines.map(line => `@checkalived ${line}`).join('\n')}\n}`))).join();
  assert.is(faults('tls', 'starttls'), 'error tls-twice 9');
  assert.is(faults('starttls', 'starttls'), 'error tls-twice 9');
  assert.is(faults('starttls', 'connect 993', 'starttls'), '');
  assert.is(faults('tls', 'connect 993', 'starttls'), 'error tls-twice 10');
  assert.is(faults('sni_name a'), 'warning sni-alone 8');
  assert.is(faults('sni_name a', 'tls'), '');
  assert.is(faults('sni_name a', 'starttls'), '');
});

test('a dialogue over TLS resumes the session of the last that passed, unless tls_session_reuse is off', async () => {
  let seen = '';
  const server = await startFaultServer(socket => {
    if (socket instanceof TLSSocket)
      seen += socket.getProtocol() === 'TLSv1.3' ? 'N' : socket.isSessionReused() ? 'h' : 'H';
    socket.write('hello');
  }, true);
  const run = async (...lines: string[]): Promise<string> =>
    verdictOf(await runBlock('TCP_CHECK', ['tls', ...lines], server.port)).split(',')[0] ?? '';
  try {
    for (const lines of [[], [], [], ['tls_session_reuse off']]) {
      assert.is(await run(...lines, 'expect hello'), 'ok: 1 step passed');
    }
    assert.is(seen, 'NHhN');
  } finally {
    await server.close();
  }
});

/** A TLS server on a socket that was in the clear until now. */
function serveTls(socket: Socket, seen: string[]): void {
  const secure = new TLSSocket(socket, {
    isServer: true,
    ...testCertificate,
    SNICallback: (name, done) => {
      seen.push(`SNI ${name}`);
      done(null);
    },
  });
  secure.on('error', () => {});
  secure.once('data', bytes => {
    seen.push(bytes.toString());
    secure.write('250-mail\r\n250-AUTH PLAIN\r\n250 HELP\r\n');
  });
}

test('a deadline names the step and what came; each connection has its own', async () => {
  const clock = new VirtualClock();
  const opened: ConnectionHandler[] = [];
  const sockets: Sockets = {
    connect: (_, __, handler) => {
      opened.push(handler);
      return makeConnection(() => queueMicrotask(() => handler.closed(null)));
    },
  };
  const lines = ['connect_timeout 2', 'expect "one"', 'connect 81', 'expect "two"', 'expect "three"'];
  const result = runBlock('TCP_CHECK', lines, 80, { clock, sockets });
  await clock.advance(1999);
  opened[0]?.opened(makeConnection());
  await clock.advance(1999);
  opened[0]?.data(new TextEncoder().encode('one'));
  await clock.advance(1999);
  opened[1]?.opened(makeConnection());
  opened[1]?.data(new TextEncoder().encode('two, thr'));
  await clock.advance(2000);
  assert.is(
    verdictOf(await result),
    'timeout_read: step 4, expect "three": no complete answer within 2 s; came ", thr"',
  );
  assert.is((await result).took, 7997);
  assert.is(clock.pending(), 0);
  const silent = runBlock('TCP_CHECK', lines, 80, { clock, sockets });
  await clock.advance(2000);
  assert.is(verdictOf(await silent), 'timeout_connect: no connection within 2 s');
});

test('the longest that a check can take is the sum of what its connections can wait for', () => {
  const connection = { address: '10.0.0.2', port: 80, timeout: 1000 };
  const expect = { kind: 'expect', pattern: 'x' } as const;
  const connect = { kind: 'connect', port: 81 } as const;
  assert.is(tcp.longest(connection), 1000);
  assert.is(tcp.longest({ ...connection, steps: [{ kind: 'send', parts: ['x'] }] }), 1000);
  assert.is(tcp.longest({ ...connection, steps: [expect, connect, expect, connect] }), 5000);
  assert.is(tcp.longest({ ...connection, steps: [connect, expect] }), 2000);
});

test.run();
