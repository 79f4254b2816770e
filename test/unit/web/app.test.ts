import * as assert from 'uvu/assert';
import { createApp } from '../../../src/web/app.ts';
import { noMetrics } from '../../support/no-metrics.ts';
import { suite } from '../../support/suite.ts';
import { createSnapshot } from './snapshot.ts';

const test = suite('web/app');
const snapshot = createSnapshot();
const running = { snapshot: () => snapshot, metrics: noMetrics, unjudged: () => [], alive: () => true };
/** Without the snapshot, which takes long where much is checked. */
const starting = (checks: number) => ({
  ...running,
  snapshot: (): never => {
    throw new Error('the snapshot was asked for');
  },
  unjudged: () =>
    Array.from({ length: checks }, (_, index) => ({
      type: 'TCP_CHECK',
      realServer: `10.0.0.2:${index}`,
      virtualServer: 'tcp/10.0.0.1:80',
    })),
});

test('the status is the snapshot of this moment, and no cache may keep it', async () => {
  const response = await createApp(running).request('/api/v1/status');
  assert.is(response.status, 200);
  assert.is(response.headers.get('cache-control'), 'no-store');
  assert.equal(await response.json(), snapshot);
});

test('metrics are sent as they are made, in the format that was asked for', async () => {
  const metrics = {
    scrape: (accept: string | undefined) => ({ contentType: `text/plain; asked=${accept}`, pieces: make() }),
  };
  async function* make() {
    yield 'one 1\n';
    yield 'two{name="ü"} 2\n';
  }
  const request = { headers: { accept: 'text/html' } };
  const response = await createApp({ ...running, metrics }).request('/metrics', request);
  assert.is(response.status, 200);
  assert.is(response.headers.get('content-type'), 'text/plain; asked=text/html');
  assert.is(response.headers.get('cache-control'), 'no-store');
  assert.is(await response.text(), 'one 1\ntwo{name="ü"} 2\n');
});

test('healthz says whether the agent is alive', async () => {
  assert.is((await createApp(running).request('/healthz')).status, 200);
  const stopping = await createApp({ ...running, alive: () => false }).request('/healthz');
  assert.is(stopping.status, 503);
  assert.equal(await stopping.json(), { alive: false });
});

test('readyz is 200 once every check has run', async () => {
  const response = await createApp(running).request('/readyz');
  assert.is(response.status, 200);
  assert.equal(await response.json(), { ready: true, missing: [] });
});

test('readyz names the checks that have not run until then', async () => {
  const app = createApp(starting(1));
  const response = await app.request('/readyz');
  assert.is(response.status, 503);
  assert.equal(await response.json(), {
    ready: false,
    missing: ['TCP_CHECK of 10.0.0.2:0 in tcp/10.0.0.1:80 has no verdict yet'],
  });
});

test('readyz is 503 before the start', async () => {
  const response = await createApp({ ...running, unjudged: () => null }).request('/readyz');
  assert.is(response.status, 503);
  assert.equal(await response.json(), { ready: false, missing: ['the agent is starting'] });
});

test('readyz does not name thousands', async () => {
  const app = createApp(starting(1_000));
  const { missing } = (await (await app.request('/readyz')).json()) as { missing: string[] };
  assert.is(missing.length, 21);
  assert.is(missing.at(-1), 'and more');
});

test('readyz is 503 when the agent stops, whatever it knows', async () => {
  assert.is((await createApp({ ...running, alive: () => false }).request('/readyz')).status, 503);
});

test('what is not there is a 404 in JSON that names what is', async () => {
  const response = await createApp(running).request('/api/v2/status');
  assert.is(response.status, 404);
  assert.match(response.headers.get('content-type') ?? '', 'application/json');
  assert.equal(await response.json(), {
    error: 'there is no GET /api/v2/status',
    paths: ['/api/v1/status', '/metrics', '/healthz', '/readyz'],
  });
});

test('a bug behind the API is a 500 in JSON, not a crash', async () => {
  const app = createApp({
    ...running,
    snapshot: () => {
      throw new TypeError('no such thing');
    },
  });
  const response = await app.request('/api/v1/status');
  assert.is(response.status, 500);
  assert.match(((await response.json()) as { error: string }).error, 'no such thing');
});

test.run();
