import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.ts';
import { readText, realServer } from './read-text.ts';

const test = suite('config/silent');
/** `code line:column +length hint?` of what keepalived says nothing about. */
function told(text: string): readonly string[] {
  return readText(text)
    .diagnostics.filter(({ keepalived }) => !keepalived)
    .map(
      ({ code, line, column, length, hint }) => `${code} ${line}:${column}+${length}${hint === '' ? ' no hint' : ''}`,
    );
}
const check = (line: string, virtualLines = '') => realServer(`TCP_CHECK {\n${line}\n}`, virtualLines);

test('words behind the arguments are ignored, another keyword among them', () => {
  assert.equal(told(check('connect_port 80 connect_timeout 3')), ['surplus-words 8:17+15']);
  assert.equal(told(check('retry 3', 'lb_algo wlc foo')), ['surplus-words 5:13+3']);
});
test('a comment sign cuts a word, but for a backslash or quotation marks', () => {
  assert.equal(told(check('retry 3', 'virtualhost a#b')), ['comment-cuts-word 5:14+2']);
  assert.equal(told(check('retry 3', 'virtualhost www!x # y')), ['comment-cuts-word 5:16+6']);
  assert.equal(told(check('retry 3', 'virtualhost "a#b"')), []);
  assert.equal(told(check('retry 3', 'virtualhost a\\#b')), []);
  assert.equal(told(check('retry 3', 'virtualhost ab # c')), []);
});
test('a comment sign that cuts a pattern, or that a pattern begins with, is a warning', () => {
  const warned = (line: string) =>
    readText(realServer(`HTTP_GET {\nurl {\npath /\n${line}\n}\n}`))
      .diagnostics.filter(({ severity, line: at }) => severity === 'warning' && at === 10)
      .map(({ code }) => code);
  assert.equal(warned('regex abc!def'), ['comment-cuts-word']);
  assert.equal(warned('regex abc#def'), ['comment-cuts-word']);
  assert.equal(warned('@checkalived expect_header Server !nginx'), ['comment-cuts-word']);
  assert.equal(warned('regex "abc!def"'), []);
  assert.equal(warned('regex abc\\!def'), []);
  assert.equal(warned('regex abc #def'), []);
});
test('a regex that is not one word, or is one of several, is a warning: the check is another one than was meant', () => {
  const warned = (...lines: string[]) =>
    readText(realServer(`HTTP_GET {\nurl {\npath /\n${lines.join('\n')}\n}\n}`))
      .diagnostics.filter(({ severity }) => severity === 'warning')
      .map(({ code, message }) => `${code}: ${message}`);
  assert.equal(warned('regex database: *ok'), [
    'ignored-value: This regex is ignored, and nothing is searched: it is not one word.',
  ]);
  assert.equal(warned('regex a', 'regex b'), ['repeated-keyword: regex stands here a second time.']);
});
test('a path of JSONPath or jq is an error, for nothing would ever be found there', () => {
  const faults = (path: string) =>
    readText(realServer(`HTTP_GET {\nurl {\npath /\n@checkalived expect_json ${path} ok\n}\n}`))
      .diagnostics.filter(({ severity }) => severity === 'error')
      .map(({ code }) => code);
  for (const path of ['$.status', '.status', 'checks[0].status', '$[0]', 'a[].b'])
    assert.equal(faults(path), ['bad-value'], path);
  for (const path of ['status', 'checks.0.status', 'a.$ref']) assert.equal(faults(path), [], path);
});
test('a flag is on, whatever stands behind it', () => {
  assert.equal(told(check('retry 3', 'alpha off')), ['flag-argument 5:7+3']);
  assert.equal(told(check('retry 3', 'omega no\nops')), ['flag-argument 5:7+2']);
  assert.equal(readText(check('retry 3', 'alpha off')).config.virtualServers[0]?.alpha, true);
});
test('a byte order mark is told at the first column, and read over', () => {
  const { diagnostics, config } = readText(`\uFEFF${check('retry 3')}`);
  assert.equal(
    diagnostics.map(({ code, line, column, keepalived }) => [code, line, column, keepalived]),
    [['byte-order-mark', 1, 1, true]],
  );
  assert.is(config.virtualServers.length, 1);
});

test.run();
