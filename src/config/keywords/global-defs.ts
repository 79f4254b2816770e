import type { Params } from '../../model/params.ts';
import { bool, flag, ignoredRows, int, list, row, script, word } from './rows.ts';

/** The block global_defs: what concerns checking, mail and scripts; the rest is read over. */
export const globalRows: Params = [
  row('router_id', word, 'Name of this director in mail subjects.', { default: 'short host name' }),
  row('notification_email', list, 'Who gets mail.'),
  row('notification_email_from', word, 'Sender of mail.', { default: 'keepalived@host name' }),
  row('smtp_server', { kind: 'host-port' }, 'Mail server and port.', { default: 'none; port 25' }),
  row('smtp_helo_name', word, 'Name to greet the mail server with.', { default: 'host name' }),
  row('smtp_connect_timeout', int(0, 4294), 'Whole seconds for the mail server to answer.', { default: '30' }),
  row('smtp_alert', bool, 'Default of smtp_alert everywhere.'),
  row('smtp_alert_checker', bool, 'Default of smtp_alert of virtual and real servers.'),
  row('checker_log_all_failures', bool, 'Log every failed check.', { default: 'off' }),
  row('no_checker_emails', bool, 'Mail only when a real server changes, not for each of its checkers.', {
    default: 'off',
  }),
  row('rs_init_notifies', bool, 'Notify for real servers at the start too.', { default: 'off' }),
  row('script_user', { kind: 'user' }, 'Who runs scripts.', { default: 'keepalived_script if there is one' }),
  row('enable_script_security', flag, 'Refuse scripts that others than root could change.'),
  row('notify_fifo', { kind: 'fifo' }, 'FIFO for all state changes.', { repeat: 'first' }),
  row('notify_fifo_script', script, 'Program that reads it.', { repeat: 'first' }),
  row('lvs_notify_fifo', { kind: 'fifo' }, 'FIFO for state changes of virtual and real servers.', { repeat: 'first' }),
  row('lvs_notify_fifo_script', script, 'Program that reads it.', { repeat: 'first' }),
  row('lvs_timeouts', { kind: 'words' }, 'Timeouts of the kernel: [tcp S] [tcpfin S] [udp S].'),
  row('lvs_flush', flag, 'Remove every service at the start.'),
  row('lvs_flush_on_stop', { kind: 'words' }, 'Remove every service (or, with VS, our services) on stopping.'),
  row('lvs_flush_onstop', { kind: 'words' }, 'Old name of lvs_flush_on_stop.', { deprecated: 'lvs_flush_on_stop' }),
  row('lvs_id', word, 'Old name of router_id.', { deprecated: 'router_id' }),
  row('lvs_sync_daemon_interface', { kind: 'ignored' }, 'Old name of lvs_sync_daemon.', {
    deprecated: 'lvs_sync_daemon',
  }),
  ...ignoredRows(
    `smtp_alert_vrrp no_email_faults vrrp_notify_fifo vrrp_notify_fifo_script vrrp_notify_priority_changes
    fifo_write_vrrp_states_on_reload startup_script shutdown_script startup_script_timeout shutdown_script_timeout
    lvs_sync_daemon checker_priority checker_rt_priority checker_no_swap checker_cpu_affinity checker_rlimit_rttime
    checker_rlimit_rtime vrrp_priority bfd_priority vrrp_rt_priority bfd_rt_priority vrrp_no_swap bfd_no_swap
    vrrp_cpu_affinity bfd_cpu_affinity vrrp_rlimit_rttime bfd_rlimit_rttime vrrp_rlimit_rtime bfd_rlimit_rtime
    max_auto_priority min_auto_priority_delay process_names process_name checker_process_name vrrp_process_name
    bfd_process_name lvs_process_name use_symlink_paths set_supplementary_groups umask lvs_netlink_cmd_rcv_bufs
    lvs_netlink_monitor_rcv_bufs vrrp_netlink_cmd_rcv_bufs vrrp_netlink_monitor_rcv_bufs process_monitor_rcv_bufs
    lvs_netlink_cmd_rcv_bufs_force lvs_netlink_monitor_rcv_bufs_force vrrp_netlink_cmd_rcv_bufs_force
    vrrp_netlink_monitor_rcv_bufs_force process_monitor_rcv_bufs_force nftables_ipvs nftables_ipvs_priority
    nftables_ipvs_start_fwmark nftables nftables_priority nftables_counters nftables_ifindex vrrp_iptables vrrp_ipsets
    snmp_socket enable_traps enable_snmp_vrrp enable_snmp_rfc enable_snmp_rfcv2 enable_snmp_rfcv3 enable_snmp_keepalived
    enable_snmp_checker snmp_vs_stats_update_interval snmp_rs_stats_update_interval enable_dbus dbus_service_name
    dbus_no_interface_name default_interface dynamic_interfaces disable_local_igmp vrrp_mcast_group4 vrrp_mcast_group6
    vrrp_version vrrp_garp_master_delay vrrp_garp_lower_prio_delay vrrp_garp_master_repeat vrrp_garp_master_refresh
    vrrp_garp_master_refresh_repeat vrrp_garp_lower_prio_repeat vrrp_garp_interval vrrp_gna_interval vrrp_garp_extra_if
    vrrp_vmac_garp_intvl vmac_garp_intvl vrrp_min_garp vrrp_lower_prio_no_advert vrrp_higher_prio_send_advert vrrp_strict
    vrrp_skip_check_adv_addr vrrp_check_unicast_src log_unknown_vrids vrrp_owner_ignore_adverts vrrp_down_timer_adverts
    v3_checksum_as_v2 vrrp_startup_delay vrrp_delay_after_boot vrrp_rx_bufs_policy vrrp_rx_bufs_multiplier vmac_prefix
    vmac_addr_prefix random_seed include_check reload_check_config reload_time_file reload_repeat reload_file
    tmp_config_directory config_save_dir data_use_instance json_version state_dump_file stats_dump_file json_dump_file
    iproute_usr_dir iproute_etc_dir plugin_dir linkbeat_use_polling`,
    'Of no concern to checking.',
  ),
];
