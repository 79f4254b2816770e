import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { createKeeper } from '../../../src/store/keeper.ts';
import { suite } from '../../support/suite.ts';
import { makeDirectory, query, remembered, value } from './support.ts';

const test = suite('store kill');

test('every commit that was acknowledged is there after kill -9, and the file is sound', async () => {
  const directory = makeDirectory();
  const script = fileURLToPath(new URL('./kill-child.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, directory.path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let acknowledged = 0;
  child.stdout.on('data', (text: Buffer) => {
    acknowledged = Number(text.toString().trim().split('\n').at(-1));
    if (acknowledged >= 50) child.kill('SIGKILL');
  });
  await once(child, 'close');
  const handle = createKeeper();
  const reply = handle({
    kind: 'open',
    directory: directory.path,
    now: Date.now(),
    run: 'next',
    forget: false,
    maxPages: null,
  });
  if (reply.kind !== 'opened') throw new Error(JSON.stringify(reply));
  assert.is(reply.notice, null);
  assert.equal([...reply.recollection.virtualServers.values()], [remembered]);
  const numbers = query(directory.path, 'SELECT detail FROM transitions').map(row => Number(Object.values(row)[0]));
  assert.equal(
    numbers,
    Array.from(numbers, (_, index) => index + 1),
    'in order, each once',
  );
  assert.ok(numbers.length >= acknowledged, `${numbers.length} of ${acknowledged}`);
  // The minute before the commit is over with it; the one under way is lost.
  const minutes = query(directory.path, 'SELECT runs, failures FROM results_minutely');
  assert.ok(minutes.length >= acknowledged - 1, `${minutes.length} minutes of ${acknowledged} commits`);
  assert.equal(
    minutes.filter(({ runs, failures }) => runs !== 100 || failures !== 10),
    [],
    'each minute whole, and once',
  );
  const sum = 'SELECT sum(runs) AS runs, sum(failures) AS failures, sum(duration_us_sum) AS duration FROM';
  assert.equal(query(directory.path, `${sum} results_hourly`), query(directory.path, `${sum} results_minutely`));
  const failed = Number(value(directory.path, 'SELECT count(*) FROM results WHERE NOT ok'));
  assert.ok(failed >= 10 * acknowledged, `${failed} failed results of ${acknowledged} commits`);
  handle({ kind: 'close', now: Date.now() });
  directory.remove();
});

test.run();
