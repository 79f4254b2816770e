import * as assert from 'uvu/assert';
import { suite } from '../../../support/suite.ts';
import { readText, virtualServer } from '../read-text.ts';

const test = suite('config/virtual_server and real_server keywords');
const judge = (text: string): string =>
  readText(text)
    .diagnostics.filter(each => each.code !== 'no-checker')
    .map(each => (each.keepalived ? '!' : '') + each.code)
    .join(' ');

/** Recorded from keepalived 2.2.7. */
const inVirtual: Readonly<Record<string, string>> = {
  'snmp_name a': '',
  'snmp_name a b': '!bad-value',
  snmp_name: '!missing-argument',
  'persistence_engine abcdefghijklmnop': '!bad-value',
  hashed: 'removed-keyword !wrong-scheduler',
  'lb_algo sh\nhashed': 'removed-keyword',
  'lb_algo sh\nmh-port': 'wrong-scheduler',
  'lb_algo mh\nmh-port': '',
  'sh-port\nlb_algo sh': '!wrong-order',
  'lb_kind NAT foo': '!bad-value',
  'lb_kind NAT nocsum': 'surplus-words',
  'lb_kind TUN csum': '!bad-value',
  'persistence_granularity 24': 'bad-value',
  'weight "5 "': '!bad-value',
  'weight " 5"': '',
  'quorum_up ""': 'bad-script',
  'sorry_server 10.0.0.2 80\nsorry_server_inhibit': '!sorry-server-inhibit sorry-server-is-real-server',
  'sorry_server 10.0.0.2 80': 'sorry-server-is-real-server',
};
for (const [lines, expected] of Object.entries(inVirtual)) {
  test(`${lines.replace('\n', '; ')} in virtual_server is judged as keepalived does`, () => {
    assert.is(judge(virtualServer(`${lines}\nreal_server 10.0.0.2 80 {\n}`)), expected);
  });
}

const inReal: Readonly<Record<string, string>> = {
  'snmp_name a b': '!bad-value',
  'notify_up ""': 'bad-script',
  'lthreshold -1': '!out-of-range',
  'TCP_CHECK {\nconnect_ip 10.0.0.1/24\n}': 'surplus-words',
  'TCP_CHECK {\nbind_if abcdefghijklmnop\n}': '!bad-value',
  'TCP_CHECK {\nconnect_port "80 "\n}': '!out-of-range',
  'HTTP_GET {\nurl {\npath /\nregex a b\n}\n}': 'ignored-value',
  'HTTP_GET {\nurl {\npath /\nregex a\nregex_options foo\n}\n}': 'ignored-value',
  'HTTP_GET {\nurl {\npath /\nregex_min_offset x\n}\n}': 'ignored-value',
  'HTTP_GET {\nurl {\npath /\nregex_stack 10 1\n}\n}': 'ignored-value',
  "HTTP_GET {\nurl {\npath /\nregex 'a\n}\n}": '!bad-value',
  'HTTP_GET {\nurl {\npath /\nstatus_code 0200\n}\n}': '',
  'SMTP_CHECK {\nhost {\nretry 1\n}\n}': 'host-schedule',
};
for (const [lines, expected] of Object.entries(inReal)) {
  test(`${lines.replaceAll('\n', '; ')} in real_server is judged as keepalived does`, () => {
    assert.is(judge(virtualServer(`real_server 10.0.0.2 80 {\n${lines}\n}`)), expected);
  });
}

test('a sorry server that is a real server too is inhibited as that is', () => {
  const lines = 'sorry_server 10.0.0.2 80\nsorry_server_inhibit\nreal_server 10.0.0.2 80 {\n}';
  assert.is(readText(virtualServer(lines)).config.virtualServers[0]?.sorryServer?.inhibit, false);
});

test.run();
