// The genhash of keepalived and ours ask the same nginx; needs /usr/bin/genhash and /usr/sbin/nginx (Debian: keepalived,
// nginx-light). These are the cases K01 (what is served, its digest, 500 times) and K02 (the options) of keepalived's own tests.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { genhash, hasIpv6, type Output, runOurs, runTheirs } from './genhash-programs.ts';
import { type Nginx, nginx, startNginx } from './nginx.ts';

const test = suite('differential/genhash-nginx', 120_000);

const everyByte = String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte));
const files = {
  'hello.txt': 'hello world\n',
  'empty.txt': '',
  'line.txt': '0123456789abcdef',
  'bytes.bin': everyByte,
  'page.html': '<html>\r\n<body>ž</body>\r\n</html>\r\n',
  'pressed.txt': 'the same again '.repeat(200),
  'large.txt': 'x'.repeat(20_000),
  // Its length is not known beforehand: chunks in HTTP/1.1, up to the end of the connection in 1.0.
  'parts.shtml': 'one <!--# echo var="request_method" --> two\n',
};
const locations = `
  location /nothing { return 204; }
  location /moved { return 302 /hello.txt; }
  location /gone { return 410 "no longer\\n"; }
  location /broken { return 500; }
  location /parts.shtml { ssi on; ssi_types text/plain; }
  location /names { return 200 "$host $ssl_server_name $scheme\\n"; }`;
const answers = ['/nothing', '/moved', '/gone', '/broken', '/none', '/names', '/hello.txt?a=b&c=%20'];

/** How a server is asked. */
const ways = {
  plain: { host: '127.0.0.1', options: [] },
  IPv6: { host: '::1', options: [] },
  TLS: { host: '127.0.0.1', options: ['-S'] },
  'TLS over IPv6': { host: '::1', options: ['-S'] },
  'TLS with SNI over IPv6': { host: '::1', options: ['-S', '-I', '-V', 'www.example.org'] },
  'TLS with SNI': { host: '127.0.0.1', options: ['-S', '-I', '-V', 'www.example.org'] },
} as const;
type Way = keyof typeof ways;
const protocols = ['1.0', '1.0C', '1.1'] as const;
const forms = [[], ['-v']] as const;

let server: Nginx;
const count = { runs: 0, equal: 0 };

/** Both programs' output for the same command line; verbose output has the server's clock in it, and so must be of the same second. */
async function runBoth(words: readonly string[]): Promise<{ readonly theirs: Output; readonly ours: Output }> {
  for (let left = 5; ; left--) {
    const theirs = await runTheirs(words);
    const ours = await runOurs(words);
    if (left === 0 || dateOf(theirs) === dateOf(ours)) return { theirs, ours };
  }
}

function dateOf({ stdout }: Output): string | undefined {
  return /^Date: .*$/m.exec(stdout)?.[0];
}

/** One run of each: the same on standard output and error, and the same exit code. */
async function expectEqual(words: readonly string[]): Promise<Output> {
  const { theirs, ours } = await runBoth(words);
  count.runs++;
  assert.equal(ours, theirs, words.join(' '));
  assert.equal([theirs.exit, theirs.stderr], [0, ''], words.join(' '));
  count.equal++;
  return ours;
}

function wordsFor(way: Way, path: string, more: readonly string[]): string[] {
  const { host, options } = ways[way];
  const port = way.startsWith('TLS') ? server.tls : server.plain;
  return ['-s', host, '-p', String(port), '-u', path, ...options, ...more];
}

function testEqual(): void {
  test.before(async () => {
    server = await startNginx(files, locations, hasIpv6);
  });
  test.after(() => server.close());
  const asked = (Object.keys(ways) as Way[]).filter(way => hasIpv6 || ways[way].host !== '::1');

  for (const way of asked) {
    for (const name of Object.keys(files)) {
      test(`K01: ${name}, ${way}, has the digest of md5sum`, async () => {
        const expected = execFileSync('md5sum', [server.fileOf(name)], { encoding: 'latin1' }).slice(0, 32);
        for (const protocol of protocols) {
          for (const form of forms) {
            const { stdout } = await expectEqual(wordsFor(way, `/${name}`, ['-P', protocol, ...form]));
            // What is chunked or made by the server is not the file.
            if (name !== 'parts.shtml') assert.match(stdout, `${expected}\n`);
          }
        }
      });
    }
    for (const path of answers) {
      test(`K01: ${path}, ${way}, is the same`, async () => {
        for (const protocol of protocols) {
          for (const form of forms) await expectEqual(wordsFor(way, path, ['-P', protocol, ...form]));
        }
      });
    }
  }

  test('what nginx chunks is digested with its chunks, and only by HTTP/1.1', async () => {
    const body = 'one GET two\n';
    const old = await expectEqual(wordsFor('plain', '/parts.shtml', []));
    assert.is(old.stdout, `${md5(body)}\n`);
    const chunked = await expectEqual(wordsFor('plain', '/parts.shtml', ['-P', '1.1', '-v']));
    assert.match(chunked.stdout, 'Transfer-Encoding: chunked');
    assert.not.match(chunked.stdout, md5(body));
  });

  test('nginx compresses nothing, for nobody asks', async () => {
    const { stdout } = await expectEqual(wordsFor('plain', '/pressed.txt', ['-P', '1.1', '-v']));
    assert.not.match(stdout, 'Content-Encoding');
  });

  test('Host and SNI arrive', async () => {
    for (const [way, more, answer] of [
      ['plain', [], '127.0.0.1  http'],
      ['plain', ['-V', 'www.example.org'], 'www.example.org  http'],
      ['TLS', ['-V', 'www.example.org'], 'www.example.org  https'],
      ['TLS with SNI', [], 'www.example.org www.example.org https'],
    ] as const) {
      assert.is((await expectEqual(wordsFor(way, '/names', more))).stdout, `${md5(`${answer}\n`)}\n`, answer);
    }
  });

  test('K02: every option, short, long and together', async () => {
    const { plain, tls } = server;
    const where = (port: number): string[] => [`--server=127.0.0.1`, '--port', `${port}`, '--url', '/names'];
    for (const words of [
      ['-s127.0.0.1', `-p${plain}`, '-u/names'],
      where(plain),
      [...where(plain), '-v'],
      [...where(plain), '--verbose'],
      [...where(plain), '-V', 'a.example'],
      [...where(plain), '--use-virtualhost=a.example'],
      [...where(plain), '-P', '1.0'],
      [...where(plain), '--protocol', '1.0c'],
      [...where(plain), '--protocol=1.0C'],
      [...where(plain), '-t', '3'],
      [...where(plain), '--timeout=3'],
      [...where(plain), '-m', '0'],
      [...where(plain), '--fwmark', '7'],
      [...where(tls), '-S'],
      [...where(tls), '--use-ssl'],
      [...where(tls), '-SI', '-V', 'a.example'],
      [...where(tls), '-SIvV', 'a.example'],
      [...where(tls), '--use-ssl', '--use-sni', '--use-virtualhost', 'a.example', '--verbose'],
      [...where(tls), '-SIvVa.example', '-P1.1', '-t3', '-m0'],
    ]) {
      await expectEqual(words);
    }
  });

  test('K02: a failure makes the exit code 1 here and 0 there', async () => {
    // Plain HTTP has no TLS handshake to offer.
    const words = ['-s', '127.0.0.1', '-p', String(server.plain), '-u', '/hello.txt', '-S'];
    const { theirs, ours } = await runBoth(words);
    assert.is(theirs.exit, 0);
    assert.not.match(theirs.stdout, /^[0-9a-f]{32}\n$/);
    assert.equal([ours.exit, ours.stdout], [1, '']);
    assert.match(ours.stderr, /^genhash: 127\.0\.0\.1:\d+: .*\n$/);
  });

  test('all runs were equal', () => {
    console.log(`\n  genhash and nginx: ${count.runs} runs, ${count.equal} equal`);
    assert.is(count.equal, count.runs);
    if (hasIpv6) assert.ok(count.runs >= 500, `${count.runs} runs`);
    else console.log('  without those over IPv6, for this host has no ::1');
  });
}

function md5(text: string): string {
  return createHash('md5').update(text, 'latin1').digest('hex');
}

const missing = [genhash, nginx].filter(program => !existsSync(program));
if (missing.length === 0) testEqual();
else {
  test('the genhash of keepalived and nginx are needed', () => {
    console.log(`\n  skipped: ${missing.join(' and ')} not there (Debian: keepalived, nginx-light)`);
  });
}

test.run();
