import * as assert from 'uvu/assert';
import { type Change, diffConfigs } from '../../../../src/config/diff/diff.ts';
import { CheckTable } from '../../../../src/engine/check-table.ts';
import { createChecker } from '../../../../src/health/checker-state.ts';
import { judgeRealServer } from '../../../../src/health/real-server.ts';
import { reloadPlan } from '../../../../src/health/reload.ts';
import { createState } from '../../../../src/health/step.ts';
import type { Config } from '../../../../src/model/config.ts';
import { secret } from '../../../../src/model/secret.ts';
import { makeConfig } from '../../../support/configs.ts';
import { suite } from '../../../support/suite.ts';
import { readText, realServer, virtualServer } from '../read-text.ts';

const test = suite('config/diff/diff');

/** `sign place: what from -> to` of each change. */
function diff(before: string, after: string): readonly string[] {
  return diffConfigs(readText(before).config, readText(after).config).map(summarize);
}

function summarize({ change, virtualServer: vs, realServer: rs, check, what, from, to }: Change): string {
  const place = [vs, rs, check].filter(part => part !== null).join(' ');
  return `${change} ${place}: ${what} ${from} -> ${to}`;
}

function effectOf(before: string | Config, after: string | Config, what: string): string | undefined {
  const [old, now] = [before, after].map(each => (typeof each === 'string' ? readText(each).config : each));
  return old && now && diffConfigs(old, now).find(change => change.what === what)?.effect;
}

const vs = '[10.0.0.1]:tcp:80';
const rs = '[10.0.0.2]:tcp:80';
const manage = 'checkalived {\nipvs manage\n}\n';

test('a configuration differs from itself in nothing, wherever it stands', () => {
  const text = realServer('TCP_CHECK {\n}\nnotify_up "/bin/x y"', 'sorry_server 10.0.0.9 80');
  assert.equal(diff(text, `# a comment\n\n${text}`), []);
});

test('virtual servers come and go with all that is theirs', () => {
  const text = realServer('weight 2\nTCP_CHECK {\n}');
  assert.equal(diff('', text), [`added ${vs}: virtual_server null -> rr NAT, 1 real server, 1 check`]);
  assert.equal(diff(text, ''), [`removed ${vs}: virtual_server rr NAT, 1 real server, 1 check -> null`]);
});

test('real servers come and go', () => {
  const before = virtualServer('real_server 10.0.0.2 80 {\n}');
  const after = virtualServer('real_server 10.0.0.3 80 {\nweight 3\nTCP_CHECK {\n}\n}');
  assert.equal(diff(before, after), [
    `added ${vs} [10.0.0.3]:tcp:80: real_server null -> weight 3, NAT, TCP_CHECK`,
    `removed ${vs} ${rs}: real_server weight 1, NAT, no check -> null`,
  ]);
});

test('what a virtual server is like is compared keyword by keyword', () => {
  const reals = 'real_server 10.0.0.2 80 {\nweight 9\n}';
  const before = virtualServer(`persistence_timeout 60\nquorum 2\n${reals}`);
  const after = virtualServer(
    `lb_algo wlc\nsorry_server 10.0.0.9 80\nhysteresis 1\nquorum 3\nquorum_up "/bin/up now"\nquorum_down /bin/down user\nsmtp_alert\nomega\n${reals}`,
  );
  assert.equal(diff(before, after), [
    `changed ${vs}: lb_algo rr -> wlc`,
    `changed ${vs}: persistence_timeout 60 -> null`,
    `changed ${vs}: quorum 2 -> 3`,
    `changed ${vs}: hysteresis 0 -> 1`,
    `changed ${vs}: sorry_server null -> 10.0.0.9:80 NAT`,
    `changed ${vs}: omega off -> on`,
    `changed ${vs}: quorum_up null -> /bin/up now`,
    `changed ${vs}: quorum_down null -> /bin/down (as user)`,
    `changed ${vs}: smtp_alert off -> on`,
  ]);
});

test('what a real server is like is compared keyword by keyword', () => {
  const before = realServer('weight 1\nTCP_CHECK {\n}');
  const after = realServer(
    `weight 3\nuthreshold 100\nlthreshold 10\ninhibit_on_failure\nnotify_down '/bin/x "a b"'\nlvs_method TUN\nTCP_CHECK {\n}`,
  );
  assert.equal(diff(before, after), [
    `changed ${vs} ${rs}: weight 1 -> 3`,
    `changed ${vs} ${rs}: lvs_method NAT -> TUN`,
    `changed ${vs} ${rs}: uthreshold 0 -> 100`,
    `changed ${vs} ${rs}: lthreshold 0 -> 10`,
    `changed ${vs} ${rs}: inhibit_on_failure off -> on`,
    `changed ${vs} ${rs}: notify_down null -> /bin/x "a b"`,
  ]);
});

test('another timing leaves a check what it is', () => {
  const before = realServer('TCP_CHECK {\ndelay_loop 5\nretry 1\n}');
  const after = realServer('TCP_CHECK {\ndelay_loop 7\nretry 3\nrise 2\ndelay_before_retry 2\n}');
  assert.equal(diff(before, after), [
    `changed ${vs} ${rs} TCP_CHECK: schedule 5 s -> 7 s`,
    `changed ${vs} ${rs} TCP_CHECK: retry 1 -> 3`,
    `changed ${vs} ${rs} TCP_CHECK: delay_before_retry 1 s -> 2 s`,
    `changed ${vs} ${rs} TCP_CHECK: rise 1 -> 2`,
  ]);
  assert.match(effectOf(before, after, 'retry') ?? '', /^keeps its verdict and streak/);
});

test('a warmup that is written is told, one that follows delay_loop is not', () => {
  const before = realServer('TCP_CHECK {\ndelay_loop 5\n}');
  assert.equal(diff(before, realServer('TCP_CHECK {\ndelay_loop 5\nwarmup 2\n}')), [
    `changed ${vs} ${rs} TCP_CHECK: warmup delay_loop -> 2 s`,
  ]);
});

test('a check of something else starts anew', () => {
  const before = realServer('TCP_CHECK {\nconnect_port 80\n}');
  const after = realServer('TCP_CHECK {\nconnect_port 81\nretry 9\n}');
  assert.equal(diff(before, after), [
    `changed ${vs} ${rs} TCP_CHECK: port 80 -> 81`,
    `changed ${vs} ${rs} TCP_CHECK: retry 1 -> 9`,
  ]);
  for (const what of ['port', 'retry']) assert.match(effectOf(before, after, what) ?? '', /^the check starts anew/);
});

test('checks come and go, and of two the one that stayed is found again', () => {
  const tcp = (port: number): string => `TCP_CHECK {\nconnect_port ${port}\ndelay_loop 5\n}\n`;
  assert.equal(diff(realServer(tcp(1) + tcp(2)), realServer(tcp(2))), [
    `removed ${vs} ${rs} TCP_CHECK: check schedule 5 s, retry 1, address 10.0.0.2, port 1, timeout 5 s -> null`,
  ]);
  assert.equal(diff(realServer(tcp(2)), realServer(`${tcp(2)}MISC_CHECK {\nmisc_path "/bin/true a"\n}`)), [
    `added ${vs} ${rs} MISC_CHECK: check null -> schedule 60 s, retry 0, argv.0 /bin/true, argv.1 a, timeout 60 s, dynamic off`,
  ]);
});

test('without its last check a real server counts as up, and that is said', () => {
  const one = realServer('TCP_CHECK {\n}');
  const two = realServer('TCP_CHECK {\n}\nMISC_CHECK {\nmisc_path /bin/true\n}');
  assert.is(effectOf(one, realServer(''), 'check'), 'without a check the real server counts as up');
  assert.is(effectOf(two, one, 'check'), 'its verdict counts no more');
});

test('what becomes of the table is told for the mode that runs', () => {
  const before = realServer('');
  const after = realServer('lvs_method TUN\nTCP_CHECK {\n}');
  assert.is(effectOf(before, manage + after, 'lvs_method'), 'mode weights does not write it');
  assert.match(effectOf(manage + before, after, 'lvs_method') ?? '', 'written to the table at once');
});

test('a new real server is in service at once in mode manage, unless alpha', () => {
  const before = manage + realServer('');
  const added = (lines: string): string =>
    manage + virtualServer(`real_server 10.0.0.2 80 {\n}\nreal_server 10.0.0.3 80 {\n${lines}\n}`);
  assert.is(effectOf(before, added('TCP_CHECK {\n}'), 'real_server'), 'in service at once');
  assert.is(
    effectOf(before, added('TCP_CHECK {\nalpha\n}'), 'real_server'),
    'in service after its checks pass (alpha)',
  );
  assert.is(effectOf(before, added(''), 'real_server'), 'counts as up: it has no check');
});

test('a group tells which services it has now', () => {
  const group = (last: number): string =>
    `virtual_server_group web {\n10.0.0.1-${last} 80\n}\n${virtualServer('real_server 10.0.1.1 80 {\n}', 'group web')}`;
  assert.equal(diff(group(2), group(12)), [
    'changed [web]:0: services tcp/10.0.0.1:80 tcp/10.0.0.2:80 -> tcp/10.0.0.1:80 tcp/10.0.0.2:80 tcp/10.0.0.3:80 tcp/10.0.0.4:80 tcp/10.0.0.5:80 tcp/10.0.0.6:80 tcp/10.0.0.7:80 tcp/10.0.0.8:80 and 4 more',
  ]);
});

test('of a virtual server that comes new it is told whether its real servers wait', () => {
  const added = (lines: string) =>
    effectOf(manage, manage + realServer('TCP_CHECK {\n}', lines), 'virtual_server') ?? '';
  assert.match(added(''), /^added to the table with its real servers,/);
  assert.match(added('alpha'), /real servers with alpha follow after their checks pass$/);
});

test('a service that another virtual server takes over does not leave the table', () => {
  const group = (name: string, entries: string): string =>
    `virtual_server_group ${name} {\n${entries}\n}\n${virtualServer('real_server 10.0.1.1 80 {\n}', `group ${name}`)}`;
  const removed = (before: string, after: string) => {
    const [old, now] = [before, after].map(text => readText(manage + text).config);
    return old && now && diffConfigs(old, now).find(({ change }) => change === 'removed')?.effect;
  };
  const one = group('a', '10.0.0.1 80');
  const two = group('a', '10.0.0.1 80\n10.0.0.2 80');
  const told = 'what was up is told as down';
  assert.is(removed(one, ''), `its service leaves the table; ${told}`);
  assert.is(removed(two, ''), `its services leave the table; ${told}`);
  assert.is(
    removed(one, group('b', '10.0.0.1 80')),
    `its table goes to the virtual server that has the same service now; ${told}`,
  );
  assert.is(
    removed(two, group('b', '10.0.0.1 80')),
    `of its services those leave the table that no other virtual server has now; ${told}`,
  );
});

test('global_defs and settings are told as they are written', () => {
  const before = 'global_defs {\nsmtp_server 10.0.0.9\nnotification_email {\na@b.c\n}\n}';
  const after =
    'global_defs {\nsmtp_server 10.0.0.9 587\nsmtp_connect_timeout 5\nnotification_email {\na@b.c\nd@e.f\n}\nscript_user me we\nnotify_fifo /run/f\nnotify_fifo_script "/bin/x y"\nlvs_timeouts tcp 900\n}\ncheckalived {\nlisten 127.0.0.1:1\nfirst_verdict at_once\nplugin a.mjs\n}';
  assert.equal(diff(before, after), [
    'changed : notification_email a@b.c -> a@b.c d@e.f',
    'changed : smtp_server 10.0.0.9 25 -> 10.0.0.9 587',
    'changed : smtp_connect_timeout 30 s -> 5 s',
    'changed : script_user null -> me we',
    'changed : notify_fifo null -> /run/f, script /bin/x y',
    'changed : lvs_timeouts null -> tcp 900, tcpfin 0, udp 0',
    'changed : listen 127.0.0.1:9650 -> 127.0.0.1:1',
    'changed : first_verdict retry -> at_once',
    'changed : plugin null -> a.mjs',
  ]);
});

test('what only a restart changes is what the guide lists', () => {
  const other = makeConfig({
    globals: { lvsFlush: true, lvsFlushOnStop: 'all', lvsTimeouts: { tcp: 1, tcpfin: 1, udp: 1 } },
    settings: {
      ipvs: 'manage',
      stateDir: '/x',
      listen: { address: '::1', port: 1 },
      logFormat: 'text',
      firstVerdict: 'at_once',
      ipvsAudit: 1,
      scriptTimeout: 1,
      scriptLimit: 1,
      mailGroupLimit: 1,
      mailWindow: 1,
      mailGiveUp: 1,
      smtpUser: 'x',
      smtpTls: 'tls',
      resultsInterval: 1,
      retentionResults: 1,
      retentionTransitions: 1,
    },
  });
  const atRestart = diffConfigs(makeConfig({}), other).filter(change => change.takesEffect === 'restart');
  assert.equal(
    atRestart.map(change => change.what).sort(),
    'ipvs ipvs_audit listen log_format lvs_flush lvs_timeouts results_interval retention_results retention_transitions script_limit script_timeout state_dir'.split(
      ' ',
    ),
  );
});

test('a secret that changed is told without either', () => {
  const change = (password: string) => makeConfig({ settings: { smtpPassword: secret(password) } });
  assert.equal(diffConfigs(change('one'), change('one')), []);
  const changes = diffConfigs(change('one'), change('two'));
  assert.equal(changes.map(summarize), ['changed : smtp_password <secret> -> <secret>']);
});

test('channels of alerts come, go and change by their names, and no secret is shown', () => {
  const read = (lines: string) => readText(`checkalived {\n${lines}\n}\n`).config;
  const hook = (key: string, more = '') =>
    `webhook a {\nurl https://x/\nsecret ${key}\nuser u\npassword p${key}\n${more}\n}`;
  const slack = 'slack b {\nurl https://x/y\n}';
  assert.equal(diffConfigs(read(hook('one')), read(hook('one'))), []);
  const changes = diffConfigs(read(hook('one')), read(`${hook('two', 'about virtual_server\ntimeout 3')}\n${slack}`));
  assert.equal(changes.map(summarize), [
    'changed : webhook:a about all -> virtual_server',
    'changed : webhook:a timeout 10 s -> 3 s',
    'changed : webhook:a secret <secret> -> <secret>',
    'changed : webhook:a login null -> null',
    'added : slack:b null -> about all',
  ]);
  const [removed] = diffConfigs(read(slack), read(''));
  assert.is(removed && summarize(removed), 'removed : slack:b about all -> null');
  assert.is(removed?.effect, 'what it is still owed is given up');
});

test('what is said to start anew, or to keep its streak, does so in the agent', () => {
  const tcp = (lines: string): string => `TCP_CHECK {\n${lines}\n}\n`;
  const misc = 'MISC_CHECK {\nmisc_path /bin/true\nmisc_timeout 3\n}\n';
  const variants = [
    tcp(''),
    tcp('connect_port 81'),
    tcp('delay_loop 5'),
    tcp('retry 5'),
    tcp('connect_timeout 2'),
    tcp('') + misc,
    tcp('delay_loop 5') + tcp('connect_port 81'),
    misc,
    '',
  ].map(lines => readText(realServer(lines)).config);
  for (const before of variants) {
    for (const after of variants) {
      const table = new CheckTable();
      table.replace(before.virtualServers);
      const { added, removed, retimed } = table.replace(after.virtualServers);
      const changes = diffConfigs(before, after).filter(change => change.check !== null);
      const count = (pick: (change: Change) => boolean): number => changes.filter(pick).length;
      const edited = new Set(
        changes.filter(({ effect }) => effect.startsWith('the check starts anew')).map(change => change.check),
      ).size;
      assert.is(count(({ change }) => change === 'added') + edited, added.length);
      assert.is(count(({ change }) => change === 'removed') + edited, removed.length);
      assert.is(
        count(({ what, effect }) => what === 'schedule' && effect.startsWith('keeps')),
        retimed.length,
      );
    }
  }
});

test('a real server whose check starts anew stays in or out of service as it is', () => {
  const [before, after] = [80, 81].map(
    port => readText(realServer(`TCP_CHECK {\nconnect_port ${port}\nalpha\n}`)).config.virtualServers[0],
  );
  const [old, now] = [before?.realServers[0], after?.realServers[0]];
  if (!before || !after || !old || !now) throw new Error('there is no real server');
  for (const verdict of ['up', 'down'] as const) {
    const state = createState(before, {
      policy: 'manage',
      firstVerdict: 'retry',
      noCheckerEmails: false,
      rsInitNotifies: false,
    });
    const known = {
      ...state,
      realServers: [{ assumed: 'up' as const, checkers: [{ ...createChecker('down'), verdict }] }],
    };
    const [live] = reloadPlan(known, after).realServers;
    assert.is(live && judgeRealServer(now, live).inService, verdict === 'up');
  }
});

test('VRRP is compared object by object, and nothing of it is told', () => {
  const instance = (name: string, id: number, password = 'one') =>
    `vrrp_instance ${name} {\ninterface eth0\nvirtual_router_id ${id}\nauthentication {\nauth_type PASS\nauth_pass ${password}\n}\nvirtual_ipaddress {\n10.0.0.${id}\n}\n}\n`;
  const rest = (prefix: number, weight: number) =>
    `static_routes {\n10.0.0.0/${prefix} dev eth0\n}\ntrack_file f {\nfile /run/f\nweight ${weight}\n}\n`;
  const before = instance('A', 1) + instance('B', 2) + rest(8, 1);
  const after = instance('C', 3) + instance('A', 1, 'two') + rest(9, 2);
  const told = diffConfigs(readText(before).config, readText(after).config);
  assert.equal(
    told.map(({ change, what, from, to }) => [change, what, from, to]),
    [
      ['added', 'vrrp_instance C', null, null],
      ['changed', 'vrrp_instance A', null, null],
      ['removed', 'vrrp_instance B', null, null],
      ['changed', 'static_routes', null, null],
      ['changed', 'track_file f', null, null],
    ],
  );
  assert.equal(diff(before, `# moved\n${before}`), []);
});

test.run();
