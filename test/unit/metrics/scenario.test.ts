import { spawnSync } from 'node:child_process';
import process from 'node:process';
import * as assert from 'uvu/assert';
import { catalogue } from '../../../src/metrics/catalogue.ts';
import { block } from '../../support/black-box.ts';
import { type AgentWorld, runAgentOn } from '../../support/black-box-agent.ts';
import { readOpenMetrics, type Sample } from '../../support/openmetrics.ts';
import { withServer } from '../../support/scripted-server.ts';
import { suite } from '../../support/suite.ts';

const test = suite('metrics of a whole agent', 60_000);
const openMetrics = 'application/openmetrics-text;version=1.0.0';
const tool = 'promtool';

/** One real server passes, one is reset: it goes down, and a mail tells it. */
function live(work: (world: AgentWorld, down: string) => Promise<void>, settings: readonly string[] = []) {
  return withServer({ tls: true, urls: { '/': 'fine' } }, good =>
    withServer({ greets: '', afterwards: 'reset' }, bad =>
      withServer({ greets: '220 here\r\n', smtp: true }, async mail => {
        const globals = block(
          'global_defs',
          block('notification_email', 'ops@example.com'),
          'notification_email_from lvs@example.com',
          `smtp_server 127.0.0.1 ${mail.port}`,
          'smtp_alert on',
        );
        const check = (keyword: string) => block(keyword, 'retry 1', 'delay_before_retry 0.2', block('url', 'path /'));
        const servers = [
          block(`real_server 127.0.0.1 ${good.port}`, check('SSL_GET')),
          block(`real_server 127.0.0.1 ${bad.port}`, check('HTTP_GET')),
        ];
        const text = [
          globals,
          block('vrrp_instance web', 'interface eth0', 'virtual_router_id 51', block('virtual_ipaddress', '192.0.2.1')),
          block('checkalived', 'ipvs manage', 'mail_window 0', ...settings),
          block('virtual_server 192.0.2.1 80', 'protocol TCP', 'delay_loop 1', ...servers),
        ];
        await runAgentOn(text.join('\n'), async world => {
          await world.pass(6);
          while (!world.store.updates.some(({ outcome }) => outcome === 'delivered')) await world.pass(0.1);
          await work(world, `127.0.0.1:${bad.port}`);
        });
      }),
    ),
  );
}

test('every metric of the catalogue has a series, and OpenMetrics has those that the plain text has', () =>
  live(async ({ scrape }) => {
    const [plain, open] = [await scrape(), await scrape(openMetrics)];
    const silent = Object.values(catalogue).filter(
      ({ name }) => !new RegExp(`^${name}(?:_bucket)?[ {]`, 'm').test(plain),
    );
    assert.equal(
      silent.map(({ name }) => name),
      [],
    );
    // Of a kind of garbage collection there is a series once it has happened: also between the two.
    const keep = (series: string): boolean => !series.startsWith('nodejs_gc_');
    const seriesOf = (text: string): string[] =>
      [...text.matchAll(/^((?:checkalived|process|nodejs)_\w+(?:\{.*?\})?) \S+/gm)].map(([, name]) => `${name}`);
    const samples = readOpenMetrics(open).flatMap(family => family.samples);
    const found = samples.map(({ name, labels }) => name + labels);
    assert.equal(found.filter(keep).sort(), seriesOf(plain).filter(keep).sort());
  }));

test('an exemplar leads to the result in the store, and a table that others change drifts', () =>
  live(async ({ scrape, store, tamper, pass }, down) => {
    const duration = readOpenMetrics(await scrape(openMetrics)).find(
      ({ name }) => name === catalogue.checkDuration.name,
    );
    const exemplars = (duration?.samples ?? []).flatMap(({ exemplar }: Sample) => exemplar ?? []);
    assert.ok(exemplars.length > 0);
    for (const { labels, value } of exemplars) {
      const result = store.results.find(
        ({ realServer, time, took }) =>
          realServer === labels.get('real_server') && String(time) === labels.get('event_id') && took === value * 1000,
      );
      assert.ok(result, [...labels].join(' '));
    }
    const text = await scrape();
    assert.match(text, `,real_server="${down}",to="down"} 1\n`);
    const mails = store.updates.filter(({ outcome }) => outcome === 'delivered').length;
    assert.match(text, `checkalived_notifications_total{channel="smtp",result="delivered"} ${mails}\n`);
    assert.match(text, 'checkalived_ipvs_drift_entries{kind="weight"} 0\n');
    await tamper('edit-destination', 7);
    await pass(5);
    assert.match(await scrape(), 'checkalived_ipvs_drift_entries{kind="weight"} 1\n');
    await pass(5);
    assert.match(await scrape(), 'checkalived_ipvs_drift_entries{kind="weight"} 0\n');
  }));

for (const detail of ['full', 'basic', 'off'] as const) {
  test(`promtool has nothing to say to a scrape with metrics_detail ${detail}`, () =>
    live(
      async ({ scrape }) => {
        const { error, status, stdout, stderr } = spawnSync(tool, ['check', 'metrics'], {
          input: await scrape(),
          encoding: 'utf8',
        });
        if (error && !process.env['CI']) {
          console.log(`${tool} is not here (Debian: prometheus): what it says of our metrics is not tested`);
          return;
        }
        assert.is(error, undefined);
        assert.equal([status, `${stdout}${stderr}`], [0, '']);
      },
      [`metrics_detail ${detail}`],
    ));
}

test.run();
