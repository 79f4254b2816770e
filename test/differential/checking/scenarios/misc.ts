import { always, outage, web } from '../behaviours.ts';
import { misc, rs, tcp, vs } from '../blocks.ts';
import { cameUp, texts, wentDown } from '../expect.ts';
import type { Expected, Scenario, Theme, Timeline } from '../scenario.ts';

const up = { rs2: always(web()) };
const first: Expected = { id: 'misc-first-mail' };
const one = (lines = 'retry 0', ...more: readonly string[]) =>
  vs('', rs('rs1', 'weight 10', misc('m1', lines), ...more), rs('rs2', tcp()));
const plain = one();
const dynamic = one('retry 0\nmisc_dynamic');
const ill = (name: string, line: string | null, config = plain, differs: readonly Expected[] = []): Scenario => ({
  name,
  config,
  servers: up,
  scripts: { m1: outage<string | null>('exit 0', line, 3.5, 6.5) },
  differs: [first, ...differs],
});
const flapping: Timeline<string> = [
  [0, 'exit 0'],
  [1.5, 'exit 1'],
  [3.5, 'exit 0'],
  [5.5, 'exit 7'],
  [7.5, 'exit 0'],
];
const weights: Timeline<string> = [
  [0, 'exit 0'],
  [1.5, 'exit 22'],
  [3.5, 'exit 2'],
  [5.5, 'exit 1'],
  [7.5, 'exit 5'],
];

const scenarios: readonly Scenario[] = [
  ill('well all the time', 'exit 0'),
  ill('exit 1', 'exit 1'),
  ill('exit 7', 'exit 7'),
  ill('killed by a signal', 'kill -9 $$'),
  ill('slow, but not too slow', 'sleep 0.4'),
  ill('too slow', 'sleep 9', one('retry 0\nmisc_timeout 1')),
  ill('too slow, ends well at SIGTERM', 'trap "exit 0" TERM; sleep 9 & wait', one('retry 0\nmisc_timeout 1'), [
    { id: 'misc-late', checkalived: [...wentDown('rs1', texts.miscLate), ...cameUp('rs1', texts.miscUp, 10)] },
  ]),
  ill('too slow, deaf to SIGTERM', 'trap "" TERM; sleep 9; sleep 9', one('retry 0\nmisc_timeout 1')),
  ill('the script vanishes', null, plain, [
    { id: 'misc-missing', checkalived: [...wentDown('rs1', texts.miscDown), ...cameUp('rs1', texts.miscUp, 10)] },
  ]),
  ill('one retry', 'exit 1', one('retry 1')),
  {
    name: 'an outage shorter than the retries is none',
    config: one('retry 3'),
    servers: up,
    scripts: { m1: outage('exit 0', 'exit 1', 3.5, 4.45) },
    differs: [first],
  },
  { name: 'flaps', config: plain, servers: up, scripts: { m1: flapping }, differs: [first] },
  { name: 'exit 1 from the start', config: plain, servers: up, scripts: { m1: outage('exit 1', 'exit 0', 3.5, 99) } },
  {
    name: 'a command with arguments',
    config: plain.replace('{script:m1}', '{script:m1} a b'),
    servers: up,
    scripts: { m1: outage('exit 0', 'test "$*" != "a b"', 3.5, 6.5) },
    differs: [first],
  },
  {
    name: 'weights, and a failure among them',
    config: dynamic,
    servers: up,
    scripts: { m1: weights },
    differs: [first],
  },
  ill('a weight of 0', 'exit 2', dynamic),
  {
    name: 'a weight from the start',
    config: dynamic,
    servers: up,
    scripts: { m1: outage('exit 22', 'exit 0', 4.5, 99) },
    differs: [first],
  },
  {
    name: 'two that add up',
    config: one('retry 0\nmisc_dynamic', misc('m2', 'retry 0\nmisc_dynamic')),
    servers: up,
    scripts: { m1: outage('exit 0', 'exit 7', 2.5, 6.5), m2: outage('exit 0', 'exit 15', 4.5, 8.5) },
    differs: [first],
  },
  {
    name: 'a weight of 0 for the only real server loses the quorum',
    config: vs('', rs('rs1', 'weight 10', misc('m1', 'retry 0\nmisc_dynamic'))),
    scripts: { m1: outage('exit 0', 'exit 2', 3.5, 6.5) },
    differs: [first],
  },
  {
    name: 'a weight below the quorum',
    config: vs('quorum 6', rs('rs1', 'weight 10', misc('m1', 'retry 0\nmisc_dynamic'))),
    scripts: { m1: outage('exit 0', 'exit 7', 3.5, 6.5) },
    differs: [first],
  },
];

export const miscThemes: readonly Theme[] = [{ name: 'MISC_CHECK', scenarios }];
