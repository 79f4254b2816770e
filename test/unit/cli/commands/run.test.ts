import { get } from 'node:http';
import * as assert from 'uvu/assert';
import { type RunOptions, runAgent } from '../../../../src/cli/commands/run.ts';
import type { ComposeOptions, Modules, RunningAgent } from '../../../../src/cli/io.ts';
import type { Diagnostic } from '../../../../src/config/diagnostics.ts';
import { UnreadableConfig } from '../../../../src/config/load.ts';
import type { Checker } from '../../../../src/model/check.ts';
import type { Config } from '../../../../src/model/config.ts';
import { httpClient } from '../../../../src/sys/http-client.ts';
import { sockets } from '../../../../src/sys/sockets.ts';
import { createApp } from '../../../../src/web/app.ts';
import { listen } from '../../../../src/web/server.ts';
import { VirtualClock } from '../../../../testing/virtual-clock.ts';
import { noMetrics } from '../../../support/no-metrics.ts';
import { planVirtualServer } from '../../../support/plans.ts';
import { suite } from '../../../support/suite.ts';
import { fakeChecker } from '../../config/read-text.ts';
import { createSnapshot } from '../../web/snapshot.ts';
import { createConfig, createDiagnostic, createFakeIo, type FakeIo } from '../fake-io.ts';

const test = suite('cli/commands/run');
const asked: RunOptions = {
  file: 'test.conf',
  configId: 'checkalived',
  lenient: false,
  dryRun: false,
  releaseIpvs: true,
};

interface Stage extends Modules {
  /** What the agent was told, in order. */
  readonly told: string[];
  readonly composed: ComposeOptions[];
  readonly reloaded: Config[];
  reloadedCheckers: readonly string[];
  /** What the file holds now. */
  checkers: readonly Checker[];
  config: Config;
  diagnostics: readonly Diagnostic[];
  unreadable: boolean;
}

function createStage(changes: Partial<RunningAgent> = {}): Stage {
  const stage: Stage = {
    told: [],
    composed: [],
    reloaded: [],
    reloadedCheckers: [],
    config: createConfig(),
    diagnostics: [],
    unreadable: false,
    load: async () => {
      if (stage.unreadable)
        throw new UnreadableConfig('test.conf', { ok: false, reason: 'missing', detail: 'it is gone' });
      return {
        config: stage.config,
        diagnostics: stage.diagnostics,
        sources: new Map(),
        secrets: [],
        checkers: stage.checkers,
      };
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
      throw new Error('no check outside of the agent here');
    },
    compose: options => {
      stage.composed.push(options);
      return {
        start: async () => void stage.told.push('start'),
        stop: async ({ release }) => void stage.told.push(`stop ${release}`),
        reload: async (config, checkers) => {
          stage.reloadedCheckers = checkers.map(({ keyword }) => keyword);
          stage.told.push('reload');
          stage.reloaded.push(config);
        },
        snapshot: () => createSnapshot(),
        metrics: noMetrics,
        reloaded: () => {},
        unjudged: () => [],
        ...changes,
      };
    },
  };
  return stage;
}

test('SIGTERM stops the agent, releases what it added, and makes it 0', async () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const [io, stage] = [createFakeIo(), createStage()];
    const exit = runAgent(asked, io, stage);
    await logged(io, 'the API is on');
    io.send(signal);
    assert.is(await exit, 0);
    assert.equal(stage.told, ['start', 'stop true']);
    assert.is(io.listeners(), 0);
  }
});

test('--dont-release-ipvs leaves the table as it is', async () => {
  const [io, stage] = [createFakeIo(), createStage()];
  const exit = runAgent({ ...asked, releaseIpvs: false }, io, stage);
  await listening(io);
  io.send('SIGTERM');
  assert.is(await exit, 0);
  assert.equal(stage.told, ['start', 'stop false']);
});

test('the API tells of the agent while it runs, and is gone afterwards', async () => {
  const [io, stage] = [createFakeIo(), createStage()];
  const exit = runAgent(asked, io, stage);
  const url = (await logged(io, 'the API is on')).replace(/^.* on /, '');
  assert.is(await statusOf(url), 200);
  io.send('SIGTERM');
  await exit;
  assert.is(await statusOf(url), 0);
});

test('options of the command line win over the file', async () => {
  const [io, stage] = [createFakeIo(), createStage()];
  const listenAt = { address: '127.0.0.1', port: 0 };
  const exit = runAgent(
    { ...asked, dryRun: true, ipvs: 'manage', stateDir: '/nonexistent/other', listen: listenAt, logFormat: 'json' },
    io,
    stage,
  );
  await listening(io);
  io.send('SIGTERM');
  await exit;
  const [composed] = stage.composed;
  assert.is(composed?.dryRun, true);
  assert.is(composed?.version, '1.2.3');
  const { ipvs, stateDir, listen, logFormat } = composed?.config.settings ?? createConfig().settings;
  assert.equal(
    { ipvs, stateDir, listen, logFormat },
    { ipvs: 'manage', stateDir: '/nonexistent/other', listen: listenAt, logFormat: 'json' },
  );
});

test('errors of the file make it 1 before anything is touched', async () => {
  const [io, stage] = [createFakeIo(), createStage()];
  stage.diagnostics = [createDiagnostic()];
  assert.is(await runAgent(asked, io, stage), 1);
  assert.equal(stage.composed, []);
  assert.match(io.stderr.text, 'test.conf:2:3: error: x is no address [bad-address]');
  assert.match(io.stderr.text, 'add --lenient');
});

test('--lenient starts in spite of errors, and says so', async () => {
  const [io, stage] = [createFakeIo(), createStage()];
  stage.diagnostics = [createDiagnostic(), createDiagnostic({ severity: 'warning' })];
  const exit = runAgent({ ...asked, lenient: true }, io, stage);
  await listening(io);
  io.send('SIGTERM');
  assert.is(await exit, 0);
  assert.ok(
    io.logged.includes('warn: test.conf has 1 error: what it concerns stays unchecked (--lenient)'),
    io.logged.join('\n'),
  );
  assert.ok(
    io.logged.includes('warn: test.conf has 1 warning: checkalived test -f test.conf shows it'),
    io.logged.join('\n'),
  );
});

test('a file that cannot be read makes it 1', async () => {
  const [io, stage] = [createFakeIo(), createStage()];
  stage.unreadable = true;
  assert.is(await runAgent(asked, io, stage), 1);
  assert.match(io.stderr.text, 'test.conf cannot be read: it is gone.');
});

test('an agent that cannot start makes it 1 with its sentence', async () => {
  const io = createFakeIo();
  const start = () => Promise.reject(new Error('no ipvsadm; run with --ipvs memory to go without IPVS'));
  assert.is(await runAgent(asked, io, createStage({ start })), 1);
  assert.is(io.logged.at(-1), 'error: no ipvsadm; run with --ipvs memory to go without IPVS');
});

test('a port that is taken makes it 1 before the agent starts', async () => {
  const taken = await listen(
    createApp({ snapshot: createSnapshot, metrics: noMetrics, unjudged: () => [], alive: () => true }),
    {
      address: '127.0.0.1',
      port: 0,
    },
  );
  assert.ok(taken.ok);
  const [io, stage] = [createFakeIo(), createStage()];
  assert.is(await runAgent({ ...asked, listen: taken.server }, io, stage), 1);
  assert.match(io.logged.at(-1) ?? '', 'another program has this port');
  assert.equal(stage.told, []);
  await taken.server.close();
});

test('one Ctrl-C may come twice, from the terminal and from npm, and is still one', async () => {
  const clock = new VirtualClock();
  const io = createFakeIo({ clock });
  let finish = (): void => {};
  const stopped = new Promise<void>(resolve => {
    finish = resolve;
  });
  const exit = runAgent(asked, io, createStage({ stop: () => stopped }));
  await logged(io, 'the API is on');
  io.send('SIGINT');
  await clock.advance(100);
  io.send('SIGINT');
  await logged(io, 'stopping');
  finish();
  assert.is(await exit, 0);
});

test('a second signal does not wait for the stop', async () => {
  const clock = new VirtualClock();
  const io = createFakeIo({ clock });
  const exit = runAgent(asked, io, createStage({ stop: () => new Promise(() => {}) }));
  await logged(io, 'the API is on');
  io.send('SIGTERM');
  await logged(io, 'stopping');
  await clock.advance(600);
  io.send('SIGTERM');
  assert.is(await exit, 1);
});

test('an exception that nobody caught is logged and makes it 1', async () => {
  const io = createFakeIo();
  const exit = runAgent(asked, io, createStage());
  await logged(io, 'the API is on');
  io.fail(new TypeError('no such thing'));
  assert.is(await exit, 1);
  assert.match(io.logged.at(-1) ?? '', /^error: .*bug.*no such thing/);
  io.send('SIGTERM');
});

test('SIGHUP reads the file again and keeps the options of the command line', async () => {
  const [io, stage] = [createFakeIo(), createStage()];
  const exit = runAgent({ ...asked, ipvs: 'manage' }, io, stage);
  await logged(io, 'the API is on');
  stage.config = { ...createConfig(), globals: { ...createConfig().globals, routerId: 'new' } };
  io.send('SIGHUP');
  await settled(() => stage.reloaded.length === 1);
  assert.is(stage.reloaded[0]?.globals.routerId, 'new');
  assert.is(stage.reloaded[0]?.settings.ipvs, 'manage');
  io.send('SIGTERM');
  await exit;
});

test('memory is given back when the start is over, and again after a reload', async () => {
  const clock = new VirtualClock();
  const [io, stage] = [createFakeIo({ clock }), createStage()];
  const exit = runAgent(asked, io, stage);
  await settled(() => io.told.some(line => line === 'READY=1'));
  await clock.advance(9_000);
  assert.is(io.compactions, 0);
  await clock.advance(60_000);
  assert.is(io.compactions, 1);
  for (const _ of [1, 2]) {
    io.send('SIGHUP');
    await settled(() => io.told.at(-1) === 'READY=1' && stage.reloaded.length > 0);
    stage.reloaded.length = 0;
    await clock.advance(9_000);
  }
  assert.is(io.compactions, 1);
  await clock.advance(60_000);
  assert.is(io.compactions, 2);
  io.send('SIGTERM');
  assert.is(await exit, 0);
  assert.is(clock.pending(), 0);
});

test('a reload of a file with errors is refused, with the places', async () => {
  const [io, stage] = [createFakeIo(), createStage()];
  const exit = runAgent(asked, io, stage);
  await logged(io, 'the API is on');
  stage.diagnostics = [createDiagnostic()];
  io.send('SIGHUP');
  await logged(io, 'bad-address');
  assert.ok(io.logged.includes('error: reload refused, the running configuration stays: test.conf has 1 error'));
  assert.ok(io.logged.includes('error: test.conf:2:3: x is no address [bad-address] write 10.0.0.1'));
  stage.unreadable = true;
  io.send('SIGHUP');
  await logged(io, 'it is gone');
  io.send('SIGTERM');
  await exit;
  assert.equal(stage.told, ['start', 'stop true']);
});

test('a reload of a file that has lost all its virtual servers is refused', async () => {
  const [io, stage] = [createFakeIo(), createStage()];
  stage.config = createConfig([planVirtualServer([])]);
  const exit = runAgent(asked, io, stage);
  await logged(io, 'the API is on');
  stage.config = createConfig();
  io.send('SIGHUP');
  await logged(io, 'reload refused, the running configuration stays: test.conf has no virtual server');
  io.send('SIGTERM');
  await exit;
  assert.equal(stage.reloaded, []);
});

test('the metrics hear what became of each reload', async () => {
  const heard: string[] = [];
  const io = createFakeIo();
  let broken = false;
  const stage = createStage({
    reload: async () => {
      if (broken) throw new Error('a bug');
    },
    reloaded: result => heard.push(result),
  });
  const exit = runAgent(asked, io, stage);
  await logged(io, 'the API is on');
  io.send('SIGHUP');
  await settled(() => heard.length === 1);
  stage.diagnostics = [createDiagnostic()];
  io.send('SIGHUP');
  await settled(() => heard.length === 2);
  stage.diagnostics = [];
  broken = true;
  io.send('SIGHUP');
  await settled(() => heard.length === 3);
  assert.equal(heard, ['ok', 'invalid', 'failed']);
  io.send('SIGTERM');
  await exit;
});

test('a listen address that a reload changes is said to wait for the next start', async () => {
  const [io, stage] = [createFakeIo(), createStage()];
  const exit = runAgent(asked, io, stage);
  await logged(io, 'the API is on');
  const config = createConfig();
  stage.config = { ...config, settings: { ...config.settings, listen: { address: '127.0.0.1', port: 1 } } };
  io.send('SIGHUP');
  await logged(io, 'the setting listen was changed to 127.0.0.1:1; it takes effect at the next start');
  io.send('SIGTERM');
  await exit;
});

test('reloads do not overlap: those asked for meanwhile are one more', async () => {
  const io = createFakeIo();
  let begun = 0;
  let finish = (): void => {};
  const reload = () =>
    new Promise<void>(resolve => {
      begun++;
      finish = resolve;
    });
  const exit = runAgent(asked, io, createStage({ reload }));
  await logged(io, 'the API is on');
  await settled(() => true);
  io.send('SIGHUP');
  await settled(() => begun === 1);
  io.send('SIGHUP');
  io.send('SIGHUP');
  await settled(() => true);
  assert.is(begun, 1);
  finish();
  await settled(() => begun === 2);
  finish();
  await settled(() => true);
  assert.is(begun, 2);
  io.send('SIGTERM');
  await exit;
});

test('a SIGHUP that comes before the agent has started waits for that', async () => {
  let started = (): void => {};
  const io = createFakeIo();
  const stage = createStage({
    start: () =>
      new Promise<void>(resolve => {
        started = resolve;
      }),
  });
  const exit = runAgent(asked, io, stage);
  await listening(io);
  io.send('SIGHUP');
  await logged(io, 'the API is on');
  await settled(() => true);
  assert.equal(stage.told, []);
  started();
  await settled(() => stage.told.length === 1);
  assert.equal(stage.told, ['reload']);
  io.send('SIGTERM');
  await exit;
});

/** The first line of the log with this text, once it is there. */
test('a reload hands over the checkers of its plug-ins, and tells which were changed', async () => {
  const [io, stage] = [createFakeIo(), createStage()];
  const exit = runAgent(asked, io, stage);
  await logged(io, 'the API is on');
  stage.checkers = [fakeChecker('MY_CHECK')];
  const changed = { message: 'my.mjs was changed.', hint: 'Restart.' };
  stage.diagnostics = [createDiagnostic({ severity: 'warning', code: 'plugin-changed', ...changed })];
  io.send('SIGHUP');
  await settled(() => stage.told.includes('reload'));
  assert.equal(stage.reloadedCheckers, ['MY_CHECK']);
  assert.ok(io.logged.includes('warn: my.mjs was changed. Restart.'));
  assert.not.ok(
    io.logged.some(line => line.includes('checkalived test')),
    'a test of the file would not show it',
  );
  io.send('SIGTERM');
  await exit;
});

async function logged(io: FakeIo, text: string): Promise<string> {
  const find = (): string | undefined => io.logged.find(line => line.includes(text));
  await settled(() => find() !== undefined);
  return find() ?? '';
}

/** Signals reach the program. */
async function listening(io: FakeIo): Promise<void> {
  while (io.listeners() === 0) await new Promise(resolve => setImmediate(resolve));
}

/** Gives everything under way a few turns of the loop, then waits for the condition. */
async function settled(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 5 || !condition(); turn++) await new Promise(resolve => setImmediate(resolve));
}

/** HTTP status, 0 when nobody answers. */
function statusOf(url: string): Promise<number> {
  return new Promise(resolve => {
    get(url, { agent: false }, response => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    }).on('error', () => resolve(0));
  });
}

test.run();
