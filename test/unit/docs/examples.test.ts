import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as assert from 'uvu/assert';
import { channels } from '../../../alerts/index.ts';
import { checkers } from '../../../checks/index.ts';
import { diskFiles, loadConfig } from '../../../src/config/load.ts';
import type { Config } from '../../../src/model/config.ts';
import { patterns } from '../../../src/sys/patterns.ts';
import { suite } from '../../support/suite.ts';

const test = suite('docs/examples');
const folder = resolve(import.meta.dirname, '../../../examples');

/** What each example is to hold: checks by type, and where they are asked for the mode and the schedules. */
const expected: Readonly<
  Record<string, { readonly checks: readonly string[]; readonly ipvs: Config['settings']['ipvs'] }>
> = {
  'alert-channels.conf': { checks: ['TCP_CHECK', 'TCP_CHECK'], ipvs: 'weights' },
  'beside-keepalived.conf': { checks: ['TCP_CHECK', 'TCP_CHECK'], ipvs: 'weights' },
  'cron-schedule.conf': { checks: ['TCP_CHECK', 'SMTP_CHECK', 'TCP_CHECK'], ipvs: 'weights' },
  'dns-udp-ping.conf': {
    checks: ['DNS_CHECK', 'DNS_CHECK', 'DNS_CHECK', 'UDP_CHECK', 'PING_CHECK'],
    ipvs: 'weights',
  },
  'dr-web-farm-ssl.conf': { checks: ['SSL_GET', 'SSL_GET', 'SSL_GET', 'SSL_GET'], ipvs: 'weights' },
  'manage-nat-sorry-server.conf': { checks: ['HTTP_GET', 'HTTP_GET', 'HTTP_GET'], ipvs: 'manage' },
  'misc-dynamic-weights.conf': { checks: ['TCP_CHECK', 'MISC_CHECK', 'TCP_CHECK', 'MISC_CHECK'], ipvs: 'weights' },
};

test('every example is known here', () => {
  const files = readdirSync(folder).filter(name => name.endsWith('.conf'));
  assert.equal(files.sort(), Object.keys(expected).sort());
});

for (const [name, { checks, ipvs }] of Object.entries(expected)) {
  test(`${name} has no fault and makes its checks`, () => {
    const { config, diagnostics } = loadExample(name);
    assert.equal(
      diagnostics.map(({ severity, code, line }) => `${severity} ${code} in line ${line}`),
      [],
    );
    assert.equal(
      checksOf(config).map(check => check.type),
      checks,
    );
    assert.is(config.settings.ipvs, ipvs);
  });
}

test('the calendars of the example are calendars', () => {
  const schedules = checksOf(loadExample('cron-schedule.conf').config).map(check => check.schedule);
  assert.equal(schedules, [
    { kind: 'cron', expression: '*/10 * * * * *' },
    { kind: 'cron', expression: '*/5 * * * *' },
    { kind: 'interval', every: 15_000 },
  ]);
});

/** As on a host that has every program. */
function loadExample(name: string) {
  return loadConfig(join(folder, name), {
    configId: 'checkalived',
    checkers,
    channels,
    hostName: 'director',
    patterns,
    files: { ...diskFiles, stat: () => ({ kind: 'file', mode: 0o755, uid: 0 }) },
  });
}

function checksOf(config: Config) {
  return config.virtualServers.flatMap(vs => vs.realServers.flatMap(server => server.checks));
}

test.run();
