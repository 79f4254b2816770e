import process from 'node:process';
import { createSmtpTransport, smtpOptionsOf } from '../../alerts/smtp.ts';
import { modules } from '../../src/cli/main.ts';
import { createMailer } from '../../src/delivery/mailer.ts';
import { Agent } from '../../src/engine/agent.ts';
import { createIpvsDriver } from '../../src/ipvs/driver.ts';
import { createMemoryTable } from '../../src/ipvs/memory.ts';
import type { IpvsTablePort } from '../../src/ipvs/table.ts';
import { watchHost } from '../../src/metrics/host.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { policyOf } from '../../src/model/health.ts';
import { collectProcessMetrics } from '../../src/sys/process-metrics.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { createObserver, withFile } from './black-box.ts';
import { fakeHost, inventTraffic } from './fake-kernel.ts';
import { FakeStore } from './fake-store.ts';
import { RecordingLog } from './recording-log.ts';
import { silentDeliverers } from './silent-deliverers.ts';

export interface AgentWorld {
  readonly clock: VirtualClock;
  readonly store: FakeStore;
  readonly log: RecordingLog;
  /** Scripts (`event argv`), FIFO lines and subjects of mails, in order. */
  readonly told: readonly string[];
  /** Lets time pass; no connection has to wait for it, so no server may hang. */
  pass(seconds: number): Promise<void>;
  /** The same until so many checks have ended since the start. */
  results(count: number): Promise<void>;
  /** `address:port` of each destination and its weight. */
  weights(): Promise<Readonly<Record<string, number>>>;
  /** The answer to `GET /metrics`. */
  scrape(accept?: string): Promise<string>;
  /** As somebody else does, with ipvsadm. */
  tamper(type: 'edit-destination' | 'delete-destination', weight?: number): Promise<void>;
}

/**
 * Runs the whole agent on the text of a keepalived.conf beside `work`, and stops it: sockets, commands and the mailer
 * are real, the table is in memory, and time is virtual.
 */
export async function runAgentOn(
  text: string,
  work: (world: AgentWorld) => Promise<void>,
  table: IpvsTablePort = createMemoryTable(),
): Promise<readonly string[]> {
  const { config, checkers, diagnostics } = await withFile(text, file => modules.load(file, 'checkalived'));
  const errors = diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  if (errors.length > 0) throw new Error(errors.join('\n'));
  const clock = new VirtualClock();
  const store = new FakeStore();
  const log = new RecordingLog();
  const told: string[] = [];
  const opened = modules.openContext(config);
  const { observe, until } = createObserver();
  const context = { ...opened.context, clock, sockets: observe(opened.context.sockets) };
  const metrics = createMetrics(
    { version: '0', nodeVersion: process.version, detail: config.settings.metricsDetail },
    {
      clock,
      inspect: () => agent.inspect(),
      countQueued: () => 0,
      formatHost: watchHost(() => config.vrrp.instances, { clock, host: fakeHost }).format,
      seeTraffic: () => inventTraffic(table),
      formatProcess: collectProcessMetrics(),
    },
  );
  const mailer = createMailer(config, {
    observer: metrics.deliveries,
    clock,
    log,
    random: () => 0,
    store,
    createTransport(latest) {
      const options = smtpOptionsOf(latest);
      return options && createSmtpTransport(options);
    },
  });
  const agent: Agent = new Agent(
    { config, version: '0' },
    {
      checkers,
      context,
      driver: metrics.measure(createIpvsDriver({ policy: policyOf(config.settings.ipvs) }, { table, log })),
      store,
      meter: metrics.meter,
      announcers: {
        async runScript({ event, script }) {
          told.push(`${event} ${script.argv.join(' ')}`);
          return { outcome: 'delivered', detail: '' };
        },
        writeFifo: line => told.push(line),
        sendMail(mail) {
          told.push(mail.subject);
          mailer.send(mail);
        },
        sendAlert: alert => told.push(alert.subject),
      },
      mailer,
      channels: silentDeliverers.channels,
      calendar: () => () => {},
      localAddresses: () => new Set(),
      random: () => 0,
      newId: () => `${told.length}`,
      log,
    },
  );
  const pass = async (seconds: number): Promise<void> => {
    for (let step = 0; step < seconds * 10; step++) {
      await clock.advance(100);
      await until(({ asked, closed }) => asked === closed);
    }
    await clock.advance(0);
  };
  await agent.start();
  try {
    await work({
      clock,
      store,
      log,
      told,
      pass,
      async results(count) {
        while (store.results.length < count) await pass(0.1);
        // The table follows.
        await pass(0.1);
      },
      async weights() {
        const { services } = await table.read();
        return Object.fromEntries(
          services.flatMap(({ destinations }) =>
            destinations.map(({ address, port, weight }) => [`${address}:${port}`, weight]),
          ),
        );
      },
      async scrape(accept) {
        const { pieces } = metrics.scrape(accept);
        let text = '';
        const all = (async () => {
          for await (const piece of pieces) text += piece;
        })();
        let done = false;
        void all.then(() => {
          done = true;
        });
        while (!done) await clock.advance(0);
        return text;
      },
      async tamper(type, weight = 1) {
        const { services } = await table.read();
        const change = ({ service: { key }, destinations }: (typeof services)[number]) =>
          destinations.map(destination => ({ type, service: key, destination: { ...destination, weight } }));
        await table.write(services.flatMap(change));
      },
    });
  } finally {
    const stopped = agent.stop({ release: true });
    await clock.advance(2000);
    await stopped;
    await opened.close();
  }
  return told;
}
