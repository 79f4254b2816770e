import * as assert from 'uvu/assert';
import { suite } from '../../../support/suite.ts';
import { readText, realServer } from '../read-text.ts';

const test = suite('config/strange-blanks');
/** `code line:column` of each, for a check with this line. */
const faults = (line: string) =>
  readText(realServer(`TCP_CHECK {\n${line}\n}`)).diagnostics.map(each => `${each.code} ${each.line}:${each.column}`);

test('a no-break space as indentation is told with its column, beside what comes of it', () => {
  assert.equal(faults('\u00a0connect_timeout 3'), ['strange-blank 8:1', 'unknown-keyword 8:1']);
  assert.equal(faults('  \u00a0 connect_timeout 3'), ['strange-blank 8:3', 'unknown-keyword 8:3']);
});
test('within a line it glues words together', () => {
  assert.equal(faults('connect_timeout\u00a03'), ['strange-blank 8:16', 'unknown-keyword 8:1']);
});
test('beside a number it spoils the number, as for keepalived', () => {
  assert.equal(faults('connect_timeout 3\u00a0'), ['strange-blank 8:18', 'bad-value 8:17']);
  assert.equal(faults('connect_timeout \u00a03'), ['strange-blank 8:17', 'bad-value 8:17']);
  assert.equal(faults('connect_port 80\u00a0'), ['strange-blank 8:16', 'out-of-range 8:14']);
  assert.equal(faults('retry 3\u00a0'), ['strange-blank 8:8', 'bad-value 8:7']);
});
test('each line is told once, by the name of its first one', () => {
  const message = (line: string) => readText(realServer(`TCP_CHECK {\n${line}\n}`)).diagnostics[0]?.message ?? '';
  assert.match(message('\u3000\u00a0retry 3'), 'There is a full-width space at the beginning of this line');
  assert.match(message('retry\u200b 3'), 'There is a zero-width space in this line');
  assert.match(message('retry \ufeff3'), 'There is a byte order mark in this line');
});
test('comments and quotation marks may have them', () => {
  assert.equal(faults('retry 3 # it is\u00a0fine'), []);
  assert.equal(readText('global_defs {\nrouter_id "a\u00a0b"\n}\n').config.globals.routerId, 'a\u00a0b');
  assert.equal(readText('global_defs {\nrouter_id "a\u00a0b"\n}\n').diagnostics, []);
});

test.run();
