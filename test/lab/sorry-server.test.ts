import * as assert from 'uvu/assert';
import { scenario } from './lab.ts';
import type { Sample } from './protocol.ts';

const { test, lab } = scenario('lab: sorry server');
const plain = 'TCP 10.9.0.101:80';
const inhibited = 'TCP 10.9.0.102:80';
const urls = ['http://10.9.0.101/', 'http://10.9.0.102/'] as const;
const file = '/run/keepalived.conf';

test('the sorry server stands aside while the quorum holds', async () => {
  await lab.run('dir1', 'for vip in 101 102; do ip addr add 10.9.0.$vip/32 dev eth0; done');
  await lab.write(file, configuration);
  await lab.revive('rs1', 'rs2', 'rs3');
  await lab.startAgent({ file, mode: 'manage' });
  await lab.tableIs({ [plain]: { '10.9.0.4:80': 1, '10.9.0.5:80': 1 }, [inhibited]: weights(2, 2, 0) });
  await lab.ready();
  await lab.startClient(['10.9.0.11', urls[0]], ['10.9.0.11', urls[1]]);
  for (const url of urls) await lab.until('an answer', async () => (await lab.answers(0, url)).length > 0);
  await lab.watch();
  for (const url of urls) await lab.answeredBy(await lab.now(), url, 'rs1', 'rs2');
});

test('a quorum that is lost with a real server alive brings the sorry server in', async () => {
  await lab.kill('rs1');
  await lab.tableIs({ [plain]: { '10.9.0.5:80': 1 }, [inhibited]: weights(0, 0, 1) });
  const since = await lab.now();
  await lab.answeredBy(since, urls[0], 'rs2');
  await lab.answeredBy(since, urls[1], 'rs3');
});

test('the last real server dies and the sorry server answers for both services', async () => {
  await lab.kill('rs2');
  await lab.tableIs({ [plain]: { '10.9.0.6:80': 1 }, [inhibited]: weights(0, 0, 1) });
  for (const url of urls) await lab.answeredBy(await lab.now(), url, 'rs3');
});

test('one real server back satisfies the one quorum and not the other', async () => {
  await lab.revive('rs2');
  await lab.tableIs({ [plain]: { '10.9.0.5:80': 1 }, [inhibited]: weights(0, 0, 1) });
  const since = await lab.now();
  await lab.answeredBy(since, urls[0], 'rs2');
  await lab.answeredBy(since, urls[1], 'rs3');
});

test('both real servers back send the sorry server home', async () => {
  await lab.revive('rs1');
  await lab.tableIs({ [plain]: { '10.9.0.4:80': 1, '10.9.0.5:80': 1 }, [inhibited]: weights(2, 2, 0) });
  for (const url of urls) await lab.answeredBy(await lab.now(), url, 'rs1', 'rs2');
});

test('at no instant of all this was a service without a destination that takes connections', async () => {
  const { reads, samples } = await lab.unwatch();
  const empty = samples.filter(({ services }) => [plain, inhibited].some(service => !open(services, service)));
  assert.equal(empty, [], `of ${reads} readings`);
  assert.ok(reads > 1_000, `only ${reads} readings`);
});

function open(services: Sample['services'], service: string): boolean {
  return Object.values(services[service] ?? {}).some(weight => weight > 0);
}

function weights(first: number, second: number, sorry: number) {
  return { '10.9.0.4:80': first, '10.9.0.5:80': second, '10.9.0.6:80': sorry };
}

const check = `TCP_CHECK {
      connect_timeout 1
    }`;
const common = `delay_loop 1
  warmup 0
  delay_before_retry 0.5
  lb_algo rr
  protocol TCP`;
/** The first: real servers are taken out. The second: they stay at weight 0, and the quorum needs both. */
const configuration = `virtual_server 10.9.0.101 80 {
  ${common}
  lb_kind DR
  sorry_server 10.9.0.6 80
  real_server 10.9.0.4 80 {
    ${check}
  }
  real_server 10.9.0.5 80 {
    ${check}
  }
}
virtual_server 10.9.0.102 80 {
  ${common}
  lb_kind TUN
  quorum 3
  inhibit_on_failure
  sorry_server 10.9.0.6 80
  sorry_server_inhibit
  real_server 10.9.0.4 80 {
    weight 2
    ${check}
  }
  real_server 10.9.0.5 80 {
    weight 2
    ${check}
  }
}
`;

test.run();
