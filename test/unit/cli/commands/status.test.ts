import { Hono } from 'hono';
import * as assert from 'uvu/assert';
import { showStatus } from '../../../../src/cli/commands/status.ts';
import type { Snapshot } from '../../../../src/model/snapshot.ts';
import { createApp } from '../../../../src/web/app.ts';
import { listen, type WebServer } from '../../../../src/web/server.ts';
import { VirtualClock } from '../../../../testing/virtual-clock.ts';
import { noMetrics } from '../../../support/no-metrics.ts';
import { suite } from '../../../support/suite.ts';
import { createRealServerStatus, createSnapshot, createVirtualServerStatus } from '../../web/snapshot.ts';
import { createFakeIo } from '../fake-io.ts';

const test = suite('cli/commands/status');
let snapshot: Snapshot = createSnapshot();
let agent: WebServer;
const allUp = createSnapshot();
const oneDown = createSnapshot({
  virtualServers: [createVirtualServerStatus({ realServers: [createRealServerStatus({ up: false, state: 'down' })] })],
});

test.before(async () => {
  agent = await open(
    createApp({ snapshot: () => snapshot, metrics: noMetrics, unjudged: () => [], alive: () => true }),
  );
});
test.after(() => agent.close());

test('all up makes it 0, something down 2', async () => {
  snapshot = allUp;
  const io = createFakeIo();
  assert.is(await showStatus({ listen: agent, json: false, watch: false }, io), 0);
  assert.match(io.stdout.text, 'tcp/10.0.0.1:80 up wlc DR');
  snapshot = oneDown;
  assert.is(await showStatus({ listen: agent, json: false, watch: false }, createFakeIo()), 2);
});

test('JSON is what the agent said', async () => {
  snapshot = oneDown;
  const io = createFakeIo();
  assert.is(await showStatus({ listen: agent, json: true, watch: false }, io), 2);
  assert.equal(JSON.parse(io.stdout.text), oneDown);
});

test('an agent that listens everywhere is asked on loopback', async () => {
  snapshot = allUp;
  assert.is(
    await showStatus({ listen: { address: '0.0.0.0', port: agent.port }, json: false, watch: false }, createFakeIo()),
    0,
  );
});

test('no agent makes it 3, with what to do', async () => {
  const gone = await open(
    createApp({ snapshot: () => snapshot, metrics: noMetrics, unjudged: () => [], alive: () => true }),
  );
  await gone.close();
  const io = createFakeIo();
  assert.is(await showStatus({ listen: gone, json: false, watch: false }, io), 3);
  assert.match(io.stderr.text, `no agent listens on 127.0.0.1:${gone.port}; start one`);
});

test('something else on the port is no agent', async () => {
  const others = [
    new Hono().get('*', context => context.text('hello', 404)),
    new Hono().get('*', context => context.text('<html>')),
    new Hono().get('*', context => context.json(null)),
  ];
  for (const other of others) {
    const server = await open(other);
    const io = createFakeIo();
    assert.is(await showStatus({ listen: server, json: false, watch: false }, io), 3);
    assert.match(io.stderr.text, 'is no checkalived');
    await server.close();
  }
});

test('an agent that does not answer makes it 3 after its time', async () => {
  const clock = new VirtualClock();
  let reached = (): void => {};
  const request = new Promise<void>(resolve => {
    reached = resolve;
  });
  const silent = await open(
    new Hono().get('*', () => {
      reached();
      return new Promise<Response>(() => {});
    }),
  );
  const io = createFakeIo({ clock });
  const exit = showStatus({ listen: silent, json: false, watch: false }, io);
  await request;
  await clock.advance(5_000);
  assert.is(await exit, 3);
  assert.match(io.stderr.text, 'did not answer within 5 s');
  await silent.close();
});

test('--watch asks each second, draws anew, and ends by a signal', async () => {
  snapshot = allUp;
  const clock = new VirtualClock();
  const io = createFakeIo({ clock, terminal: true });
  const exit = showStatus({ listen: agent, json: false, watch: true }, io);
  await until(() => io.stdout.text.includes('up wlc'), clock);
  snapshot = oneDown;
  await clock.advance(1_000);
  await until(() => / down /.test(io.stdout.text), clock);
  io.send('SIGINT');
  assert.is(await exit, 0);
  assert.is(io.listeners(), 0);
  assert.is(clock.pending(), 0);
});

test('--watch goes on while the agent is restarted', async () => {
  snapshot = allUp;
  const clock = new VirtualClock();
  const restarted = await open(
    createApp({ snapshot: () => snapshot, metrics: noMetrics, unjudged: () => [], alive: () => true }),
  );
  const io = createFakeIo({ clock });
  const exit = showStatus({ listen: restarted, json: false, watch: true }, io);
  await until(() => io.stdout.text.includes('up wlc'), clock);
  await restarted.close();
  await clock.advance(1_000);
  await until(() => io.stdout.text.includes('no agent listens on'), clock);
  io.send('SIGTERM');
  assert.is(await exit, 0);
});

test('--watch ends when nobody reads any more', async () => {
  snapshot = allUp;
  const clock = new VirtualClock();
  const io = createFakeIo({ clock });
  const exit = showStatus({ listen: agent, json: true, watch: true }, io);
  await until(() => io.stdout.text !== '' && clock.pending() > 0, clock);
  io.stdout.closed = true;
  await clock.advance(1_000);
  assert.is(await exit, 0);
  assert.equal(JSON.parse(io.stdout.text), allUp);
});

async function open(app: Hono): Promise<WebServer> {
  const listening = await listen(app, { address: '127.0.0.1', port: 0 });
  if (!listening.ok) throw new Error(listening.detail);
  return listening.server;
}

/** Lets real sockets work while the clock stands still. */
async function until(condition: () => boolean, clock: VirtualClock): Promise<void> {
  while (!condition()) await clock.advance(0);
}

test.run();
