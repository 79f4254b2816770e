import * as assert from 'uvu/assert';
import { parseCoreTimes, parseProcessStat, parseResident, parseTcpCounter } from '../../../../bench/stage/procfs.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('bench/stage/procfs');

test('the CPU of a process is its own and that of its ended children; its name may look like fields', () => {
  const stat =
    '812 (a) S (b 1 2) S 7 812 812 0 -1 4194304 100 200 0 0 150 250 30 70 20 0 11 0 12345 1000000 5000 18446744073709551615\n';
  assert.equal(parseProcessStat(stat), { parent: 7, cpuSeconds: 5 });
});

test('the times of a core are read by its number: idle time is not busy, and stolen time stands for itself', () => {
  const stat =
    'cpu  1 1 1 1 1 1 1 1 0 0\ncpu0 9 9 9 9 9 9 9 9 0 0\ncpu1 100 10 200 5000 300 20 70 50 0 0\ncpu10 1 2 3 4 5 6 7 8 0 0\nintr 5\n';
  assert.equal(parseCoreTimes(stat, 1), { busy: 4, stolen: 0.5 });
});

test('resident memory comes in kibibytes', () => {
  assert.is(parseResident('Name:\tnode\nVmHWM:\t  4096 kB\nVmRSS:\t  2048 kB\nThreads:\t11\n'), 2 ** 21);
  assert.is(parseResident('Name:\tkthreadd\n'), 0);
});

test('a counter of TCP is found by its name', () => {
  const snmp =
    'Ip: Forwarding InReceives\nIp: 1 999\nTcp: RtoMin ActiveOpens AttemptFails\nTcp: 200 17 4\nUdp: InDatagrams\nUdp: 3\n';
  assert.is(parseTcpCounter(snmp, 'AttemptFails'), 4);
  assert.ok(Number.isNaN(parseTcpCounter(snmp, 'InDatagrams')));
});

test.run();
