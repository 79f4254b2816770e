import * as assert from 'uvu/assert';
import type { RunningAgent } from '../../../src/cli/io.ts';
import { serveAgent } from '../../../src/cli/serve.ts';
import { overrideSettings } from '../../../src/cli/settings.ts';
import { createApp } from '../../../src/web/app.ts';
import { listen } from '../../../src/web/server.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { noMetrics } from '../../support/no-metrics.ts';
import { suite } from '../../support/suite.ts';
import { createSnapshot } from '../web/snapshot.ts';
import { createConfig, createFakeIo } from './fake-io.ts';

const test = suite('cli/serve');

/** Starts and stops at once, and does nothing. */
const idleAgent: RunningAgent = {
  start: async () => {},
  stop: async () => {},
  reload: async () => {},
  snapshot: () => createSnapshot(),
  metrics: noMetrics,
  reloaded: () => {},
  unjudged: () => [],
};

test('a port that is taken is given up for a free one where any will do', async () => {
  const app = createApp({ snapshot: createSnapshot, metrics: noMetrics, unjudged: () => [], alive: () => true });
  const taken = await listen(app, { address: '127.0.0.1', port: 0 });
  assert.ok(taken.ok);
  const io = createFakeIo();
  let api = '';
  const exit = await serveAgent(
    {
      config: () => overrideSettings(createConfig(), { listen: taken.server }),
      checkers: [],
      dryRun: false,
      releaseIpvs: true,
      log: io.openLog('text'),
      anyPort: true,
      reload: async () => {},
      started: (_, address) => {
        api = address;
        io.send('SIGTERM');
        return () => {};
      },
    },
    io,
    {
      compose: () => idleAgent,
    },
  );
  assert.is(exit, 0);
  assert.match(api, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.is.not(api, `http://127.0.0.1:${taken.server.port}`);
  assert.ok(io.logged.includes(`warn: port ${taken.server.port} is taken by another program: taking a free one`));
  await taken.server.close();
});

/** What serveAgent is asked in the tests of its end. */
const plain = (io: ReturnType<typeof createFakeIo>, config = createConfig()) => ({
  config: () => config,
  checkers: [],
  dryRun: false,
  releaseIpvs: true,
  log: io.openLog('text'),
  anyPort: true,
  reload: async () => {},
  started: () => () => {},
});

test('a signal that comes while the agent starts does not wait for the start', async () => {
  const io = createFakeIo();
  let stopped = false;
  const exit = await serveAgent(plain(io), io, {
    compose: () => ({
      ...idleAgent,
      start: () => {
        io.send('SIGTERM');
        return new Promise(() => {});
      },
      stop: async () => {
        stopped = true;
      },
      unjudged: () => null,
    }),
  });
  assert.is(exit, 0);
  assert.ok(stopped);
});

test('a stop that takes longer than it may is left', async () => {
  const clock = new VirtualClock();
  const io = createFakeIo({ clock });
  let stopping = (): void => {};
  const begun = new Promise<void>(resolve => {
    stopping = resolve;
  });
  const exit = serveAgent(
    {
      ...plain(io),
      started: () => {
        io.send('SIGTERM');
        return () => {};
      },
    },
    io,
    {
      compose: () => ({
        ...idleAgent,
        stop: () => {
          stopping();
          return new Promise(() => {});
        },
      }),
    },
  );
  await begun;
  await clock.advance(2_000);
  assert.is(await exit, 0);
  assert.ok(io.logged.includes('warn: not everything ended in time: leaving without it'), io.logged.join('\n'));
  assert.is(clock.pending(), 0);
});

test('the service manager hears of start, reload, signs of life and stop', async () => {
  const clock = new VirtualClock();
  const io = createFakeIo({ clock, watchdog: 30_000 });
  let api = '';
  const told: string[][] = [];
  const look = (): void => void told.push(io.told.splice(0));
  let reloaded = (): void => {};
  const reloads = new Promise<void>(resolve => {
    reloaded = resolve;
  });
  let started = (): void => {};
  const starts = new Promise<void>(resolve => {
    started = resolve;
  });
  const exit = serveAgent(
    {
      ...plain(io, overrideSettings(createConfig(), { listen: { address: '127.0.0.1', port: 0 } })),
      reload: async () => {
        look();
        reloaded();
      },
      started: (_, address) => {
        api = address;
        started();
        return () => {};
      },
    },
    io,
    {
      compose: () => idleAgent,
    },
  );
  await starts;
  await clock.advance(31_000);
  look();
  io.send('SIGHUP');
  await reloads;
  await clock.advance(0);
  look();
  io.send('SIGTERM');
  assert.is(await exit, 0);
  look();
  assert.equal(told, [
    ['READY=1', `STATUS=checking; the API is on ${api}`, 'WATCHDOG=1', 'WATCHDOG=1'],
    ['RELOADING=1'],
    ['READY=1'],
    ['STOPPING=1'],
  ]);
  assert.is(clock.pending(), 0);
});

test.run();
