import { connect } from 'node:net';
import * as assert from 'uvu/assert';
import { createApp } from '../../../src/web/app.ts';
import { formatAddress, listen } from '../../../src/web/server.ts';
import { noMetrics } from '../../support/no-metrics.ts';
import { suite } from '../../support/suite.ts';
import { createSnapshot } from './snapshot.ts';

const test = suite('web/server');
const app = createApp({ snapshot: () => createSnapshot(), metrics: noMetrics, unjudged: () => [], alive: () => true });
const loopback = { address: '127.0.0.1', port: 0 };

/** Metrics that never end; `end` resolves when nobody makes them any more. */
function createEndless() {
  let ended = (): void => {};
  const end = new Promise<void>(resolve => {
    ended = resolve;
  });
  async function* make(): AsyncGenerator<string, void> {
    try {
      for (;;) yield 'x'.repeat(65_536);
    } finally {
      ended();
    }
  }
  const metrics = { scrape: () => ({ contentType: 'text/plain', pieces: make() }) };
  return { end, app: createApp({ snapshot: () => createSnapshot(), metrics, unjudged: () => [], alive: () => true }) };
}

test('port 0 takes a free port and says which', async () => {
  const listening = await listen(app, loopback);
  assert.ok(listening.ok);
  const { server } = listening;
  assert.ok(server.port > 0);
  const response = await fetch(`http://${formatAddress(server)}/healthz`);
  assert.equal(await response.json(), { alive: true });
  await server.close();
});

test('closing ends the connections that clients keep open', async () => {
  const listening = await listen(app, loopback);
  assert.ok(listening.ok);
  await (await fetch(`http://${formatAddress(listening.server)}/healthz`)).text();
  await listening.server.close();
});

test('a client that asks and does not read is given up, and what was made for it is ended', async () => {
  const { app: endless, end } = createEndless();
  const listening = await listen(endless, loopback, 50);
  assert.ok(listening.ok);
  const client = connect(listening.server.port, '127.0.0.1');
  const closed = new Promise(resolve => client.once('close', resolve));
  client.on('error', () => {});
  client.write('GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n');
  await end;
  client.resume();
  await closed;
  await listening.server.close();
});

test('a client that goes away amid the metrics ends their making', async () => {
  const { app: endless, end } = createEndless();
  const listening = await listen(endless, loopback);
  assert.ok(listening.ok);
  const client = connect(listening.server.port, '127.0.0.1');
  client.on('error', () => {});
  client.once('data', () => client.destroy());
  client.write('GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n');
  await end;
  await listening.server.close();
});

test('a port that is taken is said to be, with the way out', async () => {
  const first = await listen(app, loopback);
  assert.ok(first.ok);
  const second = await listen(app, first.server);
  assert.not.ok(second.ok);
  if (!second.ok) {
    assert.ok(second.inUse);
    assert.match(second.detail, `cannot listen on 127.0.0.1:${first.server.port}`);
    assert.match(second.detail, '--listen');
  }
  await first.server.close();
});

test('an address of another host is said to be none of this one', async () => {
  const listening = await listen(app, { address: '192.0.2.1', port: 0 });
  assert.not.ok(listening.ok);
  if (!listening.ok) {
    assert.not.ok(listening.inUse);
    assert.match(listening.detail, 'this host has no address 192.0.2.1');
  }
});

test('an IPv6 address is written in brackets', () => {
  assert.is(formatAddress({ address: '::1', port: 9650 }), '[::1]:9650');
  assert.is(formatAddress({ address: '127.0.0.1', port: 9650 }), '127.0.0.1:9650');
});

test.run();
