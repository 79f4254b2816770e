import * as assert from 'uvu/assert';
import { suite } from '../../../support/suite.ts';
import { readText, realServer, virtualServer } from '../read-text.ts';

const test = suite('config/lint/advice');
const check = 'TCP_CHECK {\n}';

/** `line:column message` of each report of a rule. */
function told(code: string, text: string): readonly string[] {
  return readText(text)
    .diagnostics.filter(each => each.code === code)
    .map(({ line, column, message }) => `${line}:${column} ${message}`);
}

test('no-protocol: a protocol that there is not, or none', () => {
  const text = virtualServer(`real_server 10.0.0.2 80 {\n${check}\n}`);
  assert.equal(told('no-protocol', text.replace('protocol TCP', '')), [
    '1:1 [10.0.0.1]:udp:80 has no usable protocol, and so it is UDP.',
  ]);
  assert.is(told('no-protocol', text.replace('TCP\n', 'TPC\n')).length, 1);
  for (const protocol of ['UDP', 'udp', 'tcp', 'SCTP', 'TPC\nprotocol UDP'])
    assert.equal(told('no-protocol', text.replace('TCP\n', `${protocol}\n`)), [], protocol);
  assert.equal(told('no-protocol', text.replace('10.0.0.1 80', 'fwmark 7').replace('protocol TCP', '')), []);
});

test('own-keyword: a value that keepalived does not know is one too', () => {
  const text = (line: string) => realServer(`HTTP_GET {\n${line}\nurl {\npath /\n}\n}`);
  assert.equal(told('own-keyword', text('http_protocol 2')), [
    '8:1 keepalived does not know http_protocol 2, and complains where it reads this file too.',
  ]);
  assert.equal(told('own-keyword', text('http_protocol 1.1')), []);
  assert.equal(told('own-keyword', text('@checkalived http_protocol 2')), []);
});

test('repeated-virtual-server: the same protocol, address and port', () => {
  assert.equal(told('repeated-virtual-server', realServer(check) + realServer(check)), [
    '11:1 [10.0.0.1]:tcp:80 is the same kernel service as [10.0.0.1]:tcp:80 on line 1; its real servers are added there.',
  ]);
  assert.equal(told('repeated-virtual-server', realServer(check) + realServer(check, 'protocol UDP')), []);
});
test('repeated-virtual-server: a group that shares an address', () => {
  const group = 'virtual_server_group g {\n10.0.0.1 80\n10.0.0.9 80\n}\n';
  const text = group + realServer(check) + virtualServer(`real_server 10.0.0.3 80 {\n${check}\n}`, 'group g');
  assert.match(
    told('repeated-virtual-server', text)[0] ?? '',
    '1 of the 2 services of [g]:0 belong to [10.0.0.1]:tcp:80 on line 5',
  );
});

test('quorum-changed: more than all weights, and a hysteresis that is not less', () => {
  const settled = (lines: string, weight = 4) =>
    told('quorum-changed', realServer(`weight ${weight}\n${check}`, lines));
  assert.equal(settled('quorum 4\nhysteresis 3'), []);
  assert.equal(settled('quorum 9\nhysteresis 5'), [
    '5:1 The quorum 9 of [10.0.0.1]:tcp:80 is more than the weights of its real servers add up to; 4 is taken.',
    '6:1 The hysteresis 5 of [10.0.0.1]:tcp:80 must be less than its quorum of 4; 3 is taken.',
  ]);
  assert.match(settled('', 0)[0] ?? '', 'All weights of [10.0.0.1]:tcp:80 are 0');
});

test('nb-get-retry: HTTP_GET has it as an old name, and so has SSL_GET', () => {
  const url = 'url {\npath /\n}';
  for (const keyword of ['HTTP_GET', 'SSL_GET']) {
    const text = realServer(`${keyword} {\n${url}\nnb_get_retry 2\n}`);
    assert.equal(told('nb-get-retry', text), []);
    assert.is(told('deprecated-keyword', text).length, 1);
  }
  const tcp = realServer('TCP_CHECK {\nnb_get_retry 2\n}');
  assert.is(told('nb-get-retry', tcp).length, 1);
  assert.equal(told('deprecated-keyword', tcp), []);
});

test('sorry-server-is-real-server: the same address with another port is another server', () => {
  const sorry = (line: string) => told('sorry-server-is-real-server', realServer(check, line));
  assert.equal(sorry('sorry_server 10.0.0.2 80'), [
    '5:14 The sorry server 10.0.0.2:80 of [10.0.0.1]:tcp:80 is one of its real servers, on line 6.',
  ]);
  assert.is(sorry('sorry_server 10.0.0.2').length, 1);
  assert.equal(sorry('sorry_server 10.0.0.2 81'), []);
  assert.equal(sorry('sorry_server 10.0.0.9 80'), []);
});

test('weights-ignored: the same weight for all, and 0, are in order', () => {
  const weights = (algorithm: string, ...values: readonly number[]) => {
    const reals = values.map((weight, index) => `real_server 10.0.0.${index + 2} 80 {\nweight ${weight}\n${check}\n}`);
    return told('weights-ignored', virtualServer(`lb_algo ${algorithm}\n${reals.join('\n')}`)).length;
  };
  assert.is(weights('rr', 1, 2), 1);
  assert.is(weights('lc', 1, 2), 1);
  assert.is(weights('rr', 5, 5), 0);
  assert.is(weights('rr', 5, 0), 0);
  assert.is(weights('wrr', 1, 2), 0);
});

test('mail-halfway: one half without the other, or a wish for mail without both', () => {
  const defs = (lines: string) => told('mail-halfway', `global_defs {\n${lines}\n}\n${realServer(check)}`);
  const recipients = 'notification_email {\na@example.com\n}';
  assert.equal(defs(recipients), ['2:1 Recipients of mail are named, but no smtp_server: no mail is sent.']);
  assert.equal(defs('smtp_server 192.0.2.25'), [
    '2:1 An smtp_server is named, but no notification_email: no mail is sent.',
  ]);
  assert.equal(defs('smtp_alert'), [
    '2:1 smtp_alert asks for mail, but global_defs has neither notification_email nor smtp_server: none is sent.',
  ]);
  assert.is(told('mail-halfway', realServer(`smtp_alert\n${check}`)).length, 1);
  assert.equal(defs('smtp_alert off'), []);
  assert.equal(defs(`${recipients}\nsmtp_server 192.0.2.25\nsmtp_alert`), []);
  assert.equal(defs('router_id x'), []);
});

test('check-longer-than-delay-loop: what a hanging server means, once for all checks alike', () => {
  const slow = 'TCP_CHECK {\nconnect_timeout 3\nretry 3\ndelay_before_retry 3\n}';
  const text = (loop: number) =>
    virtualServer(`delay_loop ${loop}\nreal_server 10.0.0.2 80 {\n${slow}\n}\nreal_server 10.0.0.3 80 {\n${slow}\n}`);
  assert.equal(told('check-longer-than-delay-loop', text(6)), [
    '7:1 This TCP_CHECK (and 1 more like it) can take 21 s with its 3 retries, longer than delay_loop (6 s): a server that hangs leaves after up to 27 s.',
  ]);
  assert.equal(told('check-longer-than-delay-loop', text(21)), []);
});
test('check-longer-than-delay-loop: HTTP waits for the answer as long again', () => {
  const text = realServer(
    'HTTP_GET {\nurl {\npath /\n}\nconnect_timeout 3\nretry 1\ndelay_before_retry 1\n}',
    'delay_loop 10',
  );
  assert.match(told('check-longer-than-delay-loop', text)[0] ?? '', 'can take 13 s with its retry');
});
test('unproven-udp-check: checks that silence passes are told of once, those that want a reply never', () => {
  const silent = realServer('UDP_CHECK {\n}\nUDP_CHECK {\npayload 01\n}\nUDP_CHECK {\nrequire_reply\n}');
  assert.equal(told('unproven-udp-check', silent), [
    '7:1 This UDP_CHECK (and 1 more like it) passes when nothing answers: it proves little.',
  ]);
  assert.equal(told('unproven-udp-check', realServer('UDP_CHECK {\nrequire_reply 0x\n}')), []);
});
test('check-longer-than-delay-loop: defaults, single runs and calendars are not talked about', () => {
  assert.equal(told('check-longer-than-delay-loop', realServer(check)), []);
  assert.equal(told('check-longer-than-delay-loop', realServer('DNS_CHECK {\n}', 'delay_loop 5')), []);
  const inStep = (timeout: number) =>
    realServer(`TCP_CHECK {\nconnect_timeout ${timeout}\nretry 3\ndelay_before_retry 5\n}`, 'delay_loop 5');
  assert.equal(told('check-longer-than-delay-loop', inStep(5)), []);
  assert.match(told('check-longer-than-delay-loop', inStep(6))[0] ?? '', 'can take 39 s');
  assert.equal(told('check-longer-than-delay-loop', realServer('MISC_CHECK {\nmisc_path "true"\n}')), []);
  const calendar = 'TCP_CHECK {\nschedule "* * * * * *"\n}';
  assert.equal(told('check-longer-than-delay-loop', realServer(calendar)), []);
});

test('track-file-folder: everybody may write where keepalived reads our verdicts', () => {
  const text = (mode: string) => `checkalived {\nipvs ${mode}\ntrack_dir /run/values\n}\n${realServer(check)}`;
  const toldOf = (mode: string, bits: number) =>
    readText(text(mode), { stats: { '/run/values': { kind: 'directory', mode: bits, uid: 0 } } })
      .diagnostics.filter(({ code }) => code === 'track-file-folder')
      .map(({ line, column }) => `${line}:${column}`);
  assert.equal(toldOf('trackfile', 0o1777), ['3:11']);
  assert.equal(toldOf('trackfile', 0o755), []);
  assert.equal(toldOf('weights', 0o777), []);
});

test('advice on a line that a sequence makes many servers of is given once', () => {
  const text = virtualServer('~SEQ(n, 2, 9) real_server 10.0.0.$n 80 { weight 1 }');
  assert.is(readText(text).config.virtualServers[0]?.realServers.length, 8);
  assert.is(told('no-checker', text).length, 1);
});

test.run();
