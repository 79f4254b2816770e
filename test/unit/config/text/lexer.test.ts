import * as assert from 'uvu/assert';
import { cutWords, type SourceLine, splitBraces, stripLine } from '../../../../src/config/text/lexer.ts';
import { suite } from '../../../support/suite.ts';
import { linesOf } from '../read-text.ts';

const test = suite('config/lexer');
const line = (text: string): SourceLine => ({ file: 'f', line: 1, text, offset: 0, columns: null });
const strip = (text: string) => stripLine(line(text)).line.text;
const words = (text: string) => cutWords(stripLine(line(text)).line).map(word => word.text);
const pieces = (text: string) => splitBraces(line(text)).map(piece => piece.line.text);

test('lines end with a line feed, and carriage returns before it do not count', () => {
  assert.equal(
    linesOf('a\r\n\r\nb').map(each => each.text),
    ['a', '', 'b'],
  );
  assert.equal(linesOf('a\nb\n').length, 2);
});
test('# and ! start a comment anywhere outside of double quotes', () => {
  assert.is(strip('lb_algo rr # x'), 'lb_algo rr');
  assert.is(strip('! all of it'), '');
  assert.is(strip('path /a#b'), 'path /a');
  assert.is(strip('virtualhost a!b'), 'virtualhost a');
  assert.is(strip('path "/a#b!" # c'), 'path "/a#b!"');
  assert.is(strip(`misc_path '/bin/true a#b'`), `misc_path '/bin/true a`);
});
test('a backslash takes the meaning from a comment sign and is dropped', () => {
  assert.is(strip('path /a\\#b\\!'), 'path /a#b!');
  assert.is(strip('regex "a\\#b"'), 'regex "a\\#b"');
  assert.is(strip('a \\" # c'), 'a \\"');
});
test('a comment sign right behind a word is told apart from one behind a blank or a brace', () => {
  assert.ok(stripLine(line('path /a#b')).cutsWord);
  assert.is(stripLine(line('path /a #b')).cutsWord, null);
  assert.is(stripLine(line('TCP_CHECK {# x')).cutsWord, null);
  assert.ok(stripLine(line('@checkalived expect_header Server !nginx')).cutsWord);
  assert.is(stripLine(line('regex OK ! a comment')).cutsWord, null);
  assert.is(stripLine(line('path / !a comment')).cutsWord, null);
});
test('an unclosed quotation mark drops the rest of the line and is reported where it stands', () => {
  const stripped = stripLine(line('notify_up "/bin/true # x'));
  assert.is(stripped.line.text, 'notify_up');
  assert.is(stripped.unterminated?.column, 11);
});
test('a backslash at the end marks the line as continued, in a comment too', () => {
  assert.equal(
    [
      stripLine(line('a b \\')).continued,
      stripLine(line('a b \\')).line.text,
      stripLine(line('a # b \\')).commentContinues,
    ],
    [true, 'a b', true],
  );
});
test('words are separated by blanks and by quotation marks', () => {
  assert.equal(words('virtualhost abc"def" ""'), ['virtualhost', 'abc', 'def', '']);
  assert.equal(words('weight " 3"'), ['weight', ' 3']);
  assert.equal(words('a\tb\fc\vd'), ['a', 'b', 'c', 'd']);
  assert.equal(words('path "/a {b} c"'), ['path', '/a {b} c']);
  assert.equal(words('lb_algo\u00a0rr'), ['lb_algo\u00a0rr']);
});
test('braces outside of quotation marks are pieces of their own', () => {
  assert.equal(pieces('real_server 10.0.0.2 80{'), ['real_server 10.0.0.2 80', '{']);
  assert.equal(pieces('TCP_CHECK { connect_timeout 3 } weight 3'), [
    'TCP_CHECK',
    '{',
    'connect_timeout 3',
    '}',
    'weight 3',
  ]);
  assert.equal(pieces('}}'), ['}', '}']);
  assert.equal(pieces('\r}'), ['}']);
  assert.equal(pieces('path "/a{b}"'), ['path "/a{b}"']);
  assert.equal(pieces('path /a{b}c'), ['path /a', '{', 'b', '}', 'c']);
});
test('the braces of an undefined variable split nothing', () => {
  assert.equal(pieces(`real_server \${IP} 80 {`), [`real_server \${IP} 80`, '{']);
});
test('spans count from 1 in the line as it stands in the file', () => {
  const [, second] = cutWords(stripLine(line('  weight  \\#12')).line);
  assert.equal(
    { text: second?.text, span: second?.span },
    { text: '#12', span: { file: 'f', line: 1, column: 12, length: 3 } },
  );
});

test.run();
