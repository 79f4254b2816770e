import * as assert from 'uvu/assert';
import { scenario } from './lab.ts';

const { test, lab } = scenario('lab: a watched connection');
const file = '/run/keepalived.conf';
const realServers = Array.from({ length: 9 }, (_, index) => ({ name: `server${index + 1}`, port: 8001 + index }));
const names = realServers.map(({ name }) => name);
const weights = (weight: number) => ({
  'TCP 10.9.0.101:80': Object.fromEntries(realServers.map(({ port }) => [`10.9.0.4:${port}`, weight])),
});
/** Milliseconds between two looks at the table. */
const every = 3;
let keepalived: readonly number[] = [];

test('keepalived finds each of nine killed services at its next check', async () => {
  await lab.write(file, configuration);
  await serve();
  await startKeepalived();
  await lab.tableIs(weights(1));
  // All at once: each check has a phase of its own.
  keepalived = (await lab.fall(names, names.length, 20)).took;
  await lab.signal('keepalived', 'SIGTERM');
  await lab.ended('keepalived');
});

test('with watch on each is out of the table at once', async () => {
  await serve();
  await lab.startAgent({ file, mode: 'manage' });
  await lab.tableIs(weights(1));
  const watched: number[] = [];
  for (const [index, name] of names.entries()) {
    const standing = names.length - index;
    await lab.until('a connection is kept open to each', async () => (await connections()) === standing);
    watched.push(...(await lab.fall([name], 1, every)).took);
  }
  await lab.tableIs(weights(0));
  console.log(`from kill -9 to weight 0, delay_loop 6: keepalived ${told(keepalived)}; watch on ${told(watched)}`);
  // The figure is read, not asserted: this machine may have other things to do.
  assert.ok(median(watched) <= median(keepalived) / 5, `${watched} ms`);
});

async function serve(): Promise<void> {
  for (const { name, port } of realServers)
    await lab.start(name, 'rs1', 'node', 'test/lab/inside/web.js', name, `${port}`);
  const listening = async () => (await lab.run('rs1', 'ss -Hltn')).trim().split('\n').length;
  await lab.until('all listen', async () => (await listening()) === realServers.length);
}

/** Established ones from the director to the services. */
async function connections(): Promise<number> {
  const lines = await lab.run('rs1', 'ss -Htn state established src 10.9.0.4 dst 10.9.0.2');
  return lines.split('\n').length - 1;
}

function startKeepalived(): Promise<void> {
  const pids = ['-p', '/run/k.pid', '-r', '/run/v.pid', '-c', '/run/c.pid'];
  return lab.start('keepalived', 'dir1', 'keepalived', '-n', '-l', '-G', '-C', '-f', file, ...pids);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function told(values: readonly number[]): string {
  return `median ${median(values)} ms of ${values.join(', ')}`;
}

const realServer = ({ port }: { readonly port: number }) => `  real_server 10.9.0.4 ${port} {
    weight 1
    inhibit_on_failure
    TCP_CHECK {
      connect_timeout 1
      retry 0
@checkalived watch on
    }
  }`;
const configuration = `virtual_server 10.9.0.101 80 {
  delay_loop 6
  lb_algo rr
  lb_kind NAT
  protocol TCP
${realServers.map(realServer).join('\n')}
}
`;

test.run();
