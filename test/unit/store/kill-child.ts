// Commits one transition after the other and prints the number of each that was acknowledged; killed by the test. Between two
// commits there is a minute of a hundred results, of which each tenth failed.
import { createStore } from '../../../src/store/store.ts';
import { systemClock } from '../../../src/sys/clock.ts';
import { check, commit, fails, passes, recordLog, start, storeOptions, transition } from './support.ts';

const directory = process.argv[2] ?? '';
const store = createStore(
  { ...storeOptions, directory, resultsInterval: 60_000, maxQueue: 100_000 },
  { clock: systemClock, log: recordLog() },
);
await store.open();
const observer = store.observe(check);
for (let number = 1; ; number++) {
  for (let run = 0; run < 100; run++)
    observer.finished(start + number * 60_000 + run * 600, run % 10 === 0 ? fails() : passes());
  await store.commit(commit({ time: systemClock.wall(), transitions: [transition({ detail: String(number) })] }));
  process.stdout.write(`${number}\n`);
}
