import * as assert from 'uvu/assert';
import { judge } from '../../differential/checking/judge.ts';
import type { Expected, Scenario } from '../../differential/checking/scenario.ts';
import type { Trace } from '../../differential/checking/trace.ts';
import { suite } from '../../support/suite.ts';

const test = suite('differential/judge');
const scenario = (...differs: readonly Expected[]): Scenario => ({ name: 'a scenario', config: '', differs });
const base: Trace = [
  { channel: 'ipvs', at: 0, text: 'ADD vs rr' },
  { channel: 'fifo', at: 4, text: 'RS rs1 vs DOWN' },
];
const more: Trace = [...base, { channel: 'fifo', at: 6, text: 'VS vs DOWN' }];
const twice: Expected = { id: 'omega-twice', keepalived: ['fifo VS vs DOWN'] };

test('equal traces are equal', () => {
  assert.is(judge(scenario(), base, base).outcome, 'equal');
});

test('a difference that is not listed is unexplained, and told with both times', () => {
  const { outcome, complaints } = judge(scenario(), more, base);
  assert.is(outcome, 'unexplained');
  assert.equal(complaints, ['keepalived: fifo VS vs DOWN (6.00 s / never)']);
});

test('a difference that is listed is documented', () => {
  assert.is(judge(scenario(twice), more, base).outcome, 'documented');
});

test('a listed difference that does not show, or on the other side, is unexplained', () => {
  assert.is(judge(scenario(twice), base, base).outcome, 'unexplained');
  assert.is(judge(scenario(twice), base, more).outcome, 'unexplained');
});

test('a line that is listed once explains one', () => {
  assert.is(judge(scenario(twice), [...more, ...more.slice(-1)], base).outcome, 'unexplained');
});

test('a listed rewriting explains what it says, must show, and explains nothing else', () => {
  const swap = scenario({ id: 'additions-first' });
  const commands = (...texts: readonly string[]): Trace => texts.map(text => ({ channel: 'ipvs', at: 4, text }));
  const [remove, add] = ['DELDEST vs rs1', 'ADDDEST vs sorry weight=1 NAT'];
  assert.is(judge(swap, commands(remove, add), commands(add, remove)).outcome, 'documented');
  assert.is(judge(scenario(), commands(remove, add), commands(add, remove)).outcome, 'unexplained');
  assert.is(judge(swap, commands(add, remove), commands(add, remove)).outcome, 'unexplained');
  assert.is(judge(swap, commands(remove, add), commands(add)).outcome, 'unexplained');
});

test('commands of different occasions are not put into another order', () => {
  const swap = scenario({ id: 'additions-first' });
  const at = (removed: number, added: number): Trace => [
    { channel: 'ipvs', at: removed, text: 'DELDEST vs rs1' },
    { channel: 'ipvs', at: added, text: 'ADDDEST vs sorry weight=1 NAT' },
  ];
  assert.is(judge(swap, at(4, 4.3), at(4.3, 4)).outcome, 'unexplained');
});

test('a keepalived that did nothing at all proves nothing', () => {
  assert.is(judge(scenario(), [], []).outcome, 'unexplained');
});

test('a difference that nobody knows is a mistake of the scenario', () => {
  assert.throws(() => judge(scenario({ id: 'unheard-of' }), base, base), /unheard-of/);
});

test.run();
