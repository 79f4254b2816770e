import * as assert from 'uvu/assert';
import { catalogue } from '../../../src/metrics/catalogue.ts';
import { formatNoHost } from '../../../src/metrics/host.ts';
import { createMetrics, type MetricsModules } from '../../../src/metrics/metrics.ts';
import { rsId, vsId } from '../../../src/model/ids.ts';
import type { Inspection } from '../../../src/model/inspection.ts';
import type { IpvsApplied } from '../../../src/model/ipvs.ts';
import type { VirtualServer } from '../../../src/model/server.ts';
import { collectProcessMetrics } from '../../../src/sys/process-metrics.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { makeConfig } from '../../support/configs.ts';
import { readOpenMetrics } from '../../support/openmetrics.ts';
import { planRealServer, planVirtualServer } from '../../support/plans.ts';
import { suite } from '../../support/suite.ts';
import { inspect, readVirtualServer } from './readings.ts';

const test = suite('metrics/metrics');

const openMetrics = 'application/openmetrics-text;version=1.0.0';

function setUp(see: () => Inspection, modules: Partial<MetricsModules> = {}) {
  const clock = new VirtualClock();
  const metrics = createMetrics(
    { version: '1.2.3', nodeVersion: 'v20.0.0', detail: 'full' },
    {
      clock,
      inspect: see,
      countQueued: () => 0,
      formatHost: formatNoHost,
      seeTraffic: async () => null,
      formatProcess: async () => 'process_metrics 1\n',
      ...modules,
    },
  );
  /** All that a scrape gives, a piece for each turn. */
  const scrape = async (accept?: string): Promise<string[]> => {
    const pieces: string[] = [];
    const all = (async () => {
      for await (const piece of metrics.scrape(accept).pieces) pieces.push(piece);
    })();
    await clock.advance(0);
    await all;
    return pieces;
  };
  return { clock, metrics, scrape };
}

/** As many virtual servers, with as many real servers each. */
function plan(virtualServers: number, realServers: number): VirtualServer[] {
  return Array.from({ length: virtualServers }, (_, vs) => {
    const servers = Array.from({ length: realServers }, (_, rs) =>
      planRealServer(rs, { id: rsId(`10.0.${vs}.${rs}:80`) }),
    );
    return planVirtualServer(servers, { id: vsId(`tcp/192.0.2.${vs}:80`) });
  });
}

const of = (plans: readonly VirtualServer[]) => (): Inspection => inspect(plans.map(each => readVirtualServer(each)));
const written = Object.values(catalogue).map(({ name }) => name);
const names = (text: string): string[] => [...text.matchAll(/^# TYPE (checkalived_\S+)/gm)].map(match => `${match[1]}`);

test('a scrape has every metric of the catalogue in its order, then those of the process', async () => {
  const text = (await setUp(of(plan(1, 2))).scrape()).join('');
  assert.equal(names(text), written);
  assert.ok(text.endsWith('\n\nprocess_metrics 1\n'));
  assert.match(text, 'checkalived_build_info{version="1.2.3",node_version="v20.0.0"} 1\n');
  assert.match(text, 'checkalived_virtual_servers 1\n');
  assert.match(text, 'checkalived_real_servers 2\n');
  assert.match(text, 'checkalived_configured_checks 2\n');
  assert.match(text, 'checkalived_start_time_seconds 1767225600\n');
});

test('an agent without virtual servers has metrics too', async () => {
  const text = (await setUp(of([])).scrape()).join('');
  assert.match(text, 'checkalived_virtual_servers 0\n');
  assert.equal(names(text), written);
});

test('OpenMetrics is made for who asks for it, and says the same', async () => {
  const { metrics, scrape } = setUp(of(plan(2, 3)), { formatProcess: collectProcessMetrics() });
  assert.is(metrics.scrape(openMetrics).contentType, 'application/openmetrics-text; version=1.0.0; charset=utf-8');
  assert.is(metrics.scrape('text/html, */*').contentType, 'text/plain; version=0.0.4; charset=utf-8');
  const families = readOpenMetrics((await scrape(openMetrics)).join(''));
  const ours = families.filter(({ name }) => name.startsWith('checkalived_'));
  assert.equal(
    ours.map(({ name, type }) => (type === 'counter' ? `${name}_total` : name)),
    written,
  );
  for (const { name, unit } of families) assert.is(unit, /_(?:seconds|bytes)$/.exec(name)?.[0].slice(1) ?? '', name);
  const samples = (text: string): string[] =>
    text.split('\n').filter(line => line.startsWith('checkalived_') && !line.includes('sync_duration'));
  assert.equal(samples((await scrape(openMetrics)).join('')), samples((await scrape()).join('')));
});

test('a reload takes another detail, from the next scrape on', async () => {
  const plans = plan(1, 1);
  const { metrics, scrape } = setUp(of(plans));
  metrics.configure(makeConfig({ virtualServers: plans, settings: { metricsDetail: 'off' } }));
  assert.not.match((await scrape()).join(''), 'real_server=');
  metrics.configure(makeConfig({ virtualServers: plans, settings: { metricsDetail: 'basic' } }));
  assert.match((await scrape()).join(''), 'checkalived_real_server_up{');
});

test('a channel that a reload took out waits for nothing any more', async () => {
  let waitingNotifications: Inspection['waitingNotifications'] = { smtp: 1, 'webhook:ops': 3 };
  const { scrape } = setUp(() => ({ ...inspect([]), waitingNotifications }));
  assert.match((await scrape()).join(''), 'checkalived_notifications_waiting{channel="webhook:ops"} 3\n');
  waitingNotifications = { smtp: 1 };
  const text = (await scrape()).join('');
  assert.match(text, 'checkalived_notifications_waiting{channel="smtp"} 1\n');
  assert.not.match(text, 'notifications_waiting{channel="webhook:ops"}');
});

test('what the agent does is counted', async () => {
  const { metrics, scrape } = setUp(
    () => ({
      ...inspect([]),
      running: 4,
      waitingNotifications: { script: 1, smtp: 2 },
      storeSize: 77,
      storeWriteErrors: 6,
    }),
    { countQueued: () => 3 },
  );
  metrics.meter.overran();
  metrics.deliveries.attempted('smtp', 'delivered', 70);
  metrics.deliveries.attempted('smtp', 'given_up', null);
  for (let time = 0; time < 2; time++) {
    const text = (await scrape()).join('');
    for (const line of [
      'checks_in_flight 4',
      'checks_queued 3',
      'checks_overrun_total 1',
      'notifications_total{channel="smtp",result="delivered"} 1',
      'notifications_total{channel="smtp",result="failed"} 0',
      'notifications_total{channel="smtp",result="given_up"} 1',
      'notifications_total{channel="script",result="delivered"} 0',
      'notification_duration_seconds_bucket{le="0.05",channel="smtp"} 0',
      'notification_duration_seconds_bucket{le="0.25",channel="smtp"} 1',
      'notification_duration_seconds_count{channel="smtp"} 1',
      'notification_duration_seconds_count{channel="script"} 0',
      'notifications_waiting{channel="smtp"} 2',
      'store_size_bytes 77',
      'store_write_errors_total 6',
    ]) {
      assert.match(text, `checkalived_${line}\n`);
    }
  }
});

test('what the driver writes is counted with its result, and what differs at an audit', async () => {
  const { clock, metrics, scrape } = setUp(of([]));
  const service = { kind: 'fwmark', fwmark: 7, family: 'inet' } as const;
  const applied: IpvsApplied = {
    outcomes: [],
    table: { services: [] },
    written: [
      { service, text: '', operation: 'add-service', ok: true },
      { service, text: '', operation: 'edit-destination', ok: false },
    ],
    drift: { missing: 1, extra: 0, weight: 2, other: 0 },
  };
  let answer = applied;
  const driver = metrics.measure({
    open: async () => {},
    read: async () => ({ services: [] }),
    flush: async () => {},
    setTimeouts: async () => {},
    apply: () => new Promise(resolve => clock.at(clock.now() + 30, () => resolve(answer))),
  });
  assert.not.match((await scrape()).join(''), 'ipvs_drift_entries{');
  const apply = async (): Promise<void> => {
    const done = driver.apply([]);
    await clock.advance(30);
    assert.is(await done, answer);
  };
  await apply();
  // Nothing was written, nothing was looked at: nothing is known anew.
  const { drift: _, ...rest } = applied;
  answer = { ...rest, written: [] };
  await apply();
  const text = (await scrape()).join('');
  for (const line of [
    'ipvs_sync_operations_total{op="add_service",result="ok"} 1',
    'ipvs_sync_operations_total{op="add_service",result="failed"} 0',
    'ipvs_sync_operations_total{op="edit_destination",result="failed"} 1',
    'ipvs_sync_duration_seconds_bucket{le="0.025"} 0',
    'ipvs_sync_duration_seconds_bucket{le="0.05"} 1',
    'ipvs_sync_duration_seconds_count 1',
    'ipvs_drift_entries{kind="missing"} 1',
    'ipvs_drift_entries{kind="weight"} 2',
    'ipvs_drift_entries{kind="other"} 0',
  ]) {
    assert.match(text, `checkalived_${line}\n`);
  }
});

test('probes, troubles and dropped results are told', async () => {
  const trouble = { since: 0, message: 'the disk is full' };
  const { scrape } = setUp(() => ({
    ...inspect([]),
    troubles: { store: trouble, ipvs: null, mail: null, alerts: null },
    probes: 5,
    droppedResults: 7,
    droppedMinutes: 3,
  }));
  for (let time = 0; time < 2; time++) {
    const text = (await scrape()).join('');
    assert.match(text, 'checkalived_trouble{component="store"} 1\ncheckalived_trouble{component="ipvs"} 0\n');
    assert.match(text, 'checkalived_probes 5\n');
    assert.match(text, 'checkalived_store_dropped_results_total 7\n');
    assert.match(text, 'checkalived_store_dropped_counts_total 3\n');
  }
});

test('reloads are counted by what became of them, and the last that was taken is dated', async () => {
  const { clock, metrics, scrape } = setUp(of([]));
  assert.match((await scrape()).join(''), 'checkalived_config_last_reload_successful 1\n');
  await clock.advance(10_000);
  metrics.reloaded('ok');
  await clock.advance(10_000);
  metrics.reloaded('invalid');
  const text = (await scrape()).join('');
  assert.match(text, '_reloads_total{result="ok"} 1\n');
  assert.match(text, '_reloads_total{result="invalid"} 1\n');
  assert.match(text, '_reloads_total{result="failed"} 0\n');
  assert.match(text, '_last_reload_successful 0\n');
  assert.match(text, '_last_reload_success_timestamp_seconds 1767225610\n');
});

test('thousands of servers are read and written in small pieces, each on a turn of its own', async () => {
  const read: number[] = [];
  let turn = 0;
  const { clock, metrics } = setUp(() => inspect(readSlowly()));
  function* readSlowly() {
    for (const each of plan(100, 50)) {
      read.push(turn);
      yield readVirtualServer(each);
    }
  }
  const at = clock.at.bind(clock);
  clock.at = (due, run) =>
    at(due, () => {
      turn++;
      run();
    });
  const pieces: [number, string][] = [];
  const all = (async () => {
    for await (const piece of metrics.scrape(undefined).pieces) pieces.push([turn, piece]);
  })();
  await clock.advance(0);
  await all;
  for (const each of new Set(read)) assert.ok(read.filter(other => other === each).length <= 20, 'servers in a turn');
  for (const [, piece] of pieces) assert.ok(piece.length < 135_000, `${piece.length} characters in a piece`);
  const written = pieces.slice(1).map(([each]) => each);
  assert.ok(written.length > 10);
  assert.is(new Set(written).size, written.length);
});

test('two scrapes at a time take turns, and each is complete', async () => {
  const { clock, metrics, scrape } = setUp(of(plan(100, 50)));
  const alone = (await scrape()).join('');
  let asked = 0;
  const at = clock.at.bind(clock);
  clock.at = (due, run) => {
    const cancel = at(due, run);
    asked = Math.max(asked, clock.pending());
    return cancel;
  };
  const read = async (): Promise<string> => {
    let text = '';
    for await (const piece of metrics.scrape(undefined).pieces) text += piece;
    return text;
  };
  const both = Promise.all([read(), read()]);
  await clock.advance(0);
  assert.equal(await both, [alone, alone]);
  // Two timers that are due would run on the same turn of the loop.
  assert.is(asked, 1);
});

test('a reload amid a scrape does not break it, and the next one tells of the new servers', async () => {
  let plans = plan(100, 50);
  const { clock, metrics, scrape } = setUp(() => of(plans)());
  const before = (await scrape()).join('');
  let text = '';
  for await (const piece of pull(metrics.scrape(undefined).pieces, clock)) {
    text += piece;
    plans = plan(1, 1);
  }
  assert.is(text, before);
  assert.is((await scrape()).join('').match(/^checkalived_real_server_up/gm)?.length, 1);
});

test('a reload that takes a server out takes its series out, and the others go on counting', async () => {
  const [one, two] = plan(2, 1);
  assert.ok(one && two);
  let plans = [one, two];
  const { metrics, scrape } = setUp(() => of(plans)());
  const observers = plans.map(({ id, realServers }) =>
    metrics.meter.observe({ virtualServer: id, realServer: `${realServers[0]?.id}`, checkType: 'TCP_CHECK' }),
  );
  const fail = (): void => {
    for (const each of observers) each.finished(0, { ok: false, took: 1, reason: 'refused', detail: '' });
  };
  fail();
  assert.match((await scrape()).join(''), two.id);
  plans = [one];
  observers.pop()?.close();
  fail();
  const text = (await scrape()).join('');
  assert.not.match(text, two.id);
  assert.match(text, `virtual_server="${one.id}",check="TCP_CHECK",result="refused"} 2\n`);
  assert.match(text, `virtual_server="${one.id}",real_server="10.0.0.0:80",reason="refused"} 2\n`);
});

test('a scrape that is given up leaves nothing behind', async () => {
  const { clock, metrics, scrape } = setUp(of(plan(100, 50)));
  const pieces = metrics.scrape(undefined).pieces;
  const first = pieces.next();
  await clock.advance(0);
  assert.not((await first).done);
  const second = pieces.next();
  const end = pieces.return();
  await clock.advance(0);
  await second;
  assert.ok((await end).done);
  assert.is(clock.pending(), 0);
  assert.match((await scrape()).join(''), 'process_metrics 1');
});

/** The pieces, while the clock gives the turns. */
async function* pull(pieces: AsyncGenerator<string, void>, clock: VirtualClock): AsyncGenerator<string> {
  for (;;) {
    const next = pieces.next();
    await clock.advance(0);
    const { value, done } = await next;
    if (done) return;
    yield `${value}`;
  }
}

test.run();
