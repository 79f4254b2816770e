import { Buffer } from 'node:buffer';
import * as assert from 'uvu/assert';
import type { PatternOutcome } from '../../../src/model/ports.ts';
import { patterns } from '../../../src/sys/patterns.ts';
import { suite } from '../../support/suite.ts';

const test = suite('patterns');

function search(pattern: string, subject: string, options: readonly string[] = [], from = 0): PatternOutcome {
  const compiled = patterns.compile({ pattern, options });
  if (!compiled.ok) throw new Error(compiled.detail);
  return compiled.pattern.search(Buffer.from(subject), from);
}

test('a match has its place and its groups', () => {
  assert.equal(search('b+(c)?(d)', 'aabbd'), { kind: 'match', start: 2, end: 5, groups: [null, 'd'] });
  assert.equal(search('x', 'aab'), { kind: 'none' });
  assert.equal(search('^$', ''), { kind: 'match', start: 0, end: 0, groups: [] });
});

test('what PCRE2 has and JavaScript has not is there', () => {
  assert.is(search('(?>a+)b', 'aab').kind, 'match');
  assert.is(search('(?i)HELLO\\h\\w++$', 'hello world').kind, 'match');
  assert.is(search('^(\\((?:[^()]|(?1))*\\))$', '(a(b)c)').kind, 'match');
});

test('a search may begin behind what look-behinds see', () => {
  assert.equal(search('(?<=12345)X', '12345X', [], 5), { kind: 'match', start: 5, end: 6, groups: [] });
  assert.equal(search('a', 'a', [], 2), { kind: 'none' });
});

test('the end of a subject of which more may come is not the end of a line', () => {
  const compiled = patterns.compile({ pattern: '^b+$', options: ['multiline'] });
  if (!compiled.ok) throw new Error(compiled.detail);
  assert.is(compiled.pattern.search(Buffer.from('a\nbb'), 0, 'open').kind, 'none');
  assert.is(compiled.pattern.search(Buffer.from('a\nbb'), 0).kind, 'match');
  assert.is(compiled.pattern.search(Buffer.from('a\nbb\n'), 0, 'open').kind, 'match');
});

test("options have keepalived's words", () => {
  assert.is(search('hello', 'HELLO').kind, 'none');
  assert.is(search('hello', 'HELLO', ['caseless']).kind, 'match');
  assert.is(search('a.b', 'a\nb', ['dotall']).kind, 'match');
  assert.is(search('^b', 'a\nb', ['multiline']).kind, 'match');
});

test('a pattern that is none says where', () => {
  const compiled = patterns.compile({ pattern: 'a(b', options: [] });
  assert.equal(compiled, { ok: false, detail: 'missing closing parenthesis at character 3' });
});

test('a search that would never end is given up', () => {
  const outcome = search('(a+)+$', `${'a'.repeat(64)}b`);
  assert.equal(outcome, { kind: 'failed', detail: 'match limit exceeded' });
});

test('a search that begins anew at each byte, and goes to the end each time, is given up', () => {
  const outcome = search('\\w+@', `${'a'.repeat(1_000_000)} @`);
  assert.equal(outcome, { kind: 'failed', detail: 'it takes too long in so much text' });
});

test('a long subject is searched in parts, and nothing is seen of that', () => {
  const long = 'lorem é\n'.repeat(50_000);
  const size = Buffer.byteLength(long);
  const startOf = (pattern: string, options: readonly string[] = [], from = 0): number | string => {
    const outcome = search(pattern, `${long}END`, options, from);
    return outcome.kind === 'match' ? outcome.start : outcome.kind;
  };
  for (const options of [[], ['utf']]) {
    assert.is(startOf('END', options), size);
    assert.is(startOf('(?<=é\n)END$', options), size);
    assert.is(startOf('é\nEND', options), size - 3);
    assert.is(startOf('\\w+.*\nEND', options), size - 9);
    assert.is(startOf('FIN', options), 'none');
    assert.is(startOf('^END', options), 'none');
    assert.is(startOf('^END', [...options, 'multiline']), size);
    assert.is(startOf('lorem', options, 1), 9);
  }
  assert.is(startOf('END', ['firstline']), 'none');
  assert.is(startOf('\\GEND'), 'none');
  assert.is(startOf('\\GEND', [], size), size);
  assert.is(startOf('END|l(*COMMIT)x'), 'none');
  assert.is(startOf('.', ['utf'], 7), 'failed');
});

test('equal patterns are compiled once', () => {
  assert.is(patterns.compile({ pattern: 'same', options: [] }), patterns.compile({ pattern: 'same', options: [] }));
});

test.run();
