import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { checkers } from '../../../checks/index.ts';
import { Agent } from '../../../src/engine/agent.ts';
import { createIpvsDriver } from '../../../src/ipvs/driver.ts';
import { createMemoryTable } from '../../../src/ipvs/memory.ts';
import type { Config } from '../../../src/model/config.ts';
import { policyOf } from '../../../src/model/health.ts';
import type { IpvsTable } from '../../../src/model/ipvs.ts';
import { checkFiles } from '../../../src/sys/check-files.ts';
import { makeContext } from '../../../testing/check-context.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { FakeStore } from '../../support/fake-store.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { silentDeliverers } from '../../support/silent-deliverers.ts';
import { silentMeter } from '../../support/silent-meter.ts';
import { suite } from '../../support/suite.ts';
import { readText } from '../config/read-text.ts';

const test = suite('FILE_CHECK in the agent');

/** What keepalived has put into the table: for the mode weights, which only edits. */
const found: IpvsTable = {
  services: [
    {
      service: {
        key: { kind: 'address', protocol: 'TCP', address: '10.0.0.1', port: 80 },
        scheduler: 'rr',
        schedulerFlags: [],
        onePacket: false,
        persistence: null,
      },
      destinations: [2, 3].map(n => ({
        address: `10.0.0.${n}`,
        port: 80,
        forwarding: { kind: 'NAT' },
        weight: 10,
        upperThreshold: 0,
        lowerThreshold: 0,
      })),
    },
  ],
};

function readFile(path: string, mode: string): Config {
  const check = (name: string) => `FILE_CHECK {\ntrack_file ${name}\n}\n`;
  const { config, diagnostics } = readText(`checkalived {\nipvs ${mode}\n}
track_file load {\nfile ${path}\nweight 2\n}
track_file maintenance {\nfile ${path}.off\nweight 0\n}
virtual_server 10.0.0.1 80 {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\nretry 3\nalpha\ndelay_loop 10000000
real_server 10.0.0.2 80 {\nweight 10\n${check('load')}${check('maintenance')}}
real_server 10.0.0.3 80 {\nweight 10\n${check('maintenance')}}\n}\n`);
  assert.equal(
    diagnostics.filter(({ severity }) => severity === 'error'),
    [],
  );
  return config;
}

/** An agent over a table in memory and real files; `until` resolves when the table has these weights. No schedule comes in time. */
function setUp(config: Config) {
  const log = new RecordingLog();
  const clock = new VirtualClock();
  const table = createMemoryTable(found);
  const store = new FakeStore();
  let results = 0;
  let wake = (): void => {};
  store.observe = () => ({
    finished: () => {
      results++;
      wake();
      return true;
    },
    close: () => {},
  });
  const agent = new Agent(
    { config, version: '0' },
    {
      checkers,
      context: makeContext({ clock, files: checkFiles }),
      driver: createIpvsDriver({ policy: policyOf(config.settings.ipvs) }, { table, log }),
      store,
      meter: silentMeter,
      announcers: {
        runScript: async () => ({ outcome: 'delivered', detail: '' }),
        writeFifo: () => {},
        sendMail: () => {},
        sendAlert: () => {},
      },
      ...silentDeliverers,
      calendar: () => () => {},
      localAddresses: () => new Set(),
      random: () => 0,
      newId: () => 'id',
      log,
    },
  );
  const weights = async (): Promise<string> => {
    const { services } = await table.read();
    // They stand as they were added, and whichever is heard first is added first.
    const seen = services.flatMap(({ destinations }) => destinations.map(d => `${d.address}=${d.weight}`));
    return seen.sort().join(' ');
  };
  const until = async (expected: string): Promise<void> => {
    for (;;) {
      const seen = results;
      await clock.advance(500);
      if ((await weights()) === expected) return;
      while (results === seen) {
        await new Promise<void>(resolve => {
          wake = resolve;
        });
      }
    }
  };
  return { agent, clock, until };
}

for (const mode of ['memory', 'manage', 'weights']) {
  test(`ipvs ${mode}: the weight follows the number in the file, and no file takes nothing away`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'file-check-'));
    const path = join(folder, 'load');
    const down = mode === 'weights' ? '10.0.0.2=0 10.0.0.3=0' : '';
    try {
      const { agent, clock, until } = setUp(readFile(path, mode));
      writeFileSync(path, '3\n');
      await agent.start();
      await until('10.0.0.2=16 10.0.0.3=10');
      writeFileSync(path, '-4\n');
      await until('10.0.0.2=2 10.0.0.3=10');
      writeFileSync(path, '-20\n');
      await until('10.0.0.2=0 10.0.0.3=10');
      rmSync(path);
      await until('10.0.0.2=10 10.0.0.3=10');
      writeFileSync(`${path}.off`, '1\n');
      await until(down);
      rmSync(`${path}.off`);
      await until('10.0.0.2=10 10.0.0.3=10');
      const stop = agent.stop({ release: false });
      await clock.advance(2000);
      await stop;
    } finally {
      rmSync(folder, { recursive: true });
    }
    assert.is(process.listenerCount('SIGURG'), 0, 'nothing is listened to any more');
  });
}

test.run();
