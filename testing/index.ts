// checkalived/testing: for the tests of checkers, our own and those of plug-ins.
export { blockValues } from './block-values.ts';
export { makeContext, makeTarget } from './check-context.ts';
export { type ConformanceSubject, conform, type RegisterTest, runAgainst } from './checker-conformance.ts';
export { conformDatagrams, type DatagramSubject } from './datagram-conformance.ts';
export { type DatagramServer, findClosedDatagramPort, startDatagramServer } from './datagram-server.ts';
export { answer, type FaultServer, findClosedPort, startFaultServer } from './fault-server.ts';
export { VirtualClock } from './virtual-clock.ts';
