import * as assert from 'uvu/assert';
import { scenario } from './lab.ts';

const { test, lab } = scenario('lab: shared probes');
const file = '/run/checkalived.conf';
const ports = Array.from({ length: 10 }, (_, index) => 8001 + index);
const weights = (weight: number) =>
  Object.fromEntries(ports.map(port => [`TCP 10.9.0.101:${port}`, { '10.9.0.4:80': weight, '10.9.0.5:80': 1 }]));
const delayLoopMs = 1_000;

test('ten virtual servers over the same real servers: each of these sees one connection an interval', async () => {
  await lab.write(file, configuration);
  await lab.revive('rs1', 'rs2');
  await lab.startAgent({ file, mode: 'manage' });
  await lab.tableIs(weights(1));
  await oneConnectionAnInterval();
});

test('all ten follow when it dies', async () => {
  await lab.kill('rs1');
  await lab.tableIs(weights(0));
  await lab.stateIs('10.9.0.4:80', 'down');
});

test('and when it comes back', async () => {
  await lab.revive('rs1');
  await lab.tableIs(weights(1));
  await lab.stateIs('10.9.0.4:80', 'up');
  await oneConnectionAnInterval();
});

/** Counts what the kernels of the real servers accept while several checks are made. */
async function oneConnectionAnInterval(): Promise<void> {
  const before = await accepted();
  const start = await lab.now();
  const counts = async () => (await accepted()).map((count, index) => count - (before[index] ?? 0));
  await lab.until('each was asked five times', async () => (await counts()).every(count => count >= 5));
  const seen = await counts();
  const intervals = ((await lab.now()) - start) / delayLoopMs;
  assert.ok(
    seen.every(count => count <= intervals + 1),
    `${seen} connections in ${intervals} intervals`,
  );
}

function accepted(): Promise<number[]> {
  return Promise.all((['rs1', 'rs2'] as const).map(host => lab.accepted(host)));
}

const configuration = ports
  .map(
    port => `virtual_server 10.9.0.101 ${port} {
  delay_loop ${delayLoopMs / 1_000}
  lb_algo rr
  lb_kind NAT
  protocol TCP
${[4, 5].map(realServer).join('\n')}
}
`,
  )
  .join('');

function realServer(number: number): string {
  return `  real_server 10.9.0.${number} 80 {
    weight 1
    inhibit_on_failure
    TCP_CHECK {
      connect_timeout 1
    }
  }`;
}

test.run();
