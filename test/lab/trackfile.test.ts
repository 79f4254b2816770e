import * as assert from 'uvu/assert';
import { pasteBlocks } from '../support/paste-blocks.ts';
import { scenario } from './lab.ts';

const { test, lab } = scenario('lab: value files for keepalived');
const file = '/run/keepalived.conf';
const service = 'TCP 10.9.0.101:80';
const directory = '/run/state-checkalived/trackfiles';
const valueFile = (server: string) => `${directory}/tcp_10.9.0.101:80_${server}`;

test('keepalived takes the file with the blocks pasted, and the first verdicts change nothing', async () => {
  await lab.write('/run/note.sh', '#!/bin/sh\necho "$*" >>/run/notes\n');
  await lab.write('/run/load.sh', '#!/bin/sh\nexit "$(cat /run/load)"\n');
  await lab.run('dir1', `chmod 755 /run/*.sh; echo 0 >/run/load; install -d -m 755 ${directory}`);
  await lab.write(file, configuration);
  const blocks = await lab.run(
    'dir1',
    `node bin/checkalived config trackfile -f ${file} --state-dir /run/state-checkalived`,
  );
  await lab.write(file, pasteBlocks(configuration, file, blocks));
  assert.is(await lab.run('dir1', `keepalived -t -f ${file} 2>&1`), '');
  await lab.revive('rs1', 'rs2');
  await startKeepalived();
  await weightsAre({ 4: 3, 5: 10 });
  await lab.watch();
  await lab.startAgent({ file, mode: 'trackfile' });
  await lab.ready();
  await valuesAre(0, 0, null);
  assert.is((await lab.unwatch()).samples.length, 1, 'the table stayed as it was');
});

test('a real server that dies leaves the table, and comes back with its weight', async () => {
  await lab.kill('rs1');
  await weightsAre({ 5: 10 });
  await valuesAre(1, 0, null);
  await lab.revive('rs1');
  await weightsAre({ 4: 3, 5: 10 });
  await valuesAre(0, 0, null);
});

test('a dynamic weight is exactly what keepalived writes into the table', async () => {
  for (const [code, weight] of [
    [2, 0],
    [3, 1],
    [102, 100],
    [255, 253],
    [0, 10],
  ] as const) {
    await lab.write('/run/load', `${code}\n`);
    await weightsAre({ 4: 3, 5: weight });
    await valuesAre(0, 0, weight - 10);
  }
});

test('from a changed weight to down and back to another one', async () => {
  await lab.write('/run/load', '52\n');
  await weightsAre({ 4: 3, 5: 50 });
  await lab.write('/run/load', '1\n');
  // inhibit_on_failure is keepalived's to follow.
  await weightsAre({ 4: 3, 5: 0 });
  await lab.write('/run/load', '22\n');
  await weightsAre({ 4: 3, 5: 20 });
  await lab.write('/run/load', '0\n');
  await weightsAre({ 4: 3, 5: 10 });
});

test('a lost quorum brings keepalived to its sorry server', async () => {
  await lab.kill('rs1');
  await lab.write('/run/load', '1\n');
  await weightsAre({ 5: 0, 6: 1 });
  await lab.write('/run/load', '22\n');
  await weightsAre({ 5: 20 });
});

test('keepalived has run its notify scripts, each once, and checkalived only its own', async () => {
  const read = async () => (await lab.read('/run/notes')).split('\n').slice(0, -1);
  await lab.until('all have run', async () => (await read()).length >= 7);
  const notes = await read();
  assert.equal(
    notes.filter(note => note.startsWith('rs1')),
    ['rs1 down', 'rs1 up', 'rs1 down'],
  );
  assert.equal(
    notes.filter(note => note.startsWith('ours')),
    ['ours down', 'ours up', 'ours down', 'ours up'],
  );
});

test('a restart of the agent changes neither table nor files, after SIGKILL too', async () => {
  const before = await inodes();
  await lab.watch();
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    await lab.signal('checkalived', signal);
    await lab.ended('checkalived');
    await lab.startAgent({ file, mode: 'trackfile' });
    await lab.ready();
    await lab.stateIs('10.9.0.4:80', 'down');
  }
  await lab.pause(2_500);
  assert.equal(
    (await lab.unwatch()).samples.map(sample => sample.services),
    [table({ 5: 20 })],
  );
  assert.is(await inodes(), before);
});

test('keepalived reloaded goes on without the dead one', async () => {
  await lab.signal('keepalived', 'SIGHUP');
  await lab.until('it has reloaded', async () => (await lab.log('keepalived')).includes('Reload complete'));
  await weightsAre({ 5: 20 });
  await lab.pause(1_000);
  assert.equal(await lab.table(), table({ 5: 20 }));
});

test('keepalived restarted never puts the dead one into its table', async () => {
  await lab.signal('keepalived', 'SIGTERM');
  await lab.ended('keepalived');
  await lab.watch();
  await startKeepalived();
  await weightsAre({ 5: 20 });
  await lab.pause(1_000);
  const { samples } = await lab.unwatch();
  for (const { services } of samples) assert.is(services[service]?.['10.9.0.4:80'], undefined);
});

test('a file that somebody else has changed is put right, and keepalived follows', async () => {
  await lab.run('dir1', `echo 0 >${valueFile('10.9.0.4:80')}; rm ${valueFile('10.9.0.5:80')}`);
  await valuesAre(1, 0, 10);
  await weightsAre({ 5: 20 });
  // The line follows the files, and a table that was never touched is as it should be at once.
  for (const told of ['10.9.0.4:80: 1 (down)', '10.9.0.5:80: 0 (up)']) {
    const line = `put right: value file tcp_10.9.0.101:80_${told}`;
    await lab.until(line, async () => (await lab.log('checkalived')).includes(line));
  }
});

test('who was down when keepalived started comes back with its own weight', async () => {
  await lab.write('/run/load', '1\n');
  await weightsAre({ 5: 0, 6: 1 });
  await lab.signal('keepalived', 'SIGTERM');
  await lab.ended('keepalived');
  await startKeepalived();
  await lab.until('it has started', async () => (await lab.table())[service] !== undefined);
  await lab.revive('rs1');
  await weightsAre({ 4: 3, 5: 0 });
  await lab.write('/run/load', '32\n');
  await weightsAre({ 4: 3, 5: 30 });
  await lab.kill('rs1');
  await weightsAre({ 5: 30 });
});

test('without checkalived table and files stay as they are', async () => {
  await lab.watch();
  await lab.signal('checkalived', 'SIGKILL');
  await lab.ended('checkalived');
  await lab.revive('rs1');
  await lab.pause(3_000);
  assert.is((await lab.unwatch()).samples.length, 1);
  assert.equal(await lab.table(), table({ 5: 30 }));
  await valuesAre(1, 0, 20);
});

/** Weights by the last octet of the real server. */
function table(weights: Readonly<Record<number, number>>) {
  return {
    [service]: Object.fromEntries(Object.entries(weights).map(([host, weight]) => [`10.9.0.${host}:80`, weight])),
  };
}

async function weightsAre(weights: Readonly<Record<number, number>>): Promise<void> {
  await lab.tableIs(table(weights));
}

/** States of both real servers, and the change of the second one's weight; null = no file. */
async function valuesAre(first: 0 | 1, second: 0 | 1, weight: number | null): Promise<void> {
  const wanted = [`${first}\n`, `${second}\n`, weight === null ? '' : `${weight}\n`, ''];
  const names = ['10.9.0.4:80', '10.9.0.5:80', '10.9.0.5:80.weight', '10.9.0.4:80.weight'];
  await lab.until(`the values are ${JSON.stringify(wanted)}`, async () => {
    const values = await Promise.all(names.map(name => lab.read(valueFile(name))));
    return JSON.stringify(values) === JSON.stringify(wanted);
  });
}

/** A file that was written anew has another. */
function inodes(): Promise<string> {
  return lab.run('dir1', `stat -c '%n %i %a' ${directory}/*`);
}

function startKeepalived(): Promise<void> {
  const pids = ['-p', '/run/k.pid', '-r', '/run/v.pid', '-c', '/run/c.pid'];
  return lab.start('keepalived', 'dir1', 'keepalived', '-n', '-l', '-D', '-C', '-f', file, ...pids);
}

const configuration = `global_defs {
  script_user root
  enable_script_security
}
@checkalived checkalived {
@checkalived   ipvs trackfile
@checkalived   ipvs_audit 2
@checkalived }
virtual_server 10.9.0.101 80 {
  delay_loop 1
@checkalived warmup 0
@checkalived delay_before_retry 0.5
  lb_algo wrr
  lb_kind DR
  protocol TCP
  sorry_server 10.9.0.6 80
  real_server 10.9.0.4 80 {
    weight 3
    notify_up "/run/note.sh rs1 up"
    notify_down "/run/note.sh rs1 down"
@checkalived TCP_CHECK {
@checkalived   connect_timeout 1
@checkalived }
  }
  real_server 10.9.0.5 80 {
    weight 10
    inhibit_on_failure
@checkalived notify_up "/run/note.sh ours up"
@checkalived notify_down "/run/note.sh ours down"
@checkalived MISC_CHECK {
@checkalived   misc_path "/run/load.sh"
@checkalived   misc_timeout 10
@checkalived   misc_dynamic
@checkalived }
  }
}
`;

test.run();
