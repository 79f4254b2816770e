import * as assert from 'uvu/assert';
import { Agent } from '../../../src/engine/agent.ts';
import { createIpvsDriver } from '../../../src/ipvs/driver.ts';
import { createMemoryTable } from '../../../src/ipvs/memory.ts';
import type { Checker, CheckResult } from '../../../src/model/check.ts';
import type { Config } from '../../../src/model/config.ts';
import type { Remembered } from '../../../src/model/event.ts';
import { vsId } from '../../../src/model/ids.ts';
import type { IpvsTable } from '../../../src/model/ipvs.ts';
import type { RealServer, VirtualServer } from '../../../src/model/server.ts';
import { makeContext } from '../../../testing/check-context.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { makeConfig } from '../../support/configs.ts';
import { FakeStore } from '../../support/fake-store.ts';
import { planCheck, planRealServer, planVirtualServer } from '../../support/plans.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { silentDeliverers } from '../../support/silent-deliverers.ts';
import { silentMeter } from '../../support/silent-meter.ts';
import { suite } from '../../support/suite.ts';

const test = suite('Agent');

const pass: CheckResult = { ok: true, took: 1, detail: '' };
const refused: CheckResult = { ok: false, took: 1, reason: 'refused', detail: 'connect ECONNREFUSED' };

/** An agent in manage mode over a table in memory; `sick` holds the spec names of the checks that fail. */
function setUp(config: Config, found?: ReadonlyMap<string, Remembered>, random: () => number = () => 0) {
  const clock = new VirtualClock();
  const log = new RecordingLog();
  const store = new FakeStore(found);
  const memory = createMemoryTable();
  const sick = new Set<string>();
  const unable = new Set<string>();
  const runs: [string, number][] = [];
  const told: string[] = [];
  let broken = false;
  let stubborn: string | null = null;
  let held: Promise<void> = Promise.resolve();
  let writes = 0;
  let address = new Set<string>();
  const checker: Checker<string> = {
    keyword: 'FAKE_CHECK',
    doc: 'Passes unless its spec is in the list of the sick.',
    params: [],
    defaultRetry: 0,
    defaultDelayBeforeRetry: 0,
    pace: 'end',
    mail: { up: '', down: '' },
    plan: () => [],
    longest: () => 1000,
    check: async spec => {
      runs.push([spec, clock.now()]);
      if (unable.has(spec)) return { ok: false, took: 0, reason: 'local', detail: 'no socket' };
      return sick.has(spec) ? refused : pass;
    },
  };
  const table = {
    ...memory,
    read: async () => pretend(await memory.read(), stubborn),
    write: async (commands: Parameters<typeof memory.write>[0]) => {
      if (broken) throw new Error('ipvsadm: no permission');
      writes++;
      await held;
      return memory.write(commands);
    },
  };
  const agent = new Agent(
    { config, version: '0' },
    {
      checkers: [checker as Checker],
      context: makeContext({ clock }),
      driver: createIpvsDriver({ policy: config.settings.ipvs === 'weights' ? 'weights' : 'manage' }, { table, log }),
      store,
      meter: silentMeter,
      announcers: {
        runScript: async effect => {
          told.push(`${effect.event} ${effect.realServer ?? effect.virtualServer}`);
          return { outcome: 'delivered', detail: '' };
        },
        writeFifo: line => told.push(line),
        sendMail: mail => told.push(mail.subject),
        sendAlert: alert => told.push(`${alert.channel} ${alert.subject}`),
      },
      ...silentDeliverers,
      calendar: () => () => {},
      localAddresses: () => address,
      random,
      newId: () => `${told.length}`,
      log,
    },
  );
  const weights = async (): Promise<Record<string, number>> => {
    const { services } = await memory.read();
    return Object.fromEntries(services.flatMap(({ destinations }) => destinations.map(d => [d.address, d.weight])));
  };
  return {
    agent,
    clock,
    log,
    store,
    memory,
    sick,
    unable,
    runs,
    told,
    weights,
    breakTable: (value: boolean) => {
      broken = value;
    },
    /** From now on the table says that this destination has another weight, whatever is written. */
    makeStubborn: (destination: string) => {
      stubborn = destination;
    },
    /** Until the returned function is called nothing that is written gets through. */
    holdTable: () => {
      let release = () => {};
      held = new Promise(resolve => (release = resolve));
      return release;
    },
    writes: () => writes,
    moveAddress: (...addresses: string[]) => {
      address = new Set(addresses);
    },
  };
}

function pretend({ services }: IpvsTable, stubborn: string | null): IpvsTable {
  return {
    services: services.map(({ service, destinations }) => ({
      service,
      destinations: destinations.map(entry => (entry.address === stubborn ? { ...entry, weight: 77 } : entry)),
    })),
  };
}

const notify = { argv: ['/bin/notify'] } as const;

function server(n: number, over: Partial<RealServer> = {}): RealServer {
  return planRealServer(n, {
    checks: [planCheck(`check-${n}`, { spec: `check-${n}` })],
    notifyDown: notify,
    notifyUp: notify,
    ...over,
  });
}

function configOf(...virtualServers: VirtualServer[]): Config {
  return makeConfig({ virtualServers, settings: { ipvs: 'manage' } });
}

test('a real server that fails leaves the table, and then it is told', async () => {
  const { agent, clock, sick, weights, told, store, log } = setUp(configOf(planVirtualServer([server(2), server(3)])));
  await agent.start();
  await clock.advance(1500);
  assert.equal(await weights(), { '10.0.0.2': 1, '10.0.0.3': 1 });
  assert.equal(told, ['VS [10.0.0.1]:tcp:80 UP']);
  sick.add('check-2');
  await clock.advance(1500);
  assert.equal(await weights(), { '10.0.0.3': 1 });
  assert.equal(told.slice(1).sort(), [
    'RS [10.0.0.2]:tcp:80 [10.0.0.1]:tcp:80 DOWN',
    '[director] Realserver [10.0.0.2]:tcp:80 of virtual server [10.0.0.1]:tcp:80 - DOWN',
    'notify_down 10.0.0.2:80',
  ]);
  assert.ok(log.lines.some(line => line.level === 'warn' && /10\.0\.0\.2:80.*down.*refused/.test(line.message)));
  assert.ok(store.commits.some(({ transitions }) => transitions.some(({ to }) => to === 'down')));
  assert.equal(
    agent.snapshot().virtualServers[0]?.realServers.map(({ state }) => state),
    ['down', 'up'],
  );
  sick.clear();
  await clock.advance(1500);
  assert.equal(await weights(), { '10.0.0.2': 1, '10.0.0.3': 1 });
  await agent.stop({ release: false });
});

test('who fails while a change waits for the table goes with it', async () => {
  const other = { kind: 'address', protocol: 'TCP', address: '10.0.0.1', port: 81 } as const;
  const first = planVirtualServer([server(2)]);
  const second = planVirtualServer([server(3), server(4), server(5)], { id: vsId('second'), services: [other] });
  const { agent, clock, sick, weights, told, holdTable, writes } = setUp(configOf(first, second));
  await agent.start();
  await clock.advance(3_000);
  const before = writes();
  told.length = 0;
  const release = holdTable();
  sick.add('check-2');
  await clock.advance(1_000);
  for (const name of ['check-3', 'check-4']) {
    sick.add(name);
    await clock.advance(1_000);
  }
  release();
  await clock.advance(150);
  assert.is(writes() - before, 2);
  assert.equal(await weights(), { '10.0.0.5': 1 });
  assert.equal(told.filter(text => text.startsWith('notify_down')).length, 3);
});

test('nothing is told while the table cannot be written, and it is when the table follows', async () => {
  const { agent, clock, sick, told, breakTable } = setUp(configOf(planVirtualServer([server(2), server(3)])));
  await agent.start();
  await clock.advance(1500);
  breakTable(true);
  sick.add('check-2');
  const before = told.length;
  await clock.advance(3000);
  assert.is(told.length, before);
  assert.match(agent.snapshot().troubles[0]?.message ?? '', 'no permission');
  assert.is(agent.snapshot().virtualServers[0]?.realServers[0]?.state, 'up');
  breakTable(false);
  await clock.advance(2000);
  assert.ok(told.includes('notify_down 10.0.0.2:80'));
  assert.equal(agent.snapshot().troubles, []);
  await agent.stop({ release: false });
});

test('a change that failed is tried again with the audit, however far the next check is', async () => {
  const hourly = planCheck('check-2', { spec: 'check-2', schedule: { kind: 'interval', every: 3_600_000 } });
  const { agent, clock, sick, told, breakTable } = setUp(
    configOf(planVirtualServer([server(2, { checks: [hourly] })])),
  );
  sick.add('check-2');
  breakTable(true);
  await agent.start();
  await clock.advance(3000);
  assert.equal(told, []);
  breakTable(false);
  await clock.advance(5000);
  assert.ok(told.includes('notify_down 10.0.0.2:80'));
  await agent.stop({ release: false });
});

test('a reload that turns no_checker_emails on is heeded from then on', async () => {
  const checks = ['a', 'b'].map(name => planCheck(name, { spec: name }));
  const vs = planVirtualServer([server(2, { checks })]);
  const { agent, clock, sick, told } = setUp(configOf(vs));
  await agent.start();
  await clock.advance(1500);
  sick.add('a');
  await clock.advance(1500);
  const mails = () => told.filter(line => line.startsWith('[director]')).length;
  assert.is(mails(), 1);
  agent.reload(makeConfig({ virtualServers: [vs], settings: { ipvs: 'manage' }, globals: { noCheckerEmails: true } }));
  sick.add('b');
  await clock.advance(1500);
  assert.is(mails(), 1);
  await agent.stop({ release: false });
});

test('checks without a verdict change nothing, and are told once a minute', async () => {
  const config = configOf(planVirtualServer([server(2), server(3)]));
  const { agent, clock, log, unable, told } = setUp(config);
  await agent.start();
  await clock.advance(1500);
  unable.add('check-2');
  await clock.advance(59_000);
  assert.equal(told, ['VS [10.0.0.1]:tcp:80 UP']);
  const lines = log.lines.filter(({ message }) => message.includes('without a verdict'));
  assert.is(lines.length, 1);
  assert.match(lines[0]?.message ?? '', /FAKE_CHECK of 10\.0\.0\.2:80.*local \(no socket\)/);
  await clock.advance(10_000);
  assert.is(log.lines.filter(({ message }) => message.includes('without a verdict')).length, 2);
  await agent.stop({ release: false });
});

test('what somebody else does to the table is put right by the audit', async () => {
  const { agent, clock, memory, weights } = setUp(configOf(planVirtualServer([server(2, { weight: 7 })])));
  await agent.start();
  await clock.advance(1000);
  const [entry] = (await memory.read()).services;
  const [destination] = entry?.destinations ?? [];
  assert.ok(entry && destination);
  await memory.write([
    { type: 'edit-destination', service: entry.service.key, destination: { ...destination, weight: 1 } },
  ]);
  await clock.advance(5100);
  assert.equal(await weights(), { '10.0.0.2': 7 });
  await agent.stop({ release: false });
});

test('an audit that falls between a first failure and the one that counts lets the change go first', async () => {
  const check = planCheck('check-2', {
    spec: 'check-2',
    schedule: { kind: 'interval', every: 1_500 },
    retry: 1,
    delayBeforeRetry: 1_000,
  });
  const { agent, clock, memory, sick, runs, told } = setUp(
    configOf(planVirtualServer([server(2, { checks: [check] })])),
  );
  await agent.start();
  await clock.advance(4_100);
  sick.add('check-2');
  const reads: number[] = [];
  const { read } = memory;
  memory.read = () => {
    reads.push(clock.now());
    return read();
  };
  await clock.advance(1_399);
  assert.equal(runs.at(-1), ['check-2', 4_500]);
  assert.equal(reads, [], 'the audit was due after 5 s');
  await clock.advance(500);
  assert.ok(told.includes('notify_down 10.0.0.2:80'));
  const forChange = reads.length;
  await clock.advance(1_000);
  assert.ok(reads.length > forChange, 'and then it is made');
  await agent.stop({ release: false });
});

test('an audit that waits is not waited for at the end, nor made after it', async () => {
  const { agent, clock, sick } = setUp(configOf(planVirtualServer([server(2)])));
  await agent.start();
  await clock.advance(4_500);
  sick.add('check-2');
  await clock.advance(700);
  await agent.stop({ release: false });
  assert.is(clock.pending(), 0);
});

test('a restart with the memory of a crash tells nothing twice', async () => {
  const config = configOf(planVirtualServer([server(2), server(3)]));
  const first = setUp(config);
  await first.agent.start();
  first.sick.add('check-2');
  await first.clock.advance(3000);
  assert.ok(first.told.includes('notify_down 10.0.0.2:80'));
  const second = setUp(config, first.store.recollection());
  second.sick.add('check-2');
  await second.agent.start();
  await second.clock.advance(5000);
  assert.equal(second.told, []);
  assert.equal(await second.weights(), { '10.0.0.3': 1 });
  second.sick.clear();
  await second.clock.advance(2000);
  assert.ok(second.told.includes('notify_up 10.0.0.2:80'));
  await second.agent.stop({ release: false });
  await first.agent.stop({ release: false });
});

test('a stop in manage mode takes its services out of the table, unless told to leave them', async () => {
  for (const release of [true, false]) {
    const { agent, clock, memory, store } = setUp(configOf(planVirtualServer([server(2)])));
    await agent.start();
    await clock.advance(1000);
    const stopped = agent.stop({ release });
    await clock.advance(2000);
    await stopped;
    assert.is((await memory.read()).services.length, release ? 0 : 1);
    assert.ok(store.closed);
  }
});

test('a reload keeps the timers of unchanged checks and starts the new ones', async () => {
  const slow = { schedule: { kind: 'interval', every: 10_000 } } as const;
  const two = server(2, { checks: [planCheck('check-2', { ...slow, spec: 'check-2' })] });
  const three = server(3, { checks: [planCheck('check-3', { ...slow, spec: 'check-3' })] });
  const { agent, clock, runs, weights } = setUp(configOf(planVirtualServer([two])));
  await agent.start();
  await clock.advance(4000);
  agent.reload(configOf(planVirtualServer([two, three])));
  await clock.advance(8000);
  assert.equal(runs, [
    ['check-2', 0],
    ['check-3', 4000],
    ['check-2', 10_000],
  ]);
  assert.equal(await weights(), { '10.0.0.2': 1, '10.0.0.3': 1 });
  await agent.stop({ release: false });
});

test('what has passed of the warmup when the checks are known is over, but for half of it', async () => {
  const late = (n: number) => ({ checks: [planCheck(`check-${n}`, { spec: `check-${n}`, warmup: n })] });
  const config = makeConfig({
    virtualServers: [planVirtualServer([planRealServer(1, late(1_000)), planRealServer(2, late(6_000))])],
  });
  const { agent, clock, runs } = setUp(config, undefined, () => 1);
  const began = clock.now();
  await agent.start(began - 1_500);
  await clock.advance(6_100);
  const first = (spec: string) => (runs.find(([each]) => each === spec)?.[1] ?? 0) - began;
  assert.equal([first('check-1000'), first('check-6000')], [500, 4_500]);
  await agent.stop({ release: false });
});

test('an edited check on a server that is down is run within a second of the reload, whatever its warmup', async () => {
  const edited = planCheck('edited', { spec: 'edited', warmup: 60_000 });
  const before = configOf(planVirtualServer([server(2), server(3)]));
  const after = configOf(planVirtualServer([server(2, { checks: [edited] }), server(3)]));
  const { agent, clock, sick, weights } = setUp(before, undefined, () => 0.99);
  sick.add('check-2');
  await agent.start();
  await clock.advance(3000);
  assert.equal(await weights(), { '10.0.0.3': 1 });
  agent.reload(after);
  await clock.advance(1500);
  assert.equal(await weights(), { '10.0.0.2': 1, '10.0.0.3': 1 });
  await agent.stop({ release: false });
});

test('a virtual server that a reload drops leaves the table, even if that fails at first', async () => {
  const other = planVirtualServer([server(3)], {
    id: 'tcp/10.0.0.9:80' as VirtualServer['id'],
    services: [{ kind: 'address', protocol: 'TCP', address: '10.0.0.9', port: 80 }],
  });
  const { agent, clock, memory, breakTable } = setUp(configOf(planVirtualServer([server(2)]), other));
  await agent.start();
  await clock.advance(1000);
  breakTable(true);
  agent.reload(configOf(planVirtualServer([server(2)])));
  await clock.advance(1000);
  assert.is((await memory.read()).services.length, 2);
  breakTable(false);
  await clock.advance(6000);
  assert.is((await memory.read()).services.length, 1);
  await agent.stop({ release: false });
});

test('a virtual server that a reload brings back stays, even while its change is refused', async () => {
  const config = configOf(planVirtualServer([server(2)]));
  const { agent, clock, memory, breakTable, makeStubborn } = setUp(config);
  await agent.start();
  await clock.advance(1000);
  breakTable(true);
  agent.reload(configOf());
  await clock.advance(1000);
  agent.reload(config);
  makeStubborn('10.0.0.2');
  breakTable(false);
  let gone = false;
  const { write } = memory;
  memory.write = async commands => {
    gone ||= commands.some(command => command.type === 'delete-service');
    return write(commands);
  };
  await clock.advance(20_000);
  assert.not(gone, 'the service was deleted for a moment');
  const stopped = agent.stop({ release: false });
  await clock.advance(100);
  await stopped;
});

test('the audit does not bring back who is down while another part of the change is refused', async () => {
  const { agent, clock, sick, memory, weights, makeStubborn } = setUp(
    configOf(planVirtualServer([server(2), server(3)])),
  );
  await agent.start();
  await clock.advance(1500);
  makeStubborn('10.0.0.3');
  sick.add('check-2');
  await clock.advance(1500);
  assert.equal(await weights(), { '10.0.0.3': 1 });
  let returned = false;
  const { write } = memory;
  memory.write = async commands => {
    returned ||= commands.some(command => command.type === 'add-destination');
    return write(commands);
  };
  await clock.advance(20_000);
  assert.not(returned, 'a server that is down was added again');
  assert.equal(await weights(), { '10.0.0.3': 1 });
  const stopped = agent.stop({ release: false });
  await clock.advance(100);
  await stopped;
});

test('a table that hangs does not keep it from stopping within its limit, with the store closed', async () => {
  const config = makeConfig({
    virtualServers: [planVirtualServer([server(2)])],
    settings: { ipvs: 'manage' },
    globals: { lvsFlushOnStop: 'all' },
  });
  const { agent, clock, memory, store } = setUp(config);
  await agent.start();
  memory.write = () => new Promise(() => {});
  await clock.advance(1000);
  const stopped = agent.stop({ release: true });
  await clock.advance(1500);
  assert.ok(store.closed);
  await stopped;
});

test('verdicts of which nobody is told cost one memory a second, not one each', async () => {
  const numbers = [2, 3, 4, 5, 6];
  const late = (n: number) => ({ checks: [planCheck(`check-${n}`, { spec: `check-${n}`, warmup: 1000 })] });
  const config = configOf(planVirtualServer(numbers.map(n => server(n, late(n)))));
  let turn = 0;
  const { agent, clock, store } = setUp(config, undefined, () => ++turn / 10);
  await agent.start();
  await clock.advance(90);
  const before = store.commits.length;
  await clock.advance(910);
  const later = store.commits.slice(before);
  assert.is(later.filter(({ transitions }) => transitions.length > 0).length, 5);
  assert.is(later.filter(({ remember }) => remember !== undefined).length, 1);
  const kept = store.recollection().get('tcp/10.0.0.1:80');
  assert.equal(
    Object.values(kept?.realServers ?? {}).map(({ health }) => health),
    ['up', 'up', 'up', 'up', 'up'],
  );
  await agent.stop({ release: false });
});

test('a service that a reload moves to another virtual server is there all the time', async () => {
  const key = (address: string) => ({ kind: 'address', protocol: 'TCP', address, port: 80 }) as const;
  const group = (name: string, n: number, ...addresses: string[]) =>
    planVirtualServer([server(n)], { id: name as VirtualServer['id'], services: addresses.map(key) });
  const { agent, clock, memory } = setUp(configOf(group('a', 2, '10.0.1.1'), group('b', 3, '10.0.1.2', '10.0.1.3')));
  await agent.start();
  await clock.advance(1000);
  agent.reload(configOf(group('a', 2, '10.0.1.1', '10.0.1.2'), group('b', 3, '10.0.1.3')));
  await clock.advance(1000);
  const { services } = await memory.read();
  assert.equal(
    services.map(({ service, destinations }) => [
      'address' in service.key && service.key.address,
      destinations.map(({ address }) => address),
    ]),
    [
      ['10.0.1.1', ['10.0.0.2']],
      ['10.0.1.2', ['10.0.0.2']],
      ['10.0.1.3', ['10.0.0.3']],
    ],
  );
  await agent.stop({ release: false });
});

test('with ha_suspend checks change nothing while the virtual address is elsewhere', async () => {
  const vs = planVirtualServer([server(2), server(3)], { haSuspend: true });
  const { agent, clock, sick, weights, moveAddress } = setUp(configOf(vs));
  await agent.start();
  sick.add('check-2');
  await clock.advance(3000);
  assert.equal(
    agent.snapshot().virtualServers[0]?.realServers.map(({ state }) => state),
    ['disabled', 'disabled'],
  );
  moveAddress('10.0.0.1');
  await clock.advance(3000);
  assert.equal(
    agent.snapshot().virtualServers[0]?.realServers.map(({ state }) => state),
    ['down', 'up'],
  );
  assert.equal(await weights(), { '10.0.0.3': 1 });
  await agent.stop({ release: false });
});

const waiting = { type: 'FAKE_CHECK', realServer: '10.0.0.2:80', virtualServer: 'tcp/10.0.0.1:80' };

test('it is ready when every check has a verdict, not when it has run', async () => {
  const patient = planCheck('late', { warmup: 3000, spec: 'late', retry: 1, delayBeforeRetry: 2000 });
  const { agent, clock, sick } = setUp(configOf(planVirtualServer([server(2, { checks: [patient] })])));
  sick.add('late');
  assert.is(agent.unjudged(), null);
  await agent.start();
  assert.equal([...(agent.unjudged() ?? [])], [waiting]);
  await clock.advance(1000);
  assert.equal([...(agent.unjudged() ?? [])], [waiting], 'one failure that is forgiven is no verdict');
  await clock.advance(2000);
  assert.equal([...(agent.unjudged() ?? [])], []);
  await agent.stop({ release: false });
});

test('what ha_suspend keeps from being checked does not keep the agent from being ready', async () => {
  const { agent, clock } = setUp(configOf(planVirtualServer([server(2)], { haSuspend: true })));
  await agent.start();
  assert.equal([...(agent.unjudged() ?? [waiting])], []);
  await clock.advance(1000);
  assert.equal([...(agent.unjudged() ?? [waiting])], []);
  await agent.stop({ release: false });
});

test('the store is kept up a minute after the start and each hour, so that an agent restarted every hour does it too', async () => {
  const { agent, clock, store } = setUp(configOf());
  await agent.start();
  await clock.advance(59_000);
  assert.is(store.maintained, 0);
  await clock.advance(2_000);
  assert.is(store.maintained, 1);
  await clock.advance(3_600_000);
  assert.is(store.maintained, 2);
  await agent.stop({ release: false });
});

test.run();
