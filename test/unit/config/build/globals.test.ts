import * as assert from 'uvu/assert';
import { suite } from '../../../support/suite.ts';
import { faultsOf, readText } from '../read-text.ts';

const test = suite('config/globals and settings');
const globals = (lines: string) => readText(`global_defs {\n${lines}\n}\n`);
const settings = (lines: string) => {
  const hidden = ['checkalived {', ...lines.split('\n'), '}'].map(line => `@checkalived ${line}\n`);
  return readText(hidden.join(''));
};

test('an empty file has the defaults of keepalived and of checkalived', () => {
  const { config, diagnostics } = readText('');
  assert.equal(diagnostics, []);
  const { vrrp: _vrrp, ...rest } = config;
  assert.equal(rest, {
    globals: {
      routerId: 'lb1',
      notificationEmail: [],
      notificationEmailFrom: 'keepalived@lb1.example.com',
      smtpServer: null,
      smtpHeloName: 'lb1.example.com',
      smtpConnectTimeout: 30_000,
      noCheckerEmails: false,
      rsInitNotifies: false,
      scriptUser: null,
      enableScriptSecurity: false,
      notifyFifo: null,
      lvsNotifyFifo: null,
      lvsFlush: false,
      lvsFlushOnStop: 'off',
      lvsTimeouts: null,
    },
    settings: {
      ipvs: 'weights',
      stateDir: '/var/lib/checkalived',
      trackDir: null,
      listen: { address: '127.0.0.1', port: 9650 },
      logFormat: 'auto',
      firstVerdict: 'retry',
      ipvsAudit: 5000,
      scriptTimeout: 30_000,
      scriptLimit: 16,
      mailGroupLimit: 5,
      mailWindow: 5000,
      mailGiveUp: 259_200_000,
      smtpUser: null,
      smtpPassword: null,
      smtpTls: 'off',
      resultsInterval: 60_000,
      retentionResults: 86_400_000,
      retentionTransitions: 34_560_000_000,
      metricsDetail: 'full',
      channels: [],
      plugin: [],
    },
    virtualServers: [],
    trackFiles: [],
    bfdInstances: [],
  });
});
test('global_defs may stand several times, and later lines win', () => {
  const { config } = readText('global_defs {\nrouter_id a\nsmtp_helo_name h\n}\nglobal_defs {\nrouter_id "b c" d\n}\n');
  assert.equal([config.globals.routerId, config.globals.smtpHeloName], ['b c', 'h']);
});
test('every address of every line gets mail', () => {
  const { config } = globals('notification_email {\na@x b@x\n"Some One <c@x>"\n}\nnotification_email_from me@x');
  assert.equal(config.globals.notificationEmail, ['a@x', 'b@x', 'Some One <c@x>']);
  assert.is(config.globals.notificationEmailFrom, 'me@x');
  assert.equal(faultsOf(globals('notification_email {\n}')), ['warning empty-list 2']);
});
test('a mail server is a name or an address, with a port behind a blank', () => {
  assert.equal(globals('smtp_server mx.example.com').config.globals.smtpServer, { host: 'mx.example.com', port: 25 });
  assert.equal(globals('smtp_server ::1 2525').config.globals.smtpServer, { host: '::1', port: 2525 });
  const joined = globals('smtp_server 10.0.0.1:25');
  assert.equal([joined.config.globals.smtpServer, faultsOf(joined)], [null, ['warning bad-address 2']]);
});
test('smtp_connect_timeout is whole seconds, at least one', () => {
  assert.is(globals('smtp_connect_timeout 5').config.globals.smtpConnectTimeout, 5000);
  assert.is(globals('smtp_connect_timeout 0').config.globals.smtpConnectTimeout, 1000);
  assert.equal(faultsOf(globals('smtp_connect_timeout x')), ['warning bad-value 2']);
});
test('FIFOs have users and scripts', () => {
  const { config } = globals('lvs_notify_fifo /run/f bob staff\nlvs_notify_fifo_script "/s.sh a"\nnotify_fifo /run/g');
  assert.equal(config.globals.lvsNotifyFifo, {
    path: '/run/f',
    user: { name: 'bob', group: 'staff' },
    script: { argv: ['/s.sh', 'a'] },
  });
  assert.equal(config.globals.notifyFifo, { path: '/run/g', script: null });
  const ours = readText('global_defs {\n@checkalived notify_fifo /run/h\n}\n').config.globals.notifyFifo;
  assert.equal(ours, { path: '/run/h', ours: true, script: null });
  assert.equal(
    globals('notify_fifo_script /s.sh').diagnostics.map(each => each.code),
    ['wrong-order', 'script-not-found'],
  );
});
test('what concerns IPVS as a whole is read', () => {
  const { config } = globals('lvs_flush\nlvs_flush_on_stop VS\nlvs_timeouts tcp 3600 udp 300');
  assert.equal([config.globals.lvsFlush, config.globals.lvsFlushOnStop], [true, 'services']);
  assert.equal(config.globals.lvsTimeouts, { tcp: 3600, tcpfin: 0, udp: 300 });
  assert.is(globals('lvs_flush_on_stop').config.globals.lvsFlushOnStop, 'all');
  assert.equal(faultsOf(globals('lvs_timeouts tcp x')), ['warning bad-value 2']);
});
test('keywords of other parts of keepalived are judged, and so are typing mistakes', () => {
  assert.equal(globals('vrrp_version 3\nenable_snmp_checker\nlvs_sync_daemon eth0').diagnostics, []);
  assert.equal(faultsOf(globals('vrrp_garp_interval 0')), ['warning out-of-range 2']);
  const [fault] = globals('smtp_connect_time 3').diagnostics;
  assert.is(fault?.hint, 'Did you mean smtp_connect_timeout?');
  assert.equal(globals('lvs_id x').config.globals.routerId, 'x');
});
test('our settings are read, with and without the prefix', () => {
  const lines = [
    'checkalived {',
    'ipvs manage',
    'state_dir /tmp/s',
    'track_dir /run/values',
    'listen [::1]:80',
    'log_format json',
    'first_verdict at_once',
    'ipvs_audit 0.5',
    'script_timeout 3',
    'script_limit 2',
    'mail_group_limit 9',
    'mail_window 1',
    'mail_give_up 60',
    'smtp_user u',
    'smtp_password "p w"',
    'smtp_tls starttls',
    'results_interval 0',
    'retention_results 5',
    'retention_transitions 6',
    'metrics_detail basic',
    'plugin own.mjs',
    '}',
  ];
  for (const prefix of ['', '@checkalived ']) {
    const { config, diagnostics } = readText(lines.map(line => prefix + line).join('\n'));
    const told = diagnostics.map(each => each.code);
    assert.equal(told, prefix === '' ? ['own-keyword'] : []);
    const { smtpPassword, ...others } = config.settings;
    assert.is(smtpPassword?.reveal(), 'p w');
    assert.equal(others, {
      ipvs: 'manage',
      stateDir: '/tmp/s',
      trackDir: '/run/values',
      listen: { address: '::1', port: 80 },
      logFormat: 'json',
      firstVerdict: 'at_once',
      ipvsAudit: 500,
      scriptTimeout: 3000,
      scriptLimit: 2,
      mailGroupLimit: 9,
      mailWindow: 1000,
      mailGiveUp: 60_000,
      smtpUser: 'u',
      smtpTls: 'starttls',
      resultsInterval: 0,
      retentionResults: 5000,
      retentionTransitions: 6000,
      metricsDetail: 'basic',
      channels: [],
      plugin: [{ path: 'own.mjs', span: { file: 'main.conf', line: 21, column: prefix.length + 8, length: 7 } }],
    });
  }
});
test('listen is a port, or an address with a port', () => {
  const listen = (text: string) => settings(`listen ${text}`).config.settings.listen;
  assert.equal(listen('80'), { address: '127.0.0.1', port: 80 });
  assert.equal(listen('0.0.0.0:0'), { address: '0.0.0.0', port: 0 });
  for (const text of ['x:80', '1.2.3.4', '::1:80', '70000']) {
    assert.equal(faultsOf(settings(`listen ${text}`)), ['warning bad-value 2'], text);
  }
});
test('keepalived has no opinion on our block', () => {
  const { diagnostics } = settings('ipvs wieghts\nfoo\nlisten x\nscript_limit 0');
  assert.equal(
    diagnostics.map(each => each.keepalived),
    [false, false, false, false],
  );
});
test('no fault, and no print of the configuration, shows a password', () => {
  const texts = [
    'smtp_password hunter2',
    'smtp_password hunter2 hunter2',
    'smtp_password hunter2#x',
    'smtp_password $hunter2',
    'smtp_password "hunter2',
  ];
  for (const text of texts) {
    const { config, diagnostics } = settings(text);
    assert.not.match(JSON.stringify([config, diagnostics]), 'hunter2', text);
  }
});

test.run();
