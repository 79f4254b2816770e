// The genhash of keepalived and ours ask the same server; needs /usr/bin/genhash (Debian: keepalived).
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import * as assert from 'uvu/assert';
import { findClosedPort, startFaultServer } from '../../testing/fault-server.ts';
import { suite } from '../support/suite.ts';
import { genhash, hasIpv6, type Output, runOurs, runTheirs } from './genhash-programs.ts';

const test = suite('differential/genhash', 60_000);

/** One run: what was printed, what the server was sent, and the server name of TLS. */
interface Run extends Output {
  readonly request: string;
  readonly serverName: string;
}
interface Answer {
  readonly title: string;
  readonly response: string;
  readonly options?: readonly string[];
  readonly tls?: true;
  /** Address of the server; 127.0.0.1 if left out. */
  readonly host?: string;
  /** How the server ends; in order where nothing is said. `bare`: without close_notify; `reset`: when the client has had time to read. */
  readonly end?: 'open' | 'bare' | 'reset';
  /** The first so many bytes come well before the others. */
  readonly first?: number;
  /** Ours says that no check of this can pass, and ends with 1. */
  readonly cut?: true;
}

const ok = 'HTTP/1.1 200 OK\r\n';
const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`;
const long = 'x'.repeat(20_000);
const everyByte = String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte));

/** Answers of which both print the same, plain and with -v. */
const same: readonly Answer[] = [
  { title: 'a body with its length', response: `${ok}Content-Length: 12\r\n\r\nhello world\n` },
  { title: 'a body without a length', response: `${ok}Content-Type: text/plain\r\n\r\nhello world\n` },
  { title: 'HTTP/1.0 without a header line', response: 'HTTP/1.0 200 OK\r\n\r\nhello world\n' },
  { title: 'a status line without a reason', response: 'HTTP/1.1 200\r\n\r\nhello' },
  { title: 'chunks', response: `${chunked}6\r\nhello \r\n6\r\nworld\n\r\n0\r\n\r\n` },
  { title: 'chunks with extensions and a trailer', response: `${chunked}5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n` },
  { title: 'chunks that are none', response: `${chunked}hello` },
  { title: '204', response: 'HTTP/1.1 204 No Content\r\n\r\n' },
  { title: '304 with the length of what it does not send', response: 'HTTP/1.1 304 Not\r\nContent-Length: 0\r\n\r\n' },
  { title: 'an empty body with its length', response: `${ok}Content-Length: 0\r\n\r\n` },
  { title: 'an empty body without a length', response: `${ok}\r\n` },
  { title: '302', response: 'HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 5\r\n\r\nmoved' },
  { title: '404', response: 'HTTP/1.1 404 Not Found\r\nContent-Length: 7\r\n\r\nno such' },
  { title: '500', response: 'HTTP/1.1 500 Broken\r\n\r\nbroken' },
  { title: '16 bytes, a line of the dump', response: `${ok}\r\n0123456789abcdef` },
  { title: 'every byte', response: `${ok}\r\n${everyByte}` },
  { title: 'a header with a zero byte and other than ASCII', response: `${ok}X: a\0b\r\nY: \xe9\r\n\r\nhello` },
  { title: 'other than ASCII in the header', response: `${ok}Y: \xe9\xff\r\n\r\nhello` },
  { title: 'a header of nearly 4095 bytes', response: `${ok}X: ${'y'.repeat(4000)}\r\n\r\nhello` },
  { title: 'a body of several reads', response: `${ok}\r\n${long}` },
  { title: 'a body of several reads with its length', response: `${ok}Content-Length: 20000\r\n\r\n${long}` },
  { title: 'more than the length', response: `${ok}Content-Length: 5\r\n\r\nhello world\n` },
  { title: 'more than the length, over several reads', response: `${ok}Content-Length: 5000\r\n\r\n${long}` },
  { title: 'a length in lower case', response: `${ok}content-length: 5\r\n\r\nhello` },
  { title: 'a length that is no number', response: `${ok}Content-Length: 5x\r\n\r\nhello` },
  { title: 'less than the length', response: `${ok}Content-Length: 500\r\n\r\nhello world\n`, cut: true },
  { title: 'chunks without the last', response: `${chunked}5\r\nhello\r\n`, cut: true },
  { title: 'the header well before the body', response: `${ok}\r\nhello`, first: ok.length + 2 },
  { title: 'a status line well before the rest', response: `${ok}\r\nhello`, first: ok.length },
  { title: 'half of a body well before the rest', response: `${ok}\r\nhello`, first: ok.length + 4 },
  { title: 'half of a chunk well before the rest', response: `${chunked}5\r\nhello\r\n0\r\n\r\n`, first: 55 },
  { title: '-P 1.0', response: `${ok}\r\nhello`, options: ['-P', '1.0'] },
  { title: '-P 1.0C', response: `${ok}\r\nhello`, options: ['-P', '1.0C'] },
  { title: '-P 1.0c', response: `${ok}\r\nhello`, options: ['--protocol=1.0c'] },
  { title: '-P 1.1', response: `${ok}\r\nhello`, options: ['--protocol', '1.1'] },
  { title: '-V', response: `${ok}\r\nhello`, options: ['-V', 'www.example.org'] },
  { title: '-t and -m 0', response: `${ok}\r\nhello`, options: ['-t5', '--fwmark=0'] },
  { title: 'the last of several -u', response: `${ok}\r\nhello`, options: ['--url', '/other?a=b&c=%20'] },
  { title: 'TLS', response: `${ok}\r\nhello world\n`, options: ['-S'], tls: true },
  { title: 'TLS, -V without -I', response: `${ok}\r\nhello`, options: ['-S', '-V', 'www.example.org'], tls: true },
  { title: 'TLS, -V with -I', response: `${ok}\r\nhello`, options: ['-SIV', 'www.example.org'], tls: true },
  { title: 'TLS, -I without -V', response: `${ok}\r\nhello`, options: ['--use-ssl', '--use-sni'], tls: true },
  { title: 'TLS, chunks', response: `${chunked}5\r\nhello\r\n0\r\n\r\n`, options: ['-S', '-P', '1.1'], tls: true },
  { title: 'TLS, 204', response: 'HTTP/1.1 204 No Content\r\n\r\n', options: ['-S'], tls: true },
  { title: 'TLS, a body of several records', response: `${ok}\r\n${long}`, options: ['-S'], tls: true },
];

/** The same over IPv6: the Host header has brackets. */
const overIpv6: readonly Answer[] = [
  { title: 'IPv6', response: `${ok}\r\nhello`, host: '::1' },
  { title: 'IPv6, TLS', response: `${ok}\r\nhello`, host: '::1', options: ['-S'], tls: true },
  { title: 'IPv6, -V', response: `${ok}\r\nhello`, host: '::1', options: ['-V', 'www.example.org'] },
];

const count = { runs: 0, equal: 0 };

if (existsSync(genhash)) {
  if (!hasIpv6) console.log('\n  skipped: IPv6, for this host has no ::1');
  for (const answer of hasIpv6 ? [...same, ...overIpv6] : same) {
    for (const form of ['plain', 'verbose'] as const) {
      test(`${answer.title} (${form})`, async () => {
        count.runs++;
        const { theirs, ours } = await askTwice(answer, form === 'verbose' ? ['-v'] : []);
        assert.is(ours.stdout, theirs.stdout);
        assert.is(ours.request, theirs.request);
        assert.is(ours.serverName, theirs.serverName);
        assert.equal([theirs.exit, theirs.stderr], [0, '']);
        assert.is(ours.exit, answer.cut ? 1 : 0);
        assert.match(ours.stderr, answer.cut ? /^genhash: .*: body cut after .*\n$/ : /^$/);
        count.equal++;
      });
    }
  }
  test('all runs were equal', () => {
    console.log(`\n  genhash and the scripted server: ${count.runs} runs, ${count.equal} equal`);
    assert.is(count.equal, count.runs);
  });
  testDepartures();
} else {
  test('the genhash of keepalived is needed', () => {
    console.log(`\n  skipped: ${genhash} is not there (Debian: keepalived)`);
  });
}

/** Where ours prints another thing, on purpose: docs/differences.md. */
function testDepartures(): void {
  const header = `HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n`;
  const hello = '5d41402abc4b2a76b9719d911017c592\n';

  test('a failure goes to standard error with exit code 1, not to standard output with 0', async () => {
    const words = ['-s', '127.0.0.1', '-p', String(await findClosedPort()), '-u', '/'];
    assert.equal(await runTheirs(words), { exit: 0, stdout: 'Connection failed\n', stderr: '' });
    const { exit, stdout, stderr } = await runOurs(words);
    assert.equal([exit, stdout], [1, '']);
    assert.match(stderr, /: connection refused\n$/);
  });

  test('no answer makes the exit code 1', async () => {
    const { theirs, ours } = await askTwice({ title: '', response: '' });
    assert.equal([theirs.exit, theirs.stdout, theirs.stderr], [0, '', 'no data received from remote webserver\n']);
    assert.equal([ours.exit, ours.stdout], [1, '']);
    assert.match(ours.stderr, /: closed without a complete header\n$/);
  });

  test('an answer is over with its length, also when the server keeps the connection open', async () => {
    const answer: Answer = { title: '', response: `${header}hello`, options: ['-t', '1'], end: 'open' };
    const { theirs, ours } = await askTwice(answer);
    assert.equal([theirs.exit, theirs.stdout], [0, 'Timeout HTTP read\n']);
    assert.equal([ours.exit, ours.stdout], [0, hello]);
  });

  test('-t limits the wait for an answer that does not come, in both', async () => {
    const silent: Answer = { title: '', response: ok, options: ['-t', '1'], end: 'open' };
    const { theirs, ours } = await askTwice(silent);
    assert.equal([theirs.exit, theirs.stdout], [0, 'Timeout HTTP read\n']);
    assert.equal([ours.exit, ours.stdout], [1, '']);
    assert.match(ours.stderr, /: no complete answer within 1 s\n$/);
  });

  test('headers that HTTP_GET reads here and not in keepalived', async () => {
    for (const response of ['HTTP/1.0 200 OK\n\nhello', `${ok}X: ${'y'.repeat(5000)}\r\n\r\nhello`]) {
      const { theirs, ours } = await askTwice({ title: '', response });
      assert.equal([theirs.exit, theirs.stdout, theirs.stderr], [0, '', 'no data received from remote webserver\n']);
      assert.equal([ours.exit, ours.stdout], [0, hello]);
    }
    const lowerCase = await askTwice({ title: '', response: `${header.toLowerCase()}hello world` });
    assert.is(lowerCase.theirs.stdout, '5eb63bbbe01eeed093cb22bb8f5acdc3\n');
    assert.is(lowerCase.ours.stdout, hello);
    const interim = await askTwice({ title: '', response: `HTTP/1.1 100 Continue\r\n\r\n${header}hello` });
    assert.is.not(interim.theirs.stdout, hello);
    assert.is(interim.ours.stdout, hello);
  });

  test('an answer that HTTP_GET cannot read has no digest', async () => {
    for (const response of ['SSH-2.0-x\r\n\r\nhello', `${header.trimEnd()}\r\nContent-Length: 6\r\n\r\nhello`]) {
      const { theirs, ours } = await askTwice({ title: '', response });
      assert.equal([theirs.exit, theirs.stdout], [0, hello]);
      assert.equal([ours.exit, ours.stdout], [1, '']);
    }
  });

  test('over TLS a close without close_notify has the same digest, and here with its dump', async () => {
    const answer: Answer = { title: '', response: `${ok}\r\nhello`, options: ['-S'], tls: true, end: 'bare' };
    const plain = await askTwice(answer);
    assert.equal([plain.theirs.stdout, plain.ours.stdout], [hello, hello]);
    const { theirs, ours } = await askTwice(answer, ['-v']);
    assert.match(theirs.stdout, `hello           \n${hello}`);
    assert.match(ours.stdout, `]-----------------------\n${hello}`);
  });

  test('the name of a host is refused there and resolved here', async () => {
    const server = await startFaultServer(socket => void socket.end(`${header}hello`));
    try {
      const words = ['-p', String(server.port), '-u', '/'];
      const theirs = await runTheirs(['-s', 'localhost', ...words]);
      assert.equal([theirs.exit, theirs.stdout], [1, '']);
      assert.match(theirs.stderr, 'server should be an IP, not localhost');
      assert.equal(await runOurs(['-s', 'localhost', ...words]), { exit: 0, stdout: hello, stderr: '' });
    } finally {
      await server.close();
    }
  });

  test('what is no address, a shortened option and a timeout out of range are taken there and refused here', async () => {
    const server = await startFaultServer(socket => void socket.end(`${header}hello`));
    try {
      const where = ['-p', String(server.port), '-u', '/'];
      for (const words of [
        ['-s', '127.0.0.1/24', ...where],
        ['-s', '127.0.0.1-5', ...where],
        ['--serv', '127.0.0.1', ...where],
        ['-s', '127.0.0.1', ...where, '-t', '4300'],
      ]) {
        const [theirs, ours] = [await runTheirs(words), await runOurs(words)];
        assert.equal(theirs, { exit: 0, stdout: hello, stderr: '' }, words.join(' '));
        assert.equal([ours.exit, ours.stdout], [1, ''], words.join(' '));
      }
      const atOnce = ['-s', '127.0.0.1', ...where, '-t', '0'];
      assert.match((await runTheirs(atOnce)).stdout, /^Timeout /);
      assert.is((await runOurs(atOnce)).exit, 1);
    } finally {
      await server.close();
    }
  });

  test('a reset behind a body without a length leaves its digest', async () => {
    const { theirs, ours } = await askTwice({ title: '', response: `${ok}\r\nhello`, end: 'reset' });
    assert.equal([theirs.exit, theirs.stdout, theirs.stderr], [0, 'Read error with\n', '']);
    assert.equal([ours.exit, ours.stdout], [0, hello]);
  });

  test('with -v no header has the dump of a digest there and none here', async () => {
    const { theirs, ours } = await askTwice({ title: '', response: 'HTTP/1.1 200 OK\r\n' }, ['-v']);
    assert.match(theirs.stdout, 'HTML hash resulting');
    assert.not.match(ours.stdout, 'HTML hash');
  });

  test('-H and --config are ours', async () => {
    for (const words of [
      ['-s', '127.0.0.1', '-p', '80', '-u', '/', '-H', 'sha256'],
      ['--config', 'none.conf'],
    ]) {
      const { exit, stdout, stderr } = await runTheirs(words);
      assert.equal([exit, stdout], [1, '']);
      assert.is.not(stderr, '');
    }
  });

  test('both refuse the same command lines with exit code 1', async () => {
    const whole = ['-s', '127.0.0.1', '-p', '80', '-u', '/'];
    for (const words of [
      ['-s', '127.0.0.1', '-p', '0', '-u', '/'],
      ['-s', '127.0.0.1', '-p', '65536', '-u', '/'],
      ['-s', '127.0.0.1', '-p', 'http', '-u', '/'],
      ['-s', '127.0.0.1', '-p', '80'],
      ['-s', '127.0.0.1', '-u', '/'],
      ['-p', '80', '-u', '/'],
      [...whole, '-P', '2'],
      [...whole, '-t', 'soon'],
      [...whole, '-m', 'x'],
      [...whole, '-x'],
      [...whole, 'stray'],
      [...whole, '-V'],
    ]) {
      for (const { exit, stdout, stderr } of [await runTheirs(words), await runOurs(words)]) {
        assert.equal([exit, stdout], [1, ''], words.join(' '));
        assert.is.not(stderr, '');
      }
    }
  });

  test('help is asked for, and so goes to standard output with exit code 0', async () => {
    const theirs = await runTheirs(['-h', '-v']);
    assert.equal([theirs.exit, theirs.stdout], [1, '']);
    const ours = await runOurs(['-h', '-v']);
    assert.equal([ours.exit, ours.stderr], [0, '']);
  });
}

/** Asks the same server with both. */
async function askTwice(answer: Answer, more: readonly string[] = []): Promise<{ theirs: Run; ours: Run }> {
  return { theirs: await ask(answer, more, runTheirs), ours: await ask(answer, more, runOurs) };
}

/** A fixed port would clash, and the request names it: the port is taken out of what was sent. */
async function ask(
  { response, options = [], tls, host = '127.0.0.1', end, first = 0 }: Answer,
  more: readonly string[],
  run: (words: readonly string[]) => Promise<Output>,
): Promise<Run> {
  let serverName = '';
  const server = await startFaultServer(
    (socket: Socket) => {
      if (socket instanceof TLSSocket) serverName = String(socket.servername);
      let request = '';
      socket.on('data', bytes => {
        request += bytes.toString('latin1');
        if (!request.endsWith('\r\n\r\n')) return;
        const [head, rest] = [response.slice(0, first), response.slice(first)];
        if (head !== '') socket.write(head, 'latin1');
        setTimeout(
          () => {
            if (end === 'open') socket.write(rest, 'latin1');
            else if (end === 'reset')
              socket.write(rest, 'latin1', () => setTimeout(() => socket.resetAndDestroy(), 100));
            else if (end === 'bare') socket.write(rest, 'latin1', () => socket.destroy());
            else socket.end(rest, 'latin1');
          },
          head === '' ? 0 : 100,
        );
      });
    },
    tls,
    host,
  );
  try {
    const printed = await run(['-s', host, '-p', String(server.port), '-u', '/a/path', ...options, ...more]);
    const request = server.received().replace(`:${server.port}`, ':PORT');
    return { ...printed, request, serverName };
  } finally {
    await server.close();
  }
}

test.run();
