import * as assert from 'uvu/assert';
import { scenario } from './lab.ts';

const { test, lab } = scenario('lab: kill -9 and restart');
const service = 'TCP 10.9.0.101:80';
const file = '/run/keepalived.conf';
const delayLoopMs = 2_000;
const weights = (first: number) => ({ [service]: { '10.9.0.4:80': first, '10.9.0.5:80': 1 } });

test('before: a real server is down, told once', async () => {
  await lab.run(
    'dir1',
    'ipvsadm -A -t 10.9.0.101:80 -s rr; for n in 4 5; do ipvsadm -a -t 10.9.0.101:80 -r 10.9.0.$n:80 -g -w 1; done',
  );
  await lab.write('/run/note.sh', '#!/bin/sh\necho "$CHECKALIVED_EVENT $CHECKALIVED_TIME" >>/run/notes\n');
  await lab.run('dir1', 'chmod 755 /run/note.sh');
  await lab.write(file, configuration);
  await lab.revive('rs1', 'rs2');
  await lab.startMail();
  await start();
  await lab.stateIs('10.9.0.4:80', 'up');
  await lab.kill('rs1');
  await lab.tableIs(weights(0));
  await lab.until('it was told', async () => (await notes()).length === 1 && (await lab.mails()).length === 1);
  await settled();
});

test('after kill -9 and a changed table, a restart puts the table right and tells nothing again', async () => {
  await lab.signal('checkalived', 'SIGKILL');
  await lab.ended('checkalived');
  await lab.run('dir1', 'ipvsadm -e -t 10.9.0.101:80 -r 10.9.0.4:80 -g -w 1');
  await lab.watch();
  await start();
  await lab.tableIs(weights(0));
  await lab.pause(3_000);
  const { samples } = await lab.unwatch();
  const took = (samples[1]?.at ?? Number.POSITIVE_INFINITY) - (await lastStart());
  assert.ok(took <= delayLoopMs, `the table was right ${took} ms after the start`);
  assert.equal(
    samples.map(sample => sample.services),
    [weights(1), weights(0)],
    'one change, no flapping',
  );
  assert.is((await notes()).length, 1, 'scripts run');
  assert.is((await lab.mails()).length, 1, 'mails sent');
  assert.equal(await moves(), ['down']);
});

test('a real server that recovered while nobody looked is told once, after the restart', async () => {
  await lab.signal('checkalived', 'SIGKILL');
  await lab.ended('checkalived');
  await lab.revive('rs1');
  await start();
  await lab.tableIs(weights(1));
  await lab.until('it was told', async () => (await notes()).length >= 2 && (await lab.mails()).length >= 2);
  await settled();
  assert.equal(
    (await notes()).map(note => note.split(' ')[0]),
    ['notify_down', 'notify_up'],
  );
  assert.is((await lab.mails()).length, 2);
  assert.equal(await moves(), ['down', 'up']);
});

test('killed right in the middle of changes, it neither tells twice nor loses the table', async () => {
  let up = true;
  for (const delay of [0, 3, 10, 30, 100, 300]) {
    const before = up ? 'rs1 dies' : 'rs1 rises';
    const ambush = lab.ambush('checkalived', delay);
    await (up ? lab.kill('rs1') : lab.revive('rs1'));
    up = !up;
    assert.ok((await ambush).changed, before);
    await lab.ended('checkalived');
    await lab.watch();
    await start();
    await lab.stateIs('10.9.0.4:80', up ? 'up' : 'down');
    await lab.tableIs(weights(up ? 1 : 0));
    await settled();
    const seen = (await lab.unwatch()).samples.map(sample => sample.services);
    assert.equal(seen, [weights(up ? 1 : 0)], `${before}, killed ${delay} ms after the change: nothing flapped`);
  }
  await settled();
  const states = await moves();
  assert.equal(
    states,
    states.map((_, index) => (index % 2 === 0 ? 'down' : 'up')),
    'down and up take turns',
  );
  assert.is(states.length, 8);
  const told = await notes();
  assert.is(new Set(told).size, told.length, `no script twice: ${told.join(', ')}`);
  assert.ok(told.length <= states.length, `${told.length} scripts`);
  const mails = (await lab.mails()).map(mail => /^Subject: .* - (UP|DOWN)/m.exec(mail.message)?.[1]?.toLowerCase());
  assert.equal(mails, states, 'one mail for each transition');
});

test('the database is whole after all that', async () => {
  assert.equal(await lab.query('checkalived', 'PRAGMA integrity_check'), [{ integrity_check: 'ok' }]);
  const twice =
    'SELECT time_ms, object, real_server, to_state FROM transitions GROUP BY 1, 2, 3, 4 HAVING count(*) > 1';
  assert.equal(await lab.query('checkalived', twice), []);
});

async function start(): Promise<void> {
  await lab.startAgent({ file, mode: 'weights' });
  await lab.ready();
}

/** When the agent last began to check, by its log. */
async function lastStart(): Promise<number> {
  const line = (await lab.log('checkalived')).split('\n').findLast(text => text.includes('"checking '));
  return Date.parse((JSON.parse(line ?? '{}') as { time: string }).time);
}

/**
 * Nothing waits to be told any more. Before a kill: a mail is sent again when its sender dies between the mail
 * server's answer and the record of it. A script that was begun and not seen to end stays `started`.
 */
async function settled(): Promise<void> {
  const owed = "SELECT count(*) AS owed FROM notifications WHERE outcome = 'queued'";
  await lab.until('all is told', async () => (await lab.query<{ owed: number }>('checkalived', owed))[0]?.owed === 0);
}

async function notes(): Promise<string[]> {
  return (await lab.read('/run/notes')).split('\n').slice(0, -1);
}

/** States that the first real server went through. */
async function moves(): Promise<string[]> {
  const query =
    "SELECT to_state FROM transitions WHERE object = 'real_server' AND real_server = '10.9.0.4:80' AND from_state <> 'unknown' ORDER BY time_ms";
  return (await lab.query<{ to_state: string }>('checkalived', query)).map(row => row.to_state);
}

const realServer = (number: number) => `  real_server 10.9.0.${number} 80 {
    weight 1
    notify_up /run/note.sh
    notify_down /run/note.sh
    TCP_CHECK {
      connect_timeout 1
    }
  }`;
const configuration = `checkalived {
  mail_window 1
  ipvs_audit 2
}
global_defs {
  script_user root
  enable_script_security
  notification_email {
    operator@lab.example
  }
  notification_email_from lvs@lab.example
  smtp_server 10.9.0.7
  router_id LAB
}
virtual_server 10.9.0.101 80 {
  delay_loop ${delayLoopMs / 1_000}
  warmup 0
  delay_before_retry 0.5
  lb_algo rr
  lb_kind DR
  protocol TCP
${[4, 5].map(realServer).join('\n')}
}
`;

test.run();
