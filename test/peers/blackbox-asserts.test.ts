// blackbox_exporter's prober tests for what is in an answer and in a request, in our words.
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import * as assert from 'uvu/assert';
import { testCertificate } from '../../testing/test-certificate.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { block, configFor, httpGet, runCheck, withFile } from '../support/black-box.ts';
import { describeVerdict, type PeerCase, tellCases } from '../support/peer-cases.ts';
import { type Script, withServer } from '../support/scripted-server.ts';
import { suite } from '../support/suite.ts';

const test = suite('peers: blackbox asserts');

type Row = readonly [title: string, server: Script, words: readonly string[], verdict: string];
const says = (body: string): Script => ({ urls: { '/': body } });
const shows = (...headers: readonly string[]): Script => ({ urls: { '/': { headers } } });

const trouble = says('Bad news: could not connect to database server');
const download = says('Download here.\nCopyright somebody');
const noTrouble = ['regex "could not connect to database"', 'regex_no_match'];
const neither = ['regex "could not connect|stack trace"', 'regex_no_match'];
const both = ['regex "^(?=.*Download)(?=.*Copyright)"', 'regex_options dotall'];
const notEnglish = ['refuse_header Content-Language ^en$'];
const english = ['expect_header Content-Language ^en$'];
const german = shows('content-language: de');

const rows: readonly Row[] = [
  ['B07 a text that must not be there and is', trouble, noTrouble, 'down body'],
  ['B07 a text that must not be there and is not', says('all is well'), noTrouble, 'up'],
  ['B07 one of two that must not be there', trouble, neither, 'down body'],
  ['B07 none of two that must not be there', says('all is well'), neither, 'up'],
  ['B08 a text that must be there and is not', says('nothing'), ['regex Download'], 'down body'],
  ['B08 a text that must be there and is', download, ['regex Download'], 'up'],
  ['B08 one of two that must be there', says('Download here.'), both, 'down body'],
  ['B08 both of two that must be there', download, both, 'up'],
  ['B09 a header that must not be so and is', shows('Content-Language: en'), notEnglish, 'down body'],
  ['B09 a header that must not be so and is otherwise', german, notEnglish, 'up'],
  [
    'B09 a header that must not be so, its name in another case',
    shows('CONTENT-LANGUAGE: en'),
    notEnglish,
    'down body',
  ],
  ['B09 an empty header that must not be at all', shows('X-Odd:'), ['refuse_header X-Odd .*'], 'down body'],
  ['B09 a header that must not be so and is missing', shows(), notEnglish, 'up'],
  ['B09 the same, but missing is not allowed', shows(), [...notEnglish, 'expect_header Content-Language'], 'down body'],
  [
    'B09 one of several cookies that must not be',
    shows('Set-Cookie: a=1', 'Set-Cookie: debug=1'),
    ['refuse_header Set-Cookie ^debug='],
    'down body',
  ],
  ['B10 a header that must be so and is', shows('content-language: en'), english, 'up'],
  ['B10 a header that must be so and is otherwise', german, english, 'down body'],
  ['B10 an empty header that must be there', shows('X-Odd:'), ['expect_header X-Odd .*'], 'up'],
  ['B10 a header that must be so and is missing', shows(), english, 'down body'],
  ['B10 the same, but it may be missing', shows(), ['refuse_header Content-Language "^(?!en$)"'], 'up'],
  [
    'B10 one of several cookies that must be',
    shows('Set-Cookie: a=1', 'Set-Cookie: session=1'),
    ['expect_header Set-Cookie ^session='],
    'up',
  ],
  [
    'B11 a value in JSON that is as expected',
    says('{"database":{"state":"up"}}'),
    ['expect_json database.state up'],
    'up',
  ],
  [
    'B11 a value in JSON that is not',
    says('{"database":{"state":"x"}}'),
    ['expect_json database.state up'],
    'down body',
  ],
  ['B11 a body that is no JSON', says('<html>'), ['expect_json database.state up'], 'down body'],
];
tellCases(
  test,
  rows.map(
    ([title, server, words, verdict]): PeerCase => ({
      title: `${title}, is ${verdict}`,
      server,
      checker: httpGet('path /', ...words),
      verdict,
    }),
  ),
);

tellCases(test, [
  {
    title: 'B12 user and password go out',
    server: says('in'),
    checker: httpGet('path /', 'header Authorization "Basic dXNlcjpwYXNz"'),
    verdict: 'up',
    heard: /^authorization: Basic dXNlcjpwYXNz\r$/im,
  },
  {
    title: "B12 a token, headers of one's own and another Host go out",
    server: says('in'),
    checker: httpGet(
      'path /',
      'header Authorization "Bearer t0ken"',
      'header X-Mine "a b"',
      'header Host www.example.com',
    ),
    verdict: 'up',
    heard: [/^authorization: Bearer t0ken\r$/im, /^x-mine: a b\r$/im, /^host: www\.example\.com\r$/im],
  },
  {
    title: 'B12 a body is posted with its length',
    server: says('in'),
    checker: httpGet('path /', 'body "a=1&b=2"', 'header Content-Type application/x-www-form-urlencoded'),
    verdict: 'up',
    heard: [/^POST \/ HTTP\/1\.1\r\n/, /^content-length: 7\r$/im, /\r\n\r\na=1&b=2$/],
  },
  {
    title: 'B12 a body of JSON is posted as it is',
    server: says('in'),
    checker: httpGet('path /', 'body "{\\x22a\\x22:1}"', 'header Content-Type application/json'),
    verdict: 'up',
    heard: /\r\n\r\n\{"a":1\}$/,
  },
]);

const zipped = gzipSync('x'.repeat(1000)).toString('latin1');
tellCases(test, [
  {
    title: 'B03 a compressed answer is asked for by a header, and judged as it travels',
    server: { urls: { '/': { headers: ['Content-Encoding: gzip'], body: zipped } } },
    checker: httpGet(
      'path /',
      'header Accept-Encoding gzip',
      `digest ${createHash('md5').update(zipped, 'latin1').digest('hex')}`,
    ),
    verdict: 'up',
    heard: /^accept-encoding: gzip\r$/im,
  },
]);

const overTls: Script = { tls: true, urls: { '/': 'fine' } };
const certified = (...words: readonly string[]): string => block('SSL_GET', ...words, block('url', 'path /'));
tellCases(test, [
  {
    title: 'B13 a certificate that signs itself is refused where certificates count',
    server: overTls,
    checker: certified('verify'),
    verdict: 'down certificate',
    detail: /self-signed/,
  },
  {
    title: 'B13 a certificate that signs itself is taken where they do not',
    server: overTls,
    checker: certified(),
    verdict: 'up',
  },
]);

for (const [title, words, verdict] of [
  ['B13 the name of the certificate as virtualhost', ['virtualhost checkalived.test'], 'up'],
  [
    'B13 the name of the certificate as sni_name, before the virtualhost',
    ['virtualhost x.test', 'sni_name checkalived.test'],
    'up',
  ],
  ['B13 another name', ['virtualhost www.example.com'], 'down certificate'],
  ['B13 an address that the certificate has not', [], 'down certificate'],
] as const) {
  test(`${title}, with its authority known, is ${verdict}`, () =>
    withFile(testCertificate.cert, authority =>
      withServer(overTls, async ({ port }) => {
        const { findings, complaints } = await runCheck(
          configFor(certified('verify', `ca ${authority}`, ...words), port),
        );
        assert.equal(findings.map(describeVerdict), [verdict], findings[0]?.detail ?? complaints);
      }),
    ));
}

test('B19 a certificate that ends soon is a warning, and the check passes', () =>
  withServer(overTls, async ({ port }) => {
    const { findings } = await runCheck(configFor(certified('expiry_warning 36500'), port), undefined, inYears(2));
    assert.equal(findings.map(describeVerdict), ['up']);
    assert.match(findings[0]?.warning ?? '', /2126/);
    const calm = await runCheck(configFor(certified(), port));
    assert.is(calm.findings[0]?.warning, null);
  }));

test('B13 what is said of certificates is refused where there is no TLS', async () => {
  const { exit, complaints } = await runCheck(configFor(block('HTTP_GET', 'verify', block('url', 'path /')), 80));
  assert.is(exit, 3);
  assert.match(complaints, /:7:\d+: error: .*verify/);
});

/** The certificate ends in a hundred years and some months. */
function inYears(years: number): VirtualClock {
  const clock = new VirtualClock();
  const { wall } = clock;
  clock.wall = () => wall.call(clock) + years * 365.25 * 86_400_000;
  return clock;
}

test.run();
