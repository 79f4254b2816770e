import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { Agent } from '../../../src/engine/agent.ts';
import { createIpvsDriver } from '../../../src/ipvs/driver.ts';
import { createMemoryTable } from '../../../src/ipvs/memory.ts';
import type { Checker } from '../../../src/model/check.ts';
import type { Config } from '../../../src/model/config.ts';
import { vsId } from '../../../src/model/ids.ts';
import { makeContext } from '../../../testing/check-context.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { makeConfig } from '../../support/configs.ts';
import { FakeStore } from '../../support/fake-store.ts';
import { planCheck, planRealServer, planVirtualServer } from '../../support/plans.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { silentDeliverers } from '../../support/silent-deliverers.ts';
import { silentMeter } from '../../support/silent-meter.ts';
import { suite } from '../../support/suite.ts';

const test = suite('property: agent');

/** Which port each virtual server has in a configuration. */
type Layout = Readonly<Record<string, number>>;
const layouts: readonly Layout[] = [{ a: 80, b: 81, c: 82 }, { a: 80, b: 81 }, { b: 81, c: 82 }, { c: 82 }];
const servers = [2, 3, 4];

type Happening =
  | { readonly type: 'turn'; readonly vs: string; readonly server: number }
  | { readonly type: 'wait'; readonly span: number }
  | { readonly type: 'hold' | 'release' | 'break' | 'mend' | 'kill' }
  | { readonly type: 'reload'; readonly layout: Layout };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant('turn' as const),
      vs: fc.constantFrom('a', 'b', 'c'),
      server: fc.constantFrom(...servers),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({ type: fc.constant('wait' as const), span: fc.constantFrom(1, 5, 30, 80, 300, 1_100) }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constantFrom('hold' as const, 'release' as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('break' as const, 'mend' as const, 'kill' as const) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('reload' as const), layout: fc.constantFrom(...layouts) }) },
);

function configOf(layout: Layout): Config {
  const notify = { argv: ['/bin/notify'] } as const;
  const virtualServers = Object.entries(layout).map(([name, port]) =>
    planVirtualServer(
      servers.map(n =>
        planRealServer(n, {
          checks: [planCheck(`${name}-${n}`, { spec: `${name}-${n}` })],
          notifyDown: notify,
          notifyUp: notify,
        }),
      ),
      { id: vsId(name), quorumUp: notify, services: [{ kind: 'address', protocol: 'TCP', address: '10.0.0.1', port }] },
    ),
  );
  return makeConfig({ virtualServers, settings: { ipvs: 'manage' } });
}

class World {
  readonly clock = new VirtualClock();
  readonly sick = new Set<string>();
  readonly memory = createMemoryTable();
  store = new FakeStore();
  readonly told: string[] = [];
  /** What was told and is not so. */
  readonly untrue: string[] = [];
  log = new RecordingLog();
  layout: Layout = layouts[0] ?? {};
  agent: Agent;
  #broken = false;
  #held: Promise<void> = Promise.resolve();
  #release = (): void => {};
  /** A process that was killed does nothing any more. */
  #life = 0;
  /** What the table was after each write. */
  readonly #seen: Record<string, readonly string[]>[] = [];
  /** How many of them there were when something was last told of a real server. */
  readonly #toldAt = new Map<string, number>();

  constructor() {
    this.agent = this.#create();
  }

  #create(): Agent {
    const life = ++this.#life;
    const dead = new Promise<never>(() => {});
    const alive = <T>(value: T): T | Promise<never> => (life === this.#life ? value : dead);
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
      check: async spec =>
        alive(
          this.sick.has(spec)
            ? { ok: false, took: 1, reason: 'refused', detail: 'connect ECONNREFUSED' }
            : { ok: true, took: 1, detail: '' },
        ),
    };
    const table = {
      ...this.memory,
      read: async () => alive(await this.memory.read()),
      write: async (commands: Parameters<typeof this.memory.write>[0]) => {
        await alive(null);
        if (this.#broken) throw new Error('ipvsadm: no permission');
        await this.#held;
        await alive(null);
        const complaints = await this.memory.write(commands);
        this.#seen.push(await this.table());
        return complaints;
      },
    };
    this.store = new FakeStore(this.store.recollection());
    this.log = new RecordingLog();
    const { log, store } = this;
    return new Agent(
      { config: configOf(this.layout), version: '0' },
      {
        checkers: [checker as Checker],
        context: makeContext({ clock: this.clock }),
        driver: createIpvsDriver({ policy: 'manage' }, { table, log }),
        store,
        meter: silentMeter,
        announcers: {
          runScript: async ({ event, virtualServer, realServer, reason }) => {
            if (life === this.#life) this.#hear(event, virtualServer, realServer, reason);
            return { outcome: 'delivered', detail: '' };
          },
          writeFifo: () => {},
          sendMail: () => {},
          sendAlert: () => {},
        },
        ...silentDeliverers,
        calendar: () => () => {},
        localAddresses: () => new Set(),
        random: () => 0.01,
        newId: () => `${this.told.length}`,
        log,
      },
    );
  }

  async see(what: Happening): Promise<void> {
    switch (what.type) {
      case 'turn': {
        const name = `${what.vs}-${what.server}`;
        if (!this.sick.delete(name)) this.sick.add(name);
        return;
      }
      case 'wait':
        return await this.clock.advance(what.span);
      case 'hold':
        this.#release();
        this.#held = new Promise(resolve => (this.#release = resolve));
        return;
      case 'release':
        return this.#release();
      case 'break':
      case 'mend':
        this.#broken = what.type === 'break';
        return;
      case 'kill':
        this.agent = this.#create();
        return await this.agent.start();
      case 'reload':
        this.layout = what.layout;
        return this.agent.reload(configOf(what.layout));
    }
  }

  /** A real server is told to be up or down only if the table was so since it was last told of. */
  #hear(event: string, virtualServer: string, realServer: string | null, reason: string): void {
    const name = `${virtualServer} ${realServer}`;
    this.told.push(`${event} ${realServer === null ? virtualServer : name}`);
    // What ends with a reload does not wait for the table.
    const port = this.layout[virtualServer];
    if (realServer === null || reason === 'config' || port === undefined) return;
    const entry = `${realServer.replace(/:80$/, '')} 1`;
    const since = this.#seen.slice(this.#toldAt.get(name) ?? 0);
    if (!since.some(table => (table[port] ?? []).includes(entry) === (event === 'notify_up'))) {
      this.untrue.push(`${event} ${name}`);
    }
    this.#toldAt.set(name, Math.max(0, this.#seen.length - 1));
  }

  async table(): Promise<Record<string, readonly string[]>> {
    const { services } = await this.memory.read();
    return Object.fromEntries(
      services.map(({ service, destinations }) => [
        'port' in service.key ? `${service.key.port}` : '',
        destinations.map(({ address, weight }) => `${address} ${weight}`).sort(),
      ]),
    );
  }

  wanted(): Record<string, readonly string[]> {
    return Object.fromEntries(
      Object.entries(this.layout).map(([name, port]) => [
        `${port}`,
        servers.filter(n => !this.sick.has(`${name}-${n}`)).map(n => `10.0.0.${n} 1`),
      ]),
    );
  }
}

const settle: readonly Happening[] = [{ type: 'release' }, { type: 'mend' }, { type: 'wait', span: 20_000 }];

test('whatever happens meanwhile, the table ends as wanted, and what is told is so', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 5, maxLength: 40 }), async happenings => {
      const world = await live([...happenings, ...settle]);
      const happened = new Set(happenings.map(({ type }) => type));
      const [table, wanted] = [await world.table(), world.wanted()];
      // What a life left that was killed nobody knows of.
      const ports = Object.keys(happened.has('kill') ? wanted : { ...wanted, ...table });
      for (const port of ports) assert.equal(table[port], wanted[port], port);
      assert.equal(world.untrue, []);
      const repaired = world.log.lines.filter(({ message }) => message.includes('put right'));
      if (!happened.has('kill') && !happened.has('break')) assert.equal(repaired, []);
    }),
    { numRuns: 100, includeErrorInReport: true },
  );
});

test('who leaves while its first change is under way goes, though the table refuses that at first', async () => {
  const { 82: left } = await (
    await live([
      { type: 'hold' },
      { type: 'wait', span: 10 },
      { type: 'reload', layout: { a: 80, b: 81 } },
      { type: 'break' },
      { type: 'release' },
      { type: 'wait', span: 100 },
      ...settle,
    ])
  ).table();
  assert.is(left, undefined);
});

test('who leaves twice with the same name goes both times, though the table refuses that at first', async () => {
  const world = await live([
    { type: 'wait', span: 1_100 },
    { type: 'break' },
    { type: 'reload', layout: { a: 80, b: 81 } },
    { type: 'reload', layout: { a: 80, b: 81, c: 83 } },
    { type: 'wait', span: 80 },
    { type: 'reload', layout: { a: 80, b: 81 } },
    { type: 'wait', span: 80 },
    ...settle,
  ]);
  assert.equal(await world.table(), world.wanted());
});

test('the answer to a change of one that left is not taken for that of another with its name', async () => {
  const world = await live([
    { type: 'hold' },
    { type: 'wait', span: 50 },
    { type: 'reload', layout: { a: 80, b: 81 } },
    { type: 'reload', layout: { a: 80, b: 81, c: 83 } },
    { type: 'wait', span: 50 },
    { type: 'break' },
    { type: 'release' },
    { type: 'wait', span: 50 },
  ]);
  assert.not.ok(world.told.some(text => text.endsWith(' c')));
  assert.ok(world.told.some(text => text.endsWith(' b')));
});

async function live(happenings: readonly Happening[]): Promise<World> {
  const world = new World();
  await world.agent.start();
  for (const what of happenings) await world.see(what);
  return world;
}

test.run();
