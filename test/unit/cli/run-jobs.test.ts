import * as assert from 'uvu/assert';
import { runJobs } from '../../../src/cli/run-jobs.ts';
import { suite } from '../../support/suite.ts';
import { createFakeIo } from './fake-io.ts';

const test = suite('cli/run-jobs');
const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

test('at most 64 jobs are under way, all are run, and the results are in the order of the jobs', async () => {
  let running = 0;
  let most = 0;
  const jobs = Array.from({ length: 300 }, (_, index) => index);
  const results = await runJobs(
    jobs,
    async job => {
      most = Math.max(most, ++running);
      for (let left = job % 7; left >= 0; left--) await turn();
      running--;
      return job * 2;
    },
    createFakeIo(),
  );
  assert.equal(
    results,
    jobs.map(job => job * 2),
  );
  assert.is(most, 64);
});

test('after a signal no job begins, those under way are aborted, and there are no results', async () => {
  const io = createFakeIo();
  let begun = 0;
  const results = runJobs(
    Array.from({ length: 300 }, (_, index) => index),
    (_, signal) => {
      begun++;
      return new Promise<void>(resolve => signal.addEventListener('abort', () => resolve()));
    },
    io,
  );
  io.send('SIGINT');
  assert.equal([await results, begun, io.listeners()], [null, 64, 0]);
});

test.run();
