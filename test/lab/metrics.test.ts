import * as assert from 'uvu/assert';
import { scenario } from './lab.ts';

const { test, lab } = scenario('lab: metrics of the kernel and of keepalived');
const file = '/run/keepalived.conf';
const urls = { NAT: 'http://10.9.0.100:8080/', DR: ['http://10.9.0.101/', 'http://10.9.0.102/'] } as const;
/** Connections, packets in and out, bytes in and out. */
type Counts = readonly [number, number, number, number, number];
const families = ['connections', 'incoming_packets', 'outgoing_packets', 'incoming_bytes', 'outgoing_bytes'] as const;

test('requests through a service move its counters, which are those of ipvsadm --stats --exact', async () => {
  await lab.run('dir1', 'for vip in 100 101 102; do ip addr add 10.9.0.$vip/32 dev eth0; done');
  await lab.write(file, configuration);
  await lab.revive('rs1', 'rs2');
  await lab.startAgent({ file, mode: 'manage' });
  await lab.ready();
  await lab.until('the counters are there', async () => `${await seen('tcp/10.9.0.100:8080')}` === '0,0,0,0,0');
  await lab.startClient(['10.9.0.1', urls.NAT], ['10.9.0.11', urls.DR[0]], ['10.9.0.11', urls.DR[1]]);
  await lab.answeredBy(0, urls.NAT, 'rs1', 'rs2');
  for (const url of urls.DR) await lab.answeredBy(0, url, 'rs1', 'rs2');
  const before = await seen('tcp/10.9.0.100:8080');
  await lab.answeredBy(await lab.now(), urls.NAT, 'rs1', 'rs2');
  await lab.until('the counters have moved', async () => {
    const now = await seen('tcp/10.9.0.100:8080');
    return now.every((count, index) => count > (before[index] ?? 0));
  });
  await lab.kill('client');
  await agree();
  const nat = await seen('tcp/10.9.0.100:8080');
  assert.ok(
    nat.every(count => count > 0),
    `${nat}`,
  );
});

test('the services of a group are one virtual server; with DR nothing comes back through the director', async () => {
  let sum: readonly number[] = [];
  await lab.until('both agree', async () => {
    const all = await kernel();
    const [one, two] = [all.get('TCP 10.9.0.101:80'), all.get('TCP 10.9.0.102:80')];
    assert.ok(one && two && one[0] > 0 && two[0] > 0, `${one}, ${two}`);
    sum = await seen('group/web:0');
    return sum.every((count, index) => count === (one[index] ?? 0) + (two[index] ?? 0));
  });
  assert.equal([sum[2], sum[4]], [0, 0]);
});

test('IPv6 has its counters', async () => {
  await lab.run('dir1', 'ip -6 addr add fd00:9::2/64 dev eth0 nodad && ip -6 addr add fd00:9::100/128 dev eth0 nodad');
  await lab.run('dir1', 'echo 1 >/proc/sys/net/ipv6/conf/all/forwarding');
  await lab.run('rs1', 'ip -6 addr add fd00:9::4/64 dev eth0 nodad && ip -6 route add fd00:9::1/128 via fd00:9::2');
  await lab.run('client', 'ip -6 addr add fd00:9::1/64 dev eth0 nodad');
  // Nobody listens there: it is refused, by a packet that came through the director.
  await lab.run('client', "! timeout 10 bash -c 'exec 3<>/dev/tcp/fd00:9::100/8080' 2>/dev/null");
  // The kernel sums them each two seconds, one after the other: a packet in between is seen in the last of them alone.
  await lab.until('all counters have moved', async () => {
    const counts = await seen('tcp/[fd00:9::100]:8080');
    return counts.every(count => count > 0);
  });
  await agree();
});

test('connections of now are active or inactive, as ipvsadm says', async () => {
  await lab.run('client', 'sleep 60 <>/dev/tcp/10.9.0.100/8080 >/dev/null 2>&1 &');
  await lab.until('one is active', async () => {
    const active = await series('real_server_active_connections');
    return [...active].some(([labels, value]) => labels.includes('tcp/10.9.0.100:8080') && value === 1);
  });
  const inactive = [...(await series('real_server_inactive_connections')).values()].reduce(
    (sum, each) => sum + each,
    0,
  );
  assert.ok(inactive > 0);
});

test('keepalived has a state: it runs, becomes master, its link fails and returns, it stops', async () => {
  const keepalived = async () => [...(await series('keepalived_up')).values()];
  const stateIs = (state: string) =>
    lab.until(`VRRP is ${state}`, async () => {
      const states = await series('vrrp_instance_state');
      assert.is(states.size, 4);
      return states.get(`vrrp_instance="lab",state="${state}"`) === 1;
    });
  assert.equal(await keepalived(), [0]);
  // The address is here, though nobody keeps it.
  await stateIs('master');
  await lab.run('dir1', 'ip addr del 10.9.0.100/32 dev eth0');
  await stateIs('stop');
  await lab.start('keepalived', 'dir1', 'keepalived', '--dont-fork', '--log-console', '--vrrp', '-f', file);
  await lab.until('keepalived is seen', async () => (await keepalived())[0] === 1);
  await stateIs('master');
  assert.match(await lab.run('dir1', 'ip addr show dev eth0'), '10.9.0.100/32');
  await lab.run('dir1', 'ip link set eth0 down');
  await stateIs('fault');
  await lab.run('dir1', 'ip link set eth0 up');
  await stateIs('master');
  await lab.signal('keepalived', 'SIGTERM');
  await lab.ended('keepalived');
  await stateIs('stop');
  assert.equal(await keepalived(), [0]);
  const changes = await series('vrrp_instance_transitions_total');
  const to = (state: string): number => changes.get(`vrrp_instance="lab",to="${state}"`) ?? Number.NaN;
  assert.ok(to('fault') >= 1 && to('master') >= 2 && to('stop') >= 2, JSON.stringify([...changes]));
});

test('SIGTERM ends it all in time', async () => {
  const asked = await lab.signal('checkalived', 'SIGTERM');
  const { at, code } = await lab.ended('checkalived');
  assert.is(code, 0);
  assert.ok(at - asked <= 2_000, `it took ${at - asked} ms`);
});

/** One family of /metrics: values by their labels. In HTTP/1.0 the text is not cut into chunks. */
async function series(family: string): Promise<ReadonlyMap<string, number>> {
  const line =
    "exec 3<>/dev/tcp/127.0.0.1/9650 && printf 'GET /metrics HTTP/1.0\\r\\nHost: lab\\r\\n\\r\\n' >&3 && cat <&3";
  const text = await lab.run('dir1', line);
  const values = text.matchAll(new RegExp(`^checkalived_${family}(?:\\{(.*)\\})? (\\S+)$`, 'gm'));
  return new Map([...values].map(([, labels = '', value]) => [labels, Number(value)]));
}

/** The five counters of a virtual server, or of one of its real servers. */
async function seen(virtualServer: string, realServer?: string): Promise<Counts> {
  const labels = [`virtual_server="${virtualServer}"`, ...(realServer ? [`real_server="${realServer}"`] : [])].join();
  const counts: number[] = [];
  for (const family of families) {
    const all = await series(`ipvs_${realServer ? 'real_server_' : ''}${family}_total`);
    counts.push(all.get(labels) ?? Number.NaN);
  }
  return counts as unknown as Counts;
}

/** What ipvsadm says: `TCP 10.9.0.100:8080`, and behind it ` 10.9.0.4:80` for its destinations. */
async function kernel(): Promise<ReadonlyMap<string, Counts>> {
  const found = new Map<string, Counts>();
  let service = '';
  for (const line of (await lab.run('dir1', 'ipvsadm -Ln --stats --exact')).split('\n').slice(3, -1)) {
    const words = line.trim().split(/ +/);
    const name = words.slice(0, 2).join(' ');
    const isService = words[0] !== '->';
    if (isService) service = name;
    found.set(isService ? name : `${service} ${words[1]}`, words.slice(2).map(Number) as unknown as Counts);
  }
  return found;
}

/** Nothing moves any more, and all that ipvsadm counts is in /metrics. */
async function agree(): Promise<void> {
  let difference = '';
  const same = async (): Promise<boolean> => {
    const counted = await kernel();
    const pairs: readonly [string, string, string?][] = [
      ['TCP 10.9.0.100:8080', 'tcp/10.9.0.100:8080'],
      ['TCP 10.9.0.100:8080 10.9.0.4:80', 'tcp/10.9.0.100:8080', '10.9.0.4:80'],
      ['TCP 10.9.0.100:8080 10.9.0.5:80', 'tcp/10.9.0.100:8080', '10.9.0.5:80'],
      ['TCP [fd00:9::100]:8080', 'tcp/[fd00:9::100]:8080'],
      ['TCP [fd00:9::100]:8080 [fd00:9::4]:80', 'tcp/[fd00:9::100]:8080', '[fd00:9::4]:80'],
    ];
    difference = '';
    for (const [theirs, virtualServer, realServer] of pairs) {
      const [wanted, found] = [`${counted.get(theirs)}`, `${await seen(virtualServer, realServer)}`];
      if (wanted !== found) difference += `${theirs}: ${wanted} by ipvsadm, ${found} in /metrics\n`;
    }
    return difference === '';
  };
  await lab.until('both agree', same, 30_000).catch(fault => {
    throw new Error(`${fault.message}\n${difference}`);
  });
}

const servers = (port: string): string =>
  [4, 5]
    .map(
      host => `  real_server 10.9.0.${host} ${port} {
    weight 1
    TCP_CHECK {
      connect_timeout 1
      connect_port 80
    }
  }`,
    )
    .join('\n');
const timing = `  delay_loop 1
@checkalived warmup 0
  delay_before_retry 0.5
  lb_algo rr
  protocol TCP`;
const configuration = `vrrp_instance lab {
  state MASTER
  interface eth0
  virtual_router_id 51
  priority 100
  virtual_ipaddress {
    10.9.0.100
  }
}
virtual_server_group web {
  10.9.0.101 80
  10.9.0.102 80
}
virtual_server 10.9.0.100 8080 {
${timing}
  lb_kind NAT
${servers('80')}
}
virtual_server group web {
${timing}
  lb_kind DR
${servers('80')}
}
virtual_server fd00:9::100 8080 {
${timing}
  lb_kind NAT
  real_server fd00:9::4 80 {
    weight 1
  }
}
`;

test.run();
