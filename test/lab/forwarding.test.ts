import * as assert from 'uvu/assert';
import { type Host, scenario } from './lab.ts';

const { test, lab } = scenario('lab: forwarding modes');
const file = '/run/keepalived.conf';
const methods = { NAT: 'http://10.9.0.100:8080/', DR: 'http://10.9.0.101/', TUN: 'http://10.9.0.102/' };
const urls = Object.values(methods);
const everyone = { '10.9.0.4:80': 1, '10.9.0.5:80': 1 };
const whole = { 'TCP 10.9.0.100:8080': everyone, 'TCP 10.9.0.101:80': everyone, 'TCP 10.9.0.102:80': everyone };
const foreign = { 'TCP 10.9.0.200:81': { '10.9.0.6:81': 7 } };

test('in NAT, DR and TUN a client is answered by both real servers', async () => {
  await lab.run('dir1', 'for vip in 100 101 102; do ip addr add 10.9.0.$vip/32 dev eth0; done');
  await lab.run('dir1', 'ipvsadm -A -t 10.9.0.200:81 -s rr && ipvsadm -a -t 10.9.0.200:81 -r 10.9.0.6:81 -m -w 7');
  await lab.write(file, configuration('rs1', 'rs2'));
  await lab.revive('rs1', 'rs2');
  await lab.startAgent({ file, mode: 'manage' });
  await lab.tableIs({ ...foreign, ...whole });
  const save = await lab.run('dir1', 'ipvsadm -Sn');
  for (const option of ['10.9.0.4:80 -m -w 1', '10.9.0.4:80 -g -w 1', '10.9.0.4:80 -i -w 1'])
    assert.match(save, option);
  await lab.startClient(['10.9.0.1', methods.NAT], ['10.9.0.11', methods.DR], ['10.9.0.11', methods.TUN]);
  await answersComeFrom(await lab.now(), 'rs1', 'rs2');
});

test('a killed real server leaves the table, and the client is answered by the other alone', async () => {
  await lab.kill('rs1');
  const rest = { '10.9.0.5:80': 1 };
  await lab.tableIs({ ...foreign, 'TCP 10.9.0.100:8080': rest, 'TCP 10.9.0.101:80': rest, 'TCP 10.9.0.102:80': rest });
  await answersComeFrom(await lab.now(), 'rs2');
});

test('the revived real server comes back into the table and answers', async () => {
  await lab.revive('rs1');
  await lab.tableIs({ ...foreign, ...whole });
  await answersComeFrom(await lab.now(), 'rs1', 'rs2');
});

test('SIGHUP with a faulty file leaves the table and the checks as they are', async () => {
  await lab.write(
    file,
    configuration('rs1').replace('delay_loop 1', 'delay_loop soon').replace('TCP_CHECK', 'NO_CHECK'),
  );
  await lab.watch();
  await lab.signal('checkalived', 'SIGHUP');
  await lab.until('the log names the faulty line', async () => (await lab.log('checkalived')).includes(`${file}:`));
  await lab.pause(2_000);
  assert.is((await lab.unwatch()).samples.length, 1, 'the table did not change');
  await lab.kill('rs2');
  const rest = { '10.9.0.4:80': 1 };
  await lab.tableIs({ ...foreign, 'TCP 10.9.0.100:8080': rest, 'TCP 10.9.0.101:80': rest, 'TCP 10.9.0.102:80': rest });
  await lab.revive('rs2');
  await lab.tableIs({ ...foreign, ...whole });
});

test('SIGHUP with a good file changes the table and nothing that stayed the same', async () => {
  await lab.revive('rs3');
  await lab.write(file, configuration('rs1', 'rs2', 'rs3'));
  await lab.watch();
  await lab.signal('checkalived', 'SIGHUP');
  const more = { ...everyone, '10.9.0.6:80': 1 };
  await lab.tableIs({ ...foreign, 'TCP 10.9.0.100:8080': more, 'TCP 10.9.0.101:80': more, 'TCP 10.9.0.102:80': more });
  for (const { services } of (await lab.unwatch()).samples)
    for (const key of Object.keys(whole)) assert.is(services[key]?.['10.9.0.4:80'], 1, 'rs1 never left');
});

test('kill -9 and a restart leave the table as it is, but for what others did to it meanwhile', async () => {
  await lab.stateIs('10.9.0.6:80', 'up');
  const { 'TCP 10.9.0.102:80': last = {}, ...others } = await lab.table();
  const { '10.9.0.6:80': _, ...rest } = last;
  await lab.signal('checkalived', 'SIGKILL');
  await lab.ended('checkalived');
  await lab.run('dir1', 'ipvsadm -d -t 10.9.0.102:80 -r 10.9.0.6:80');
  await lab.watch();
  await lab.startAgent({ file, mode: 'manage' });
  await lab.tableIs({ ...others, 'TCP 10.9.0.102:80': last });
  await lab.ready();
  await lab.pause(1_000);
  const seen = (await lab.unwatch()).samples.map(sample => sample.services);
  assert.equal(seen, [
    { ...others, 'TCP 10.9.0.102:80': rest },
    { ...others, 'TCP 10.9.0.102:80': last },
  ]);
});

test('SIGTERM stops within two seconds and takes out what was added, and nothing else', async () => {
  await lab.kill('client');
  const asked = await lab.signal('checkalived', 'SIGTERM');
  const { at, code } = await lab.ended('checkalived');
  assert.is(code, 0);
  assert.ok(at - asked <= 2_000, `it took ${at - asked} ms`);
  assert.equal(await lab.table(), foreign);
});

test('--dry-run checks and tells, and writes nothing to the table', async () => {
  await lab.write(file, configuration('rs1', 'rs2'));
  await lab.watch();
  await lab.startAgent({ name: 'rehearsal', file, mode: 'manage', more: ['--dry-run'] });
  await lab.ready();
  await lab.kill('rs1');
  await lab.stateIs('10.9.0.4:80', 'down');
  await lab.signal('rehearsal', 'SIGTERM');
  await lab.ended('rehearsal');
  assert.equal(
    (await lab.unwatch()).samples.map(sample => sample.services),
    [foreign],
  );
  await lab.revive('rs1');
});

test('--dont-release-ipvs leaves the table full at the end', async () => {
  await lab.startAgent({ file, mode: 'manage', more: ['--dont-release-ipvs'] });
  await lab.tableIs({ ...foreign, ...whole });
  await lab.ready();
  await lab.signal('checkalived', 'SIGTERM');
  await lab.ended('checkalived');
  assert.equal(await lab.table(), { ...foreign, ...whole });
});

function configuration(...hosts: ('rs1' | 'rs2' | 'rs3')[]): string {
  const places = { NAT: '10.9.0.100 8080', DR: '10.9.0.101 80', TUN: '10.9.0.102 80' };
  return Object.entries(places)
    .map(
      ([method, place]) => `virtual_server ${place} {
  delay_loop 1
  warmup 0
  delay_before_retry 0.5
  lb_algo rr
  lb_kind ${method}
  protocol TCP
${hosts.map(realServer).join('\n')}
}`,
    )
    .join('\n');
}

function realServer(host: 'rs1' | 'rs2' | 'rs3'): string {
  return `  real_server 10.9.0.${Number(host.at(-1)) + 3} 80 {
    weight 1
    TCP_CHECK {
      connect_timeout 1
    }
  }`;
}

async function answersComeFrom(since: number, ...hosts: Host[]): Promise<void> {
  for (const url of urls) await lab.answeredBy(since, url, ...hosts);
}

test.run();
