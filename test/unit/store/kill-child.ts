// Commits one transition after the other and prints the number of each that was acknowledged; killed by the test.
import { createStore } from '../../../src/store/store.ts';
import { systemClock } from '../../../src/sys/clock.ts';
import { commit, recordLog, result, transition } from './support.ts';

const directory = process.argv[2] ?? '';
const store = createStore(
  { directory, retentionResults: 1, retentionTransitions: 1, maxQueue: 100_000 },
  { clock: systemClock, log: recordLog() },
);
await store.open();
for (let number = 1; ; number++) {
  for (let row = 0; row < 100; row++) store.addResult(result());
  await store.commit(commit({ time: systemClock.wall(), transitions: [transition({ detail: String(number) })] }));
  process.stdout.write(`${number}\n`);
}
