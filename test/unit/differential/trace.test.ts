import * as assert from 'uvu/assert';
import { fillIn } from '../../differential/checking/names.ts';
import type { Records } from '../../differential/checking/records.ts';
import { readTraces } from '../../differential/checking/trace.ts';
import { suite } from '../../support/suite.ts';

const test = suite('differential/trace');
const nothing: Records = {
  begin: 10_000,
  stop: 20_000,
  table: [],
  notes: [],
  lines: [],
  mails: [],
  connections: [],
  log: '',
  end: '0',
};
const textsOf = (records: Partial<Records>, scenario = 3): readonly string[] =>
  (readTraces({ ...nothing, ...records }).get(scenario) ?? []).map(
    ({ at, channel, text }) => `${at} ${channel} ${text}`,
  );
const command = (seconds: number, text: string): string => `${seconds * 1e9} ${text}`;

test('what a program did is told by scenario, with names, and in seconds after the first check', () => {
  const texts = textsOf({
    table: [
      command(12, 'ADDDEST tcp:10.77.0.3:80 10.66.3.9:80 weight=1 NAT'),
      command(12, 'DELDEST tcp:10.77.0.4:80 10.66.4.1:80'),
    ],
    lines: [{ at: 12_500, text: 'RS [10.66.3.2]:tcp:80 [10.77.0.3]:tcp:80 DOWN' }],
    mails: [{ at: 13_000, subject: '[lab] Virtualserver [10.77.0.3]:tcp:80 - UP', body: '=> Gained <=' }],
    notes: [{ at: 13_500, scenario: 3, words: ['down', 'rs2'] }],
    connections: [{ at: 14_000, scenario: 3, server: 'rs1' }],
  });
  assert.equal(texts, [
    '2 ipvs ADDDEST vs sorry weight=1 NAT',
    '2.5 fifo RS rs2 vs DOWN',
    '3 mail [lab] Virtualserver vs - UP => Gained <=',
    '3.5 script down rs2',
    '4 check rs1',
  ]);
});

test('what comes before the first check comes at 0', () => {
  assert.equal(textsOf({ table: [command(9, 'ADD tcp:10.77.0.3:80 rr')] }), ['0 ipvs ADD vs rr']);
});

test('destinations that go with their service are not told, others are', () => {
  const remove = 'DELDEST tcp:10.77.0.3:80 10.66.3.1:80';
  const removeService = 'DEL tcp:10.77.0.3:80';
  assert.equal(textsOf({ table: [command(15, remove), command(15.1, removeService)] }), ['5.1 ipvs DEL vs']);
  assert.is(textsOf({ table: [command(15, remove), command(16, removeService)] }).length, 2);
  const back = 'ADDDEST tcp:10.77.0.3:80 10.66.3.1:80 weight=1 NAT';
  assert.is(textsOf({ table: [command(15, remove), command(15, back), command(15.1, removeService)] }).length, 3);
});

test('a flush deletes the services that there are', () => {
  const add = (scenario: number): string => command(10, `ADD tcp:10.77.0.${scenario}:80 rr`);
  const table = [add(3), add(4), command(11, 'DEL tcp:10.77.0.4:80'), command(12, 'FLUSH')];
  assert.equal(textsOf({ table }), ['0 ipvs ADD vs rr', '2 ipvs DEL vs']);
  assert.is(textsOf({ table }, 4).length, 2);
});

test('a command that failed says so', () => {
  assert.equal(textsOf({ table: [command(12, 'DELDEST tcp:10.77.0.3:80 10.66.3.1:80 = ENOENT')] }), [
    '2 ipvs DELDEST vs rs1 = ENOENT',
  ]);
});

test('names of a configuration become addresses of its scenario', () => {
  const filled = fillIn('{vs} {rs2} {sorry} {rs3.address} {script:m1} {note} up', 7);
  assert.is(
    filled,
    '10.77.0.7 80 10.66.7.2 80 10.66.7.9 80 10.66.7.3 /run/differential/script-7-m1 /run/differential/note 7 up',
  );
});

test.run();
