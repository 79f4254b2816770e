import * as assert from 'uvu/assert';
import { type Lab, scenario } from './lab.ts';

const { test, lab } = scenario('lab: a thousand real servers die at once');
const file = '/run/keepalived.conf';
const virtualServers = 10;
const realServersEach = 100;
const count = virtualServers * realServersEach;
/** Seconds. With 1 the guest's processor is full all the time; 6 is what most configurations have. */
const delayLoop = Number(process.env['LAB_DELAY_LOOP'] ?? 1);
const mostWrites = 5;
/** Milliseconds between two looks at the table. */
const every = 50;
/** Calls of ipvsadm, one a line: when it was called, in seconds since the boot, and its arguments. */
const calls = '/run/calls';
let keepalived = Number.NaN;

test('keepalived brings them to weight 0', async () => {
  // All addresses are the first real server's, reached through it: one process answers for all and dies for all.
  await lab.run('dir1', 'ip route add 10.8.0.0/16 via 10.9.0.4');
  await lab.run('rs1', 'ip route add local 10.8.0.0/16 dev lo');
  await lab.run('dir1', `${writeConfiguration}; ${countCalls}`);
  await serve();
  const pids = ['-p', '/run/k.pid', '-r', '/run/v.pid', '-c', '/run/c.pid'];
  await lab.start('keepalived', 'dir1', 'keepalived', '-n', '-l', '-G', '-C', '-f', file, ...pids);
  keepalived = last((await fallen()).took);
  await lab.signal('keepalived', 'SIGTERM');
  await lab.ended('keepalived');
});

test(`checkalived does too, and calls ipvsadm at most ${mostWrites} times to write`, async () => {
  await serve();
  await lab.startAgent({ file, mode: 'manage' });
  await lab.ready();
  // What follows a start is over by then: the agent puts its memory in order ten seconds after it.
  await lab.pause(13_000);
  const { at, uptime, took } = await fallen(audited);
  const all = (await lab.read(calls)).split('\n').slice(0, -1);
  const written = all
    .filter(call => call.endsWith(' -R'))
    .map(call => Math.round((Number.parseFloat(call) - uptime) * 1000));
  const writes = written.length;
  const ratio = (last(took) / keepalived).toFixed(2);
  await lab.until('the last is told', async () => (await told(at)).length === count);
  const failed = await lab.query<{ time: number }>('checkalived', secondFailures(at));
  const decided = failed.map(({ time }) => time - at);
  console.log(
    `${count} real servers at weight 0, delay_loop ${delayLoop}: keepalived ${keepalived} ms, checkalived ${last(took)} ms (${ratio} times that; half of them ` +
      `${took[count / 2]} ms), ipvsadm called ${writes} times to write and ${all.length - writes} times to read\n` +
      `  the check that counts failed: the first ${decided[0]} ms, half ${decided[count / 2]} ms, the last ${last(decided)} ms after the kill\n` +
      `  ipvsadm -R was called after ${written.join(', ')} ms; the last change was told after ${last(await told(at))} ms`,
  );
  assert.ok(writes >= 1 && writes <= mostWrites, `${writes} times ipvsadm -R`);
  // How much longer it takes is printed, and not asserted: a system call costs some hundred times as much in this guest.
  assert.ok(Number.isFinite(last(took)) && keepalived > 0);
});

async function serve(): Promise<void> {
  await lab.start('thousand', 'rs1', 'node', 'test/lab/inside/accept.js', '80');
}

/**
 * Kills them once all are in the table and each was asked. While it is waited for that, nothing is looked at: this takes the
 * guest's processor from what is measured.
 */
async function fallen(rest = async () => {}): ReturnType<Lab['fall']> {
  const full = async () => Object.values(await lab.table()).flatMap(Object.values<number>);
  await lab.until('all are up', async () => (await full()).filter(weight => weight === 1).length === count);
  const before = await lab.accepted('rs1');
  await lab.until('all were asked', async () => {
    await lab.pause(1_000);
    return (await lab.accepted('rs1')) - before >= 2 * count;
  });
  await rest();
  await lab.pause(1_500);
  await lab.run('dir1', `: >${calls}`);
  return await lab.fall(['thousand'], count, every);
}

/** An audit reads the whole table: half a second in this guest, each five seconds. */
async function audited(): Promise<void> {
  await lab.run('dir1', `: >${calls}`);
  await lab.until('the table has been audited', async () => (await lab.read(calls)).includes(' -Ln'));
}

/** The second failure of each after that moment: with retry 1 it is the one that counts. */
function secondFailures(since: number): string {
  return `SELECT time FROM (SELECT time_ms + duration_us / 1000 AS time, row_number() OVER (PARTITION BY virtual_server, real_server ORDER BY time_ms) AS nth
    FROM results WHERE time_ms >= ${since - 1_000} AND NOT ok) WHERE nth = 2 ORDER BY time`;
}

/** When each real server was told to be down, in milliseconds since then. */
async function told(since: number): Promise<number[]> {
  const query = `SELECT time_ms AS time FROM transitions WHERE object = 'real_server' AND to_state = 'down' AND time_ms >= ${since} ORDER BY time_ms`;
  return (await lab.query<{ time: number }>('checkalived', query)).map(({ time }) => time - since);
}

function last(took: readonly number[]): number {
  return took.at(-1) ?? Number.NaN;
}

/** Of the shell, as the serial line takes no text of this size. */
const writeConfiguration = `for vs in $(seq ${virtualServers}); do
  echo "virtual_server 10.9.0.101 $((8000 + vs)) {
  delay_loop ${delayLoop}
  lb_algo rr
  lb_kind NAT
  protocol TCP"
  for rs in $(seq ${realServersEach}); do
    echo "  real_server 10.8.$vs.$rs 80 {
    weight 1
    inhibit_on_failure
    TCP_CHECK {
      connect_timeout 1
      retry 1
      delay_before_retry 1
    }
  }"
  done
  echo "}"
done >${file}`;
const countCalls = 'mkdir /run/bin; ln -s /run/share/count-ipvsadm /run/bin/ipvsadm';

test.run();
