import * as assert from 'uvu/assert';
import { scenario } from './lab.ts';

const { test, lab } = scenario('lab: two directors');
const service = 'TCP 10.9.0.101:80';
const url = 'http://10.9.0.101/';
/** Without an answer the client may be while VRRP moves the address: three advertisements and the skew. */
const longestGapMs = 5_000;

test('two directors check the same real servers, and the master forwards to both', async () => {
  await lab.revive('rs1', 'rs2');
  for (const [host, priority] of [
    ['dir1', 150],
    ['dir2', 100],
  ] as const) {
    await lab.write(`/run/${host}.conf`, configuration(priority));
    const files = ['-p', `/run/${host}.k`, '-r', `/run/${host}.v`];
    await lab.start(`keepalived-${host}`, host, 'keepalived', '-P', '-n', '-l', '-f', `/run/${host}.conf`, ...files);
    await lab.startAgent({ name: `checkalived-${host}`, host, file: `/run/${host}.conf`, mode: 'manage' });
  }
  for (const host of ['dir1', 'dir2'] as const)
    await lab.tableIs({ [service]: { '10.9.0.4:80': 1, '10.9.0.5:80': 1 } }, host);
  await lab.until('dir1 has the address', () => hasAddress('dir1'));
  await lab.startClient(['10.9.0.11', url]);
  await lab.answeredBy(await firstAnswer(), url, 'rs1', 'rs2');
  assert.not.ok(await hasAddress('dir2'));
});

test('the master fails while a real server dies, and the client goes on being answered', async () => {
  const before = await lab.now();
  await lab.kill('rs1');
  await lab.signal('keepalived-dir1', 'SIGKILL');
  await lab.until('dir2 has the address', () => hasAddress('dir2'));
  for (const host of ['dir1', 'dir2'] as const) await lab.tableIs({ [service]: { '10.9.0.5:80': 1 } }, host);
  await lab.run('dir1', 'ip addr del 10.9.0.101/32 dev eth0 2>/dev/null; true');
  await lab.answeredBy(await lab.now(), url, 'rs2');
  const good = (await lab.answers(before)).filter(answer => answer.from !== undefined).map(answer => answer.at);
  const gaps = good.map((at, index) => at - (good[index - 1] ?? before));
  assert.ok(Math.max(...gaps) < longestGapMs, `the client waited ${Math.max(...gaps)} ms`);
  // The kernel adds these up every two seconds.
  const stats = () => lab.run('dir2', 'ipvsadm -Ln --stats');
  await lab.until('dir2 forwards', async () => /10\.9\.0\.5:80 +[1-9]/.test(await stats()));
});

test('the real server comes back on both directors', async () => {
  await lab.revive('rs1');
  for (const host of ['dir1', 'dir2'] as const)
    await lab.tableIs({ [service]: { '10.9.0.4:80': 1, '10.9.0.5:80': 1 } }, host);
  await lab.answeredBy(await lab.now(), url, 'rs1', 'rs2');
});

async function hasAddress(host: 'dir1' | 'dir2'): Promise<boolean> {
  return (await lab.run(host, 'ip -4 addr show dev eth0')).includes('10.9.0.101/32');
}

function firstAnswer(): Promise<number> {
  return lab.until('the client is answered', async () =>
    (await lab.answers(0)).some(answer => answer.from !== undefined),
  );
}

function configuration(priority: number): string {
  return `vrrp_instance lab {
  state BACKUP
  interface eth0
  virtual_router_id 51
  priority ${priority}
  advert_int 1
  virtual_ipaddress {
    10.9.0.101
  }
}
virtual_server 10.9.0.101 80 {
  delay_loop 1
  warmup 0
  delay_before_retry 0.5
  lb_algo rr
  lb_kind DR
  protocol TCP
${[4, 5]
  .map(
    number => `  real_server 10.9.0.${number} 80 {
    HTTP_GET {
      url {
        path /
        status_code 200
      }
      connect_timeout 1
    }
  }`,
  )
  .join('\n')}
}
`;
}

test.run();
