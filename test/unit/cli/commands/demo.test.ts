import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as assert from 'uvu/assert';
import { runDemo } from '../../../../src/cli/commands/demo.ts';
import type { ComposeOptions, Modules } from '../../../../src/cli/io.ts';
import { httpClient } from '../../../../src/sys/http-client.ts';
import { sockets } from '../../../../src/sys/sockets.ts';
import { createApp } from '../../../../src/web/app.ts';
import { listen } from '../../../../src/web/server.ts';
import { VirtualClock } from '../../../../testing/virtual-clock.ts';
import { noMetrics } from '../../../support/no-metrics.ts';
import { suite } from '../../../support/suite.ts';
import { createSnapshot } from '../../web/snapshot.ts';
import { createConfig, createFakeIo, type FakeIo } from '../fake-io.ts';

const test = suite('cli/commands/demo');
const freePort = { address: '127.0.0.1', port: 0 };

/** `running` is called once the agent runs. */
function createStage(io: FakeIo, running: (composed: ComposeOptions) => Promise<void> | void) {
  const texts: string[] = [];
  const composed: ComposeOptions[] = [];
  const modules: Modules = {
    load: async file => {
      texts.push(readFileSync(file, 'utf8'));
      return { config: createConfig(), diagnostics: [], sources: new Map(), secrets: [], checkers: [] };
    },
    loadTree: () => {
      throw new Error('no tree here');
    },
    readFile: () => {
      throw new Error('no file here');
    },
    checkers: [],
    sockets,
    http: httpClient,
    resolve: () => {
      throw new Error('no name here');
    },
    editFile: () => {
      throw new Error('nothing is edited here');
    },
    writeFile: () => {
      throw new Error('nothing is written here');
    },
    readPackaged: () => {
      throw new Error('nothing is copied here');
    },
    openContext: () => {
      throw new Error('no check here');
    },
    compose: options => {
      composed.push(options);
      return {
        start: async () => {
          setImmediate(async () => {
            await running(options);
            io.send('SIGINT');
          });
        },
        stop: async () => {},
        reload: async () => {},
        snapshot: () => createSnapshot(),
        metrics: noMetrics,
        reloaded: () => {},
        unjudged: () => [],
      };
    },
  };
  return { modules, texts, composed };
}

test('the demo loads a configuration file like a user, with IPVS in memory, and leaves nothing behind', async () => {
  const clock = new VirtualClock();
  const io = createFakeIo({ clock });
  let there = false;
  const { modules, texts, composed } = createStage(io, ({ config }) => {
    there = existsSync(dirname(config.settings.stateDir));
  });
  assert.is(await runDemo({ listen: freePort }, io, modules), 0);
  assert.match(texts[0] ?? '', 'virtual_server 192.0.2.10 80 {');
  const { ipvs, stateDir } = composed[0]?.config.settings ?? createConfig().settings;
  assert.is(ipvs, 'memory');
  assert.ok(there, 'the state directory can be made while it runs');
  assert.not.ok(existsSync(dirname(stateDir)));
  assert.is(clock.pending(), 0);
  assert.is(io.listeners(), 0);
});

test('a state directory of the user is used and not removed', async () => {
  const io = createFakeIo();
  const { modules, composed } = createStage(io, () => {});
  await runDemo({ listen: freePort, stateDir: '/nonexistent/state' }, io, modules);
  assert.is(composed[0]?.config.settings.stateDir, '/nonexistent/state');
});

test('off a terminal there are log lines, one with the address of the API', async () => {
  const io = createFakeIo();
  await runDemo({ listen: freePort }, io, createStage(io, () => {}).modules);
  assert.ok(
    io.logged.some(line => /http:\/\/127\.0\.0\.1:\d+\/api\/v1\/status/.test(line)),
    io.logged.join('\n'),
  );
  assert.is(io.stdout.text, '');
});

test('on a terminal there is a table that is drawn again, with the log and the address at its foot', async () => {
  const clock = new VirtualClock();
  const io = createFakeIo({ clock, terminal: true });
  const { modules } = createStage(io, async ({ log }) => {
    log.warn('real server 127.0.0.1:1 is down');
    await clock.advance(500);
  });
  assert.is(await runDemo({ listen: freePort }, io, modules), 0);
  assert.match(io.stdout.text, 'tcp/10.0.0.1:80 up wlc DR');
  assert.match(io.stdout.text, 'real server 127.0.0.1:1 is down');
  assert.match(io.stdout.text, /curl http:\/\/127\.0\.0\.1:\d+\/api\/v1\/status/);
  assert.equal(io.logged, []);
});

test('a port that the user chose and that is taken makes it 1, with the reason', async () => {
  const taken = await listen(
    createApp({ snapshot: createSnapshot, metrics: noMetrics, unjudged: () => [], alive: () => true }),
    freePort,
  );
  assert.ok(taken.ok);
  for (const terminal of [false, true]) {
    const io = createFakeIo({ terminal });
    assert.is(await runDemo({ listen: taken.server }, io, createStage(io, () => {}).modules), 1);
    assert.match(`${io.logged.join('\n')}${io.stderr.text}`, 'another program has this port');
  }
  await taken.server.close();
});

test.run();
