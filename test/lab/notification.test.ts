import * as assert from 'uvu/assert';
import { type Mail, scenario } from './lab.ts';

const { test, lab } = scenario('lab: notifications');
const service = 'TCP 10.9.0.101:80';
const rs1 = '[10.9.0.4]:tcp:80';
const rs2 = '[10.9.0.5]:tcp:80';
const vs = '[10.9.0.101]:tcp:80';

test('checkalived and keepalived live through the same failures with the same file', async () => {
  await lab.revive('rs1', 'rs2');
  await lab.startMail();
  for (const host of ['dir1', 'dir2'] as const) {
    await lab.run(host, `mkdir /run/${host} && mkfifo /run/${host}/fifo`);
    await lab.write(`/run/${host}/note.sh`, noteScript(host));
    await lab.run(host, `chmod 755 /run/${host}/note.sh`);
    await lab.write(`/run/${host}/conf`, configuration(host));
    await lab.start(`fifo-${host}`, host, 'sh', '-c', `cat /run/${host}/fifo >/run/${host}/lines`);
  }
  await lab.start(
    'keepalived',
    'dir2',
    'keepalived',
    '-C',
    '-n',
    '-l',
    '-f',
    '/run/dir2/conf',
    '-p',
    '/run/k.pid',
    '-c',
    '/run/c.pid',
  );
  await lab.startAgent({ file: '/run/dir1/conf', mode: 'manage' });
  await tablesAre({ '10.9.0.4:80': 3, '10.9.0.5:80': 1 });
  await lab.ready();
  await lab.pause(2_000);
  await lab.kill('rs1');
  await tablesAre({ '10.9.0.5:80': 1 });
  await lab.kill('rs2');
  await tablesAre({});
  await lab.revive('rs2');
  await tablesAre({ '10.9.0.5:80': 1 });
  await lab.revive('rs1');
  await tablesAre({ '10.9.0.4:80': 3, '10.9.0.5:80': 1 });
});

test("the FIFO's lines are keepalived's, byte for byte", async () => {
  const expected = [
    `VS ${vs} UP`,
    `RS ${rs1} ${vs} DOWN`,
    `RS ${rs2} ${vs} DOWN`,
    `VS ${vs} DOWN`,
    `RS ${rs2} ${vs} UP`,
    `VS ${vs} UP`,
    `RS ${rs1} ${vs} UP`,
  ].map(line => `${line}\n`);
  for (const host of ['dir1', 'dir2']) {
    const lines = async () => (await lab.read(`/run/${host}/lines`)).split('\n').length - 1;
    await lab.until(`all lines of ${host} are there`, async () => (await lines()) >= expected.length);
  }
  assert.is(await lab.read('/run/dir1/lines'), expected.join(''));
  assert.is(await lab.read('/run/dir2/lines'), expected.join(''), "keepalived's own");
});

test('the scripts get the arguments of the file, and in the environment what happened', async () => {
  const notes = async (host: string) =>
    (await lab.read(`/run/${host}/notes`))
      .split('\n')
      .slice(0, -1)
      .map(line => line.split('|'));
  for (const host of ['dir1', 'dir2'])
    await lab.until(`seven scripts of ${host} ran`, async () => (await notes(host)).length >= 7);
  const seen = await notes('dir1');
  assert.equal(seen.map(note => note[0]).sort(), (await notes('dir2')).map(note => note[0]).sort(), "as keepalived's");
  const environments = seen.map(([call, event, , realServer, state, weight, reason]) => [
    call,
    event,
    realServer,
    state,
    weight,
    reason,
  ]);
  assert.equal(
    environments.sort(),
    [
      ['vs up two words', 'quorum_up', '', 'UP', '4', 'start'],
      ['rs1 down', 'notify_down', '10.9.0.4:80', 'DOWN', '3', 'refused'],
      ['rs2 down', 'notify_down', '10.9.0.5:80', 'DOWN', '1', 'refused'],
      ['vs down', 'quorum_down', '', 'DOWN', '0', 'quorum'],
      ['rs2 up', 'notify_up', '10.9.0.5:80', 'UP', '1', 'ok'],
      ['vs up two words', 'quorum_up', '', 'UP', '1', 'quorum'],
      ['rs1 up', 'notify_up', '10.9.0.4:80', 'UP', '3', 'ok'],
    ].sort(),
  );
  for (const [, , virtualServer, , , , , time] of seen) {
    assert.is(virtualServer, 'tcp/10.9.0.101:80');
    assert.ok(Number.isFinite(Date.parse(time ?? '')), time);
  }
});

test("the mails have keepalived's subjects, bodies, sender and receivers", async () => {
  const sent = async (client: string) => (await lab.mails()).filter(mail => mail.client === client);
  await lab.until(
    'seven mails came from each',
    async () => (await sent('10.9.0.2')).length >= 7 && (await sent('10.9.0.3')).length >= 7,
  );
  const ours = (await sent('10.9.0.2')).map(essence).sort();
  assert.equal(ours, (await sent('10.9.0.3')).map(essence).sort());
  assert.equal(
    ours.map(text => text.split('\r\n')[0]),
    [
      `Subject: [LAB] Realserver ${rs1} of virtual server ${vs} - DOWN`,
      `Subject: [LAB] Realserver ${rs1} of virtual server ${vs} - UP`,
      `Subject: [LAB] Realserver ${rs2} of virtual server ${vs} - DOWN`,
      `Subject: [LAB] Realserver ${rs2} of virtual server ${vs} - UP`,
      `Subject: [LAB] Virtualserver ${vs} - DOWN`,
      `Subject: [LAB] Virtualserver ${vs} - UP`,
      `Subject: [LAB] Virtualserver ${vs} - UP`,
    ],
  );
});

test('the database tells the same story', async () => {
  const moves = await lab.query<{ real_server: string; to_state: string }>(
    'checkalived',
    'SELECT real_server, to_state FROM transitions ORDER BY time_ms',
  );
  for (const state of ['up', 'down'])
    for (const host of ['10.9.0.4:80', '10.9.0.5:80'])
      assert.ok(
        moves.some(move => move.real_server === host && move.to_state === state),
        `${host} ${state}`,
      );
  const sent = await lab.query<{ channel: string }>(
    'checkalived',
    'SELECT channel, outcome, count(*) AS n FROM notifications GROUP BY channel, outcome',
  );
  assert.equal(
    sent.sort((a, b) => (a.channel < b.channel ? -1 : 1)),
    [
      { channel: 'script', outcome: 'delivered', n: 7 },
      { channel: 'smtp', outcome: 'delivered', n: 7 },
    ],
  );
});

async function tablesAre(weights: Record<string, number>): Promise<void> {
  for (const host of ['dir1', 'dir2'] as const) await lab.tableIs({ [service]: weights }, host);
}

/** All of a mail that must be the same, whoever sent it. */
function essence({ message, from, to }: Mail): string {
  const end = message.indexOf('\r\n\r\n');
  const header = (name: string) =>
    new RegExp(`^${name}: .*(\r\n[ \t].*)*`, 'im').exec(message.slice(0, end))?.[0].replace(/\r\n[ \t]+/g, ' ');
  return [header('Subject'), header('From'), header('To'), from, to.join(), message.slice(end)].join('\r\n');
}

function noteScript(host: string): string {
  const variables = ['EVENT', 'VIRTUAL_SERVER', 'REAL_SERVER', 'STATE', 'WEIGHT', 'REASON', 'TIME'];
  const words = ['"$*"', ...variables.map(name => `"$CHECKALIVED_${name}"`)];
  return `#!/bin/sh\nprintf '${words.map(() => '%s').join('|')}\\n' ${words.join(' ')} >>/run/${host}/notes\n`;
}

function configuration(host: string): string {
  const note = `/run/${host}/note.sh`;
  const realServer = (name: string, number: number, weight: number) => `  real_server 10.9.0.${number} 80 {
    weight ${weight}
    notify_up "${note} ${name} up"
    notify_down "${note} ${name} down"
    TCP_CHECK {
      connect_timeout 1
    }
  }`;
  return `global_defs {
  script_user root
  enable_script_security
  notification_email {
    operator@lab.example
    second@lab.example
  }
  notification_email_from lvs@lab.example
  smtp_server 10.9.0.7
  smtp_connect_timeout 5
  smtp_helo_name ${host}.lab.example
  router_id LAB
  lvs_notify_fifo /run/${host}/fifo
}
@checkalived checkalived {
@checkalived mail_window 1
@checkalived }
virtual_server 10.9.0.101 80 {
  delay_loop 1
  warmup 0
  delay_before_retry 0.5
  lb_algo wrr
  lb_kind DR
  protocol TCP
  smtp_alert
  quorum_up "${note} vs up 'two words'"
  quorum_down "${note} vs down"
${realServer('rs1', 4, 3)}
${realServer('rs2', 5, 1)}
}
`;
}

test.run();
