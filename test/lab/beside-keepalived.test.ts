import * as assert from 'uvu/assert';
import { scenario } from './lab.ts';

const { test, lab } = scenario('lab: weights beside keepalived');
const file = '/run/keepalived.conf';
const service = 'TCP 10.9.0.101:80';
const url = 'http://10.9.0.101/';
const auditMs = 5_000;

test('a killed real server gets weight 0 in the table that keepalived made, and its traffic ends', async () => {
  await lab.write(file, configuration(3));
  await lab.revive('rs1', 'rs2');
  await startKeepalived();
  await weightsAre(3, 2);
  await lab.startAgent({ file, mode: 'weights' });
  await lab.ready();
  await lab.startClient(['10.9.0.11', url]);
  await lab.until('both answer', async () => new Set((await lab.answers(0)).map(answer => answer.from)).size === 2);
  await lab.watch();
  await lab.kill('rs1');
  const since = await weightsAre(0, 2);
  const { samples } = await lab.unwatch();
  assert.equal(
    samples.map(sample => sample.services[service]),
    [table(3, 2), table(0, 2)],
  );
  await lab.answeredBy(since, url, 'rs2');
});

test('keepalived reloads and raises the dead real server: the audit lowers it again', async () => {
  await lab.write(file, configuration(5));
  await lab.watch();
  await lab.signal('keepalived', 'SIGHUP');
  await lab
    .until('keepalived raised it', async () => (await lab.table())[service]?.['10.9.0.4:80'] === 5, 5_000)
    .catch(() => {});
  await lab.pause(500);
  await weightsAre(0, 2);
  loweredInTime(await lab.unwatch(), 5);
});

test('keepalived restarts and fills the table with full weights: the dead one is lowered again', async () => {
  await lab.signal('keepalived', 'SIGTERM');
  await lab.ended('keepalived');
  assert.equal(await lab.table(), {}, 'keepalived has emptied the table');
  await lab.watch();
  await startKeepalived();
  await lab.until('the service is back', async () => (await lab.table())[service] !== undefined);
  await weightsAre(0, 2);
  loweredInTime(await lab.unwatch(), 5);
});

test('the revived real server gets the weight of the configuration, also of the reloaded one', async () => {
  await lab.signal('checkalived', 'SIGHUP');
  await lab.revive('rs1');
  await weightsAre(5, 2);
  await lab.answeredBy(await lab.now(), url, 'rs1', 'rs2');
});

test('SIGTERM leaves the table to keepalived as it is', async () => {
  await lab.signal('checkalived', 'SIGTERM');
  assert.is((await lab.ended('checkalived')).code, 0);
  assert.equal(await lab.table(), { [service]: table(5, 2) });
});

/** One file for both: keepalived skips the lines that are addressed to checkalived. */
function configuration(weight: number): string {
  return `@checkalived checkalived {
@checkalived   ipvs weights
@checkalived }
vrrp_instance lab {
  state MASTER
  interface eth0
  virtual_router_id 51
  priority 100
  virtual_ipaddress {
    10.9.0.101
  }
}
virtual_server 10.9.0.101 80 {
  delay_loop 1
@checkalived warmup 0
  delay_before_retry 0.5
  lb_algo wrr
  lb_kind DR
  protocol TCP
  real_server 10.9.0.4 80 {
    weight ${weight}
@checkalived TCP_CHECK {
@checkalived   connect_timeout 1
@checkalived }
  }
  real_server 10.9.0.5 80 {
    weight 2
@checkalived TCP_CHECK {
@checkalived   connect_timeout 1
@checkalived }
  }
}
`;
}

function table(first: number, second: number) {
  return { '10.9.0.4:80': first, '10.9.0.5:80': second };
}

function startKeepalived(): Promise<void> {
  return lab.start(
    'keepalived',
    'dir1',
    'keepalived',
    '--dont-fork',
    '--log-console',
    '-f',
    file,
    '-p',
    '/run/k.pid',
    '-r',
    '/run/v.pid',
    '-c',
    '/run/c.pid',
  );
}

function weightsAre(first: number, second: number): Promise<number> {
  return lab.tableIs({ [service]: table(first, second) });
}

/** Somebody else raised it to `weight`; from then to weight 0 no more than the audit's interval and one change went by. */
function loweredInTime({ samples }: Awaited<ReturnType<typeof lab.unwatch>>, weight: number): void {
  const raised = samples.findIndex(sample => sample.services[service]?.['10.9.0.4:80'] === weight);
  assert.ok(raised >= 0, 'keepalived raised the dead one');
  const lowered = samples.slice(raised).find(sample => sample.services[service]?.['10.9.0.4:80'] === 0);
  const took = (lowered?.at ?? Number.POSITIVE_INFINITY) - (samples[raised]?.at ?? 0);
  assert.ok(took <= auditMs + 1_000, `it was lowered after ${took} ms`);
  for (const { services } of samples.slice(raised))
    assert.is(services[service]?.['10.9.0.5:80'], 2, 'rs2 kept its weight');
}

test.run();
