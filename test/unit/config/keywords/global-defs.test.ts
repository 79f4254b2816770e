import * as assert from 'uvu/assert';
import { globalRows } from '../../../../src/config/keywords/global-defs.ts';
import { suite } from '../../../support/suite.ts';
import { readText } from '../read-text.ts';

const test = suite('config/global-defs');

/** Codes of the faults of a line in global_defs; `!` before one that keepalived 2.2.7 -t exits for. */
function judge(line: string): string {
  const { diagnostics } = readText(`global_defs {\n${line}\n}\n`, { files: { '/bin/x': '' } });
  return diagnostics.map(each => (each.keepalived ? '!' : '') + each.code).join(' ');
}

/** Recorded from keepalived 2.2.7. */
const verdicts: Readonly<Record<string, string>> = {
  router_id: '!missing-argument',
  'router_id a b': 'surplus-words',
  smtp_helo_name: 'ignored-value',
  'smtp_connect_timeout 1.5': '!bad-value',
  'smtp_server 10.0.0.1 0': '!out-of-range',
  'smtp_server 10.0.0.256': '!bad-address',
  'smtp_alert maybe': '!bad-value mail-halfway',
  'lvs_timeouts tcp 5 udp 7': '',
  lvs_timeouts: '!missing-argument',
  'lvs_timeouts tcp': '!bad-value',
  'lvs_timeouts tcp 2678401': '!out-of-range',
  'lvs_timeouts foo 5': '!bad-value',
  lvs_flush_on_stop: '',
  'lvs_flush_on_stop vs': '!bad-value',
  'lvs_flush_onstop VS': 'deprecated-keyword',
  'lvs_sync_daemon eth0': '',
  'lvs_sync_daemon eth0 VI_1': '',
  'lvs_sync_daemon eth0 VI_1 5': '!bad-value',
  'lvs_sync_daemon eth0 inst VI_1 id 5 maxlen 100 port 99 ttl 4 group 224.0.0.5': '',
  'lvs_sync_daemon eth0 inst': '!missing-argument',
  'lvs_sync_daemon eth0 inst VI_1 foo': '!bad-value',
  'lvs_sync_daemon eth0 id 256': '!out-of-range',
  'lvs_sync_daemon eth0 group 10.0.0.1': '!bad-address',
  'lvs_sync_daemon interface12345678': '!bad-value',
  'nftables_ipvs_start_fwmark 0': '!out-of-range',
  'umask 022': '',
  'umask 0x12': '',
  'umask IRUSR|IWUSR': '',
  'umask IRUSR | IWUSR': '',
  umask: '!missing-argument',
  'umask 1000': '!bad-value',
  'umask 09': '!bad-value',
  'umask 022 1': '!bad-value',
  'umask IRUSR |': '!bad-value',
  'umask RUSR': '!bad-value',
  'process_name a': '',
  'process_name abcdefghijklmnop': '!bad-value',
  'lvs_process_name a': 'deprecated-keyword',
  'checker_rlimit_rtime 100': 'deprecated-keyword',
  'checker_rlimit_rttime 0': '!out-of-range',
  'vrrp_priority 20': '!out-of-range',
  'bfd_rt_priority 100': '!out-of-range',
  'checker_cpu_affinity 0 1': '',
  'checker_cpu_affinity a': '!bad-value',
  checker_cpu_affinity: '!missing-argument',
  max_auto_priority: '',
  'max_auto_priority 100': '!out-of-range',
  'include_check read': '',
  'include_check +match -read': '',
  'include_check read match': '!bad-value',
  'include_check readable': '!bad-value',
  'include_check foo': '!bad-value',
  'random_seed -1': '!out-of-range',
  reload_time_file: '!missing-argument',
  'reload_time_file /a /b': '!bad-value',
  tmp_config_directory: '!missing-argument',
  'json_version 1': '!newer-keyword',
  'snmp_socket a b': '!bad-value',
  enable_snmp_keepalived: 'deprecated-keyword',
  'dynamic_interfaces allow_if_changes': '',
  'dynamic_interfaces foo': '!bad-value',
  'vrrp_mcast_group4 224.0.0.19': '',
  'vrrp_mcast_group4 10.0.0.1': '!bad-address',
  'vrrp_mcast_group4 ff02::12': '!bad-address',
  'vrrp_mcast_group6 ff02::13': '',
  'vrrp_mcast_group6 ff05::1': '!bad-address',
  'vrrp_strict maybe': 'ignored-value',
  'vrrp_strict off': 'ignored-value',
  vrrp_strict: '',
  'vrrp_rx_bufs_policy mtu': '',
  'vrrp_rx_bufs_policy 100': '',
  'vrrp_rx_bufs_policy MTU ADVERT': '!bad-value',
  vrrp_iptables: '!bad-value',
  'vrrp_ipsets a b': '!bad-value',
  'vrrp_version 4': '!out-of-range',
  'vrrp_garp_interval 0': '!out-of-range',
  'vrrp_garp_master_repeat 0': '!out-of-range',
  'vrrp_garp_extra_if all 60': '',
  'vrrp_garp_extra_if all': '!missing-argument',
  'vrrp_vmac_garp_intvl 60': '!deprecated-keyword',
  'vmac_prefix a\nvmac_prefix b': '!repeated-keyword',
  linkbeat_use_polling: '!unknown-keyword',
};

for (const [line, expected] of Object.entries(verdicts)) {
  test(`${line.replace('\n', '; ')} is judged as keepalived does`, () => {
    assert.is(judge(line), expected);
  });
}

test('no keyword stands in the table twice, and none is read over without a look', () => {
  const names = globalRows.map(param => param.name);
  assert.equal(names.length, new Set(names).size);
  assert.equal(
    globalRows.filter(param => param.type.kind === 'ignored').map(param => param.name),
    [],
  );
});

test.run();
