import * as assert from 'uvu/assert';
import { scenariosOf } from '../../differential/checking/batches.ts';
import type { Judgement } from '../../differential/checking/judge.ts';
import { readMail } from '../../differential/checking/mail-sink.ts';
import { formatReport } from '../../differential/checking/report.ts';
import { suite } from '../../support/suite.ts';

const test = suite('differential/report');
const judgement = (outcome: Judgement['outcome'], isReplayed = false): Judgement => ({
  scenario: outcome,
  outcome,
  complaints: [],
  isReplayed,
});

test('the table counts by theme and in all', () => {
  const themes = new Map([
    ['one', [judgement('equal'), judgement('documented', true)]],
    ['two', [judgement('equal'), judgement('unexplained', true)]],
  ]);
  const rows = formatReport(themes)
    .split('\n')
    .map(line => line.trim().split(/ {2,}/));
  assert.equal(rows, [
    ['theme', 'scenarios', 'equal', 'documented differences', 'unexplained', 'played again'],
    ['one', '2', '1', '1', '0', '1'],
    ['two', '2', '1', '0', '1', '1'],
    ['all', '4', '2', '1', '1', '2'],
  ]);
});

test('a mail is its subject, unfolded, and its text', () => {
  const message = 'From: a\r\nSubject: one\r\n two\r\nTo: b\r\n\r\n=> text <=\r\n\r\n';
  assert.equal(readMail(message), { subject: 'one two', body: '=> text <=' });
});

test('scenarios are at least a hundred, have names of their own, and fit in the address plan', () => {
  const names = scenariosOf().map(({ title }) => title);
  assert.ok(names.length >= 100, `${names.length} scenarios`);
  assert.is(new Set(names).size, names.length);
});

test.run();
