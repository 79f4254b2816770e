import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { block } from '../support/black-box.ts';
import { isInstalled } from '../support/installed.ts';
import { type Program, startProgram } from '../support/program.ts';
import { suite } from '../support/suite.ts';
import { testAuthority } from '../support/test-authority.ts';
import { tell, until } from '../support/until.ts';
import { type Agent, startAgent } from './agent.ts';
import { listTargets, type Served, serve, type Target, writeModules } from './oracle-targets.ts';
import { readSample } from './samples.ts';

const test = suite('observability/oracle', 30_000);
const installed = isInstalled('prometheus-blackbox-exporter', 'prometheus-blackbox-exporter');
const home = installed ? mkdtempSync(join(tmpdir(), 'checkalived-oracle-')) : '';
const authority = join(home, 'authority.pem');
const targets = listTargets(authority);

let served: readonly Served[] = [];
let agent: Agent | undefined;
let blackbox: Program | undefined;
let address = '';
/** What the agent says, once every check has a verdict. */
let metrics = '';

if (installed) {
  test.after(end);
  test.before(() => begin().catch(tell));
  for (const target of targets) test(`blackbox_exporter and we agree: ${target.title}`, () => compare(target));

  test('they see the same end of each certificate', async () => {
    let compared = 0;
    for (const target of targets) {
      const theirs = readSample(await probe(target), 'probe_ssl_earliest_cert_expiry');
      if (theirs === undefined) continue;
      const ours = readSample(metrics, 'checkalived_certificate_expiry_timestamp_seconds', idsOf(target));
      assert.is(ours, theirs, target.title);
      compared++;
    }
    assert.is(compared, 4, 'certificates that both have seen');
  });
}

async function begin(): Promise<void> {
  writeFileSync(authority, testAuthority.authority);
  const modules = join(home, 'blackbox.yml');
  // What is JSON is YAML.
  writeFileSync(modules, JSON.stringify(writeModules(authority)));
  blackbox = startProgram('prometheus-blackbox-exporter', [
    `--config.file=${modules}`,
    '--web.listen-address=127.0.0.1:0',
  ]);
  [, address = ''] = await blackbox.line(/msg="Listening on" address=(\S+)/);
  served = await Promise.all(targets.map(serve));
  agent = await startAgent(join(home, 'agent'), configuration());
  const { address: api } = agent;
  await until('every check has a verdict', async () => assert.is((await fetch(`http://${api}/readyz`)).status, 200));
  const { status, metrics: scrape } = agent;
  // A verdict counts once the table has followed.
  await until('the table follows every verdict', async () => {
    metrics = await scrape();
    for (const { id: virtual_server, realServers } of (await status()).virtualServers) {
      for (const { id: real_server, checks } of realServers) {
        const up = readSample(metrics, 'checkalived_real_server_up', { virtual_server, real_server });
        assert.is(up, Number(checks[0]?.up), `${virtual_server} ${real_server}`);
      }
    }
  });
}

async function end(): Promise<void> {
  await agent?.stop();
  await blackbox?.stop();
  for (const each of served) await each.close();
  rmSync(home, { recursive: true });
}

async function compare(target: Target): Promise<void> {
  const theirs = await probe(target);
  const up = Number(target.up);
  assert.is(readSample(theirs, 'probe_success'), up, `blackbox_exporter: ${theirs}`);
  assert.is(readSample(metrics, 'checkalived_real_server_up', idsOf(target)), up, 'checkalived_real_server_up');
  const check = await ourCheck(target);
  assert.is(check?.reason, target.reason ?? 'ok');
  if (target.status === undefined) return;
  assert.is(readSample(theirs, 'probe_http_status_code'), target.status);
  assert.match(check?.detail ?? '', new RegExp(`\\b${target.status}\\b`));
}

async function probe(target: Target): Promise<string> {
  const { host, port } = placeOf(target);
  const [scheme] = /^https?/.exec(target.module) ?? [];
  const query = new URLSearchParams({
    module: target.module,
    target: `${scheme === undefined ? '' : `${scheme}://`}${host}:${port}`,
  });
  return (await fetch(`http://${address}/probe?${query}`)).text();
}

async function ourCheck(target: Target) {
  const { virtual_server } = idsOf(target);
  const status = await agent?.status();
  return status?.virtualServers.find(({ id }) => id === virtual_server)?.realServers[0]?.checks[0];
}

/** A virtual server for each target. */
function configuration(): string {
  const servers = targets.map(target => {
    const { host, port } = placeOf(target);
    const server = block(`real_server ${host} ${port}`, 'connect_timeout 1', target.check);
    return block(`virtual_server 192.0.2.1 ${virtualPort(target)}`, 'protocol TCP', 'delay_loop 1', server);
  });
  return [block('checkalived', 'first_verdict at_once'), ...servers].join('\n');
}

function idsOf(target: Target) {
  const { host, port } = placeOf(target);
  return { virtual_server: `tcp/192.0.2.1:${virtualPort(target)}`, real_server: `${host}:${port}` };
}

function virtualPort(target: Target): number {
  return 1000 + targets.indexOf(target);
}

function placeOf(target: Target): Served {
  const found = served[targets.indexOf(target)];
  assert.ok(found);
  return found as Served;
}

test.run();
