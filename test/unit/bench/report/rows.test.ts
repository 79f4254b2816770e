import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { RatioPart } from '../../../../bench/parts/ratio-parts.ts';
import type { Stages } from '../../../../bench/report/cost.ts';
import { replaceRows } from '../../../../bench/report/readme.ts';
import { boundRow, findSlow, lagRows, memoryRow, ratioRow, tables } from '../../../../bench/report/rows.ts';
import type { Window, WindowsResult } from '../../../../bench/stage/plan.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('bench/report/rows');
const bounds = { must: 1.3, aim: 1 } as const;
const work = { checker: 'tcp', targets: 10_000, copies: 1, delayLoop: 1 } as const;
const tcp: RatioPart = { ...bounds, name: 'tcp', purpose: '', work, others: [] };

test('a row of a ratio has the ratio, its rounds, the bounds, the verdict and what each contestant spent', () => {
  const stages: Stages = {
    checkalived: [stageOf({ cpuSeconds: 3 }), stageOf({ cpuSeconds: 3.3 })],
    keepalived: [stageOf({ cpuSeconds: 3 }), stageOf({ cpuSeconds: 3 })],
  };
  const row = ratioRow(tcp, stages);
  assert.equal(row, ['tcp', '1.05', '1.00-1.10', '1.3', '1', 'must met', '63 (60-66) µs', '60 (60-60) µs', '', '']);
  assert.is(row.length, tables.ratios.length);
});

test('a row says when the machine was too noisy to judge', () => {
  const noisy = stageOf({ foreign: 0.5 });
  const row = ratioRow(tcp, { checkalived: [noisy], keepalived: [noisy] });
  assert.is(row[5], 'aim met, but too noisy to judge: 2 of 2 windows disturbed');
});

test('without keepalived there is no ratio', () => {
  const row = ratioRow(tcp, { checkalived: [stageOf({})] });
  assert.equal(row.slice(0, 6), ['tcp', '', '', '1.3', '1', 'keepalived is missing']);
});

test('memory is compared in the same windows', () => {
  const stages: Stages = {
    checkalived: [stageOf({ residentBytes: 100 * 2 ** 20 })],
    keepalived: [stageOf({ residentBytes: 20 * 2 ** 20 })],
  };
  assert.equal(memoryRow(stages).slice(0, 7), ['memory', '5.00', '5.00-5.00', '5', '2.5', 'must met', '100 MiB']);
});

test('start lag and event loop are held against their bounds', () => {
  const late = { p50: 20, p99: 61, max: 80, count: 100 };
  const stages: Stages = { checkalived: [stageOf({ lateness: late })], keepalived: [stageOf({ lateness: late })] };
  const rows = lagRows(stages, stageOf({ loopLag: { p50: 1, p99: 15, max: 90, count: 100 } }));
  assert.equal(rows[0], ['start lag p99, seen from the target', '61 ms', '60 ms', 'missed']);
  assert.equal(rows.at(-1), ['event loop p99', '15.0 ms', '15 ms', 'met']);
});

test('a figure that could not be taken does not meet its bound', () => {
  assert.is(boundRow('lag', [Number.NaN], { unit: 'ms', digits: 0, bound: 60 })[3], 'missed');
});

test('who is slower than asked is named', () => {
  const stages: Stages = { checkalived: [stageOf({})], keepalived: [stageOf({ probes: 40_000 })] };
  assert.equal(findSlow(tcp, stages), ['keepalived made 8000 checks/s of the 10000 it was asked for']);
});

test('every table has its place in bench/README.md', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../../bench/README.md'), 'utf8');
  for (const [name, titles] of Object.entries(tables)) {
    assert.match(replaceRows(text, name, titles, [['a part', 'a figure']]), '| a part | a figure |');
  }
});

/** Five seconds of 10,000 checks/s. */
function stageOf(more: Partial<Window>): WindowsResult {
  const quiet: Window = {
    seconds: 5,
    probes: 50_000,
    cpuSeconds: 2.5,
    residentBytes: 2 ** 20,
    stolen: 0,
    foreign: 0,
    retransmitted: 0,
    lateness: null,
    loopLag: null,
  };
  return { windows: [{ ...quiet, ...more }], settledAfter: 2 };
}

test.run();
