import process from 'node:process';
import * as assert from 'uvu/assert';
import { collectProcessMetrics } from '../../../src/sys/process-metrics.ts';
import { suite } from '../../support/suite.ts';

const test = suite('sys/process-metrics');

test('the process has metrics, without those that are slow or say nothing', async () => {
  const text = await collectProcessMetrics()();
  for (const name of ['process_cpu_seconds_total', 'process_resident_memory_bytes', 'nodejs_version_info']) {
    assert.match(text, `# TYPE ${name} `);
  }
  assert.not.match(text, 'nodejs_active_');
  assert.not.match(text, 'nodejs_eventloop_lag_');
  assert.is(text.match(/^# TYPE process_open_fds/gm)?.length ?? 0, process.platform === 'linux' ? 1 : 0);
  if (process.platform === 'linux') assert.match(text, /^process_open_fds [1-9]\d*$/m);
});

test.run();
