import { Buffer } from 'node:buffer';
import * as assert from 'uvu/assert';
import { bodyLimit, createBodyKeeper } from '../../../checks/http-body.ts';
import { judgeRegex, type RegexSpec } from '../../../checks/http-regex.ts';
import { patterns } from '../../../src/sys/patterns.ts';
import { suite } from '../../support/suite.ts';

const test = suite('http regex');

/** What is said of a body that comes in these pieces; `ok` = nothing. */
function judge(spec: Partial<RegexSpec> & { readonly pattern: string }, ...pieces: readonly string[]): string {
  const keeper = createBodyKeeper();
  for (const piece of pieces) {
    const bytes = Buffer.from(piece, 'latin1');
    keeper.push(bytes);
    // The socket's buffer is used again.
    bytes.fill(0);
  }
  const full = { options: [], wanted: true, from: 0, to: null, ...spec };
  const verdict = judgeRegex(full, keeper.kept(), patterns);
  if (verdict === null) return 'ok';
  return verdict.ok ? 'passed' : `${verdict.reason}: ${verdict.detail}`;
}

test('K04: what is found does not depend on how the body is cut', () => {
  const pattern = 'bar|(?<=12345)X';
  for (const body of ['foo bar', '..12345X..', 'ba12345', '1234X', '']) {
    const whole = judge({ pattern }, body);
    assert.is(whole === 'ok', /bar|12345X/.test(body), body);
    assert.is(judge({ pattern }, ...body), whole, `${body}, byte by byte`);
    for (let at = 0; at <= body.length; at++) {
      assert.is(judge({ pattern }, body.slice(0, at), body.slice(at)), whole, `${body}, cut at ${at}`);
    }
  }
  assert.is(judge({ pattern }, 'ba', 'r'), 'ok');
  assert.is(judge({ pattern }, '1234', '5X'), 'ok');
});

test('B07, B08: a text that must be there, and one that must not', () => {
  const down = 'could not connect to database';
  assert.is(
    judge({ pattern: down, wanted: false }, `<h1>${down}</h1>`),
    `body: regex "could not connect to database" matches at byte 4`,
  );
  assert.is(judge({ pattern: down, wanted: false }, 'fine'), 'ok');
  assert.is(judge({ pattern: 'one|two', wanted: false }, 'x two'), 'body: regex "one|two" matches at byte 2');
  assert.is(judge({ pattern: 'fine' }, 'all fine'), 'ok');
  assert.is(judge({ pattern: 'fine' }, ''), 'body: regex "fine" does not match');
  assert.is(judge({ pattern: '(?=.*one)(?=.*two)' }, 'two one'), 'ok');
});

test('a match begins at or after the first and at or before the last byte that is allowed', () => {
  const body = '0bar5bar';
  assert.is(judge({ pattern: 'bar', from: 1 }, body), 'ok');
  assert.is(judge({ pattern: 'bar', from: 2, to: 5 }, body), 'ok');
  assert.is(judge({ pattern: 'bar', from: 2, to: 4 }, body), 'body: regex "bar" matches at byte 5 only, after 4');
  assert.is(judge({ pattern: 'bar', to: 1 }, body), 'ok');
  assert.is(judge({ pattern: 'bar', to: 0 }, body), 'body: regex "bar" matches at byte 1 only, after 0');
  assert.is(judge({ pattern: 'bar', from: 6 }, body), 'body: regex "bar" does not match');
  assert.is(judge({ pattern: 'bar', from: 100 }, body), 'body: regex "bar" does not match');
  assert.is(judge({ pattern: 'bar', from: 2, to: 4, wanted: false }, body), 'ok');
  // What stands before the first byte is seen all the same.
  assert.is(judge({ pattern: '(?<=5)bar', from: 5 }, body), 'ok');
});

test('the end of the body is an end', () => {
  assert.is(judge({ pattern: 'OK$' }, 'O', 'K'), 'ok');
  assert.is(judge({ pattern: 'a+' }, 'a', 'a'), 'ok');
});

test('options are those of PCRE2', () => {
  assert.is(judge({ pattern: 'ok', options: ['caseless'] }, 'OK'), 'ok');
  assert.is(judge({ pattern: '^b', options: ['multiline'] }, 'a\nb'), 'ok');
  assert.is(judge({ pattern: 'a.b', options: ['dotall'] }, 'a\nb'), 'ok');
});

test('a search that is given up fails, and says why', () => {
  const told = judge({ pattern: '(a+)+$' }, `${'a'.repeat(40)}b`);
  assert.is(told, 'body: regex "(a+)+$" was given up: match limit exceeded');
  // A body that should not match is not known not to.
  assert.match(judge({ pattern: '(a+)+$', wanted: false }, `${'a'.repeat(40)}b`), 'was given up');
  assert.match(judge({ pattern: 'a', options: ['utf'] }, '\xff'), 'was given up: UTF-8 error');
});

test('of a long body the first 4 MiB are searched, and the rest is taken for neither good nor bad', () => {
  const filler = 'x'.repeat(bodyLimit - 3);
  assert.is(judge({ pattern: 'bar' }, filler, 'bar'), 'ok');
  assert.is(judge({ pattern: 'bar', wanted: false }, filler, 'xxx'), 'ok');
  const unknown = 'body: regex "bar" does not match in the first 4194304 bytes, and no more are searched';
  assert.is(judge({ pattern: 'bar' }, filler, 'xbar'), unknown);
  assert.is(judge({ pattern: 'bar', wanted: false }, filler, 'xxxx'), unknown);
  assert.is(judge({ pattern: 'xx' }, filler, 'xxxx'), 'ok');
});

test.run();
