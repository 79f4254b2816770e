/** One metric as it is declared, once: everything that is printed, documented or drawn takes its name from here. */
export interface MetricFamily {
  readonly name: string;
  readonly type: 'gauge' | 'counter' | 'histogram';
  /** One sentence. */
  readonly help: string;
  readonly labels: readonly string[];
  /** Written only with `metrics_detail full`: its series grow with the real servers. */
  readonly full?: true;
  /** Upper bounds of a histogram; the last one, +Inf, is left out. */
  readonly buckets?: readonly number[];
}

const prefix = 'checkalived_';
const ofVirtualServer = ['virtual_server'] as const;
const ofRealServer = ['virtual_server', 'real_server'] as const;

/** All metrics, in the order in which they are printed. */
export const catalogue = {
  buildInfo: gauge('build_info', ['version', 'node_version'], 'Always 1; the labels say what runs.'),
  startTime: gauge('start_time_seconds', [], 'When the agent started, in seconds since 1970.'),
  configReloads: counter('config_reloads_total', ['result'], 'Reloads that were asked for: ok, invalid or failed.'),
  configReloadOk: gauge('config_last_reload_successful', [], '1 if the last reload, or the start, was taken.'),
  configReloadTime: gauge(
    'config_last_reload_success_timestamp_seconds',
    [],
    'When the running configuration was taken, in seconds since 1970.',
  ),
  virtualServers: gauge('virtual_servers', [], 'Virtual servers in the configuration.'),
  realServers: gauge('real_servers', [], 'Real servers in the configuration, once for each virtual server.'),
  checksConfigured: gauge('configured_checks', [], 'Checks in the configuration.'),
  probes: gauge('probes', [], 'Probes that these checks are: those that ask the same of the same share one.'),
  trouble: gauge(
    'trouble',
    ['component'],
    '1 while this part of the agent is in trouble: store, ipvs, mail or alerts.',
  ),
  droppedResults: counter(
    'store_dropped_results_total',
    [],
    'Results that the store could not keep; they counted all the same.',
  ),
  droppedMinutes: counter(
    'store_dropped_counts_total',
    [],
    'Minutes of single checks that the store could not keep; uptime and counts in SQLite lack them.',
  ),
  schedulerLag: histogram(
    'scheduler_lag_seconds',
    [],
    'How much later than due checks began.',
    [0.005, 0.025, 0.05, 0.1, 0.25, 1, 5],
  ),
  checksInFlight: gauge('checks_in_flight', [], 'Probes that are under way.'),
  checksQueued: gauge('checks_queued', [], 'Commands of MISC_CHECK and scripts that wait for a free place.'),
  checksOverrun: counter(
    'checks_overrun_total',
    [],
    'Times of a cron schedule that passed while the check before was still under way.',
  ),
  ipvsSyncDuration: histogram(
    'ipvs_sync_duration_seconds',
    [],
    'How long a batch of changes took, from reading the table to having read it back.',
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5, 10],
  ),
  ipvsSyncOperations: counter(
    'ipvs_sync_operations_total',
    ['op', 'result'],
    'Commands for the IPVS table: add, edit or delete of a service or destination, ok or failed.',
  ),
  ipvsDrift: gauge(
    'ipvs_drift_entries',
    ['kind'],
    'Entries of the IPVS table that were not as wanted at the last audit: missing, extra, weight or other (scheduler, forwarding and the like). The audit puts right what is ours.',
  ),
  notifications: counter(
    'notifications_total',
    ['channel', 'result'],
    'Attempts to tell somebody: delivered, failed (tried again) or given_up.',
  ),
  notificationDuration: histogram(
    'notification_duration_seconds',
    ['channel'],
    'How long an attempt took.',
    [0.01, 0.05, 0.25, 1, 5, 30],
  ),
  notificationsWaiting: gauge('notifications_waiting', ['channel'], 'Notifications that are not delivered yet.'),
  transitions: counter(
    'transitions_total',
    ['object'],
    'Changes of state: of a real_server, virtual_server, sorry_server or weight.',
  ),
  storeSize: gauge('store_size_bytes', [], 'Size of the database with its journal.'),
  storeWriteErrors: counter('store_write_errors_total', [], 'Transactions that the database refused.'),
  keepalivedUp: gauge('keepalived_up', [], '1 while a keepalived runs on this host; none in mode memory.'),
  vrrpState: gauge(
    'vrrp_instance_state',
    ['vrrp_instance', 'state'],
    '1 at the state that the host shows: master (holds the first virtual address), backup, fault (the interface is down) or stop (no keepalived); none in mode memory.',
  ),
  vrrpTransitions: counter(
    'vrrp_instance_transitions_total',
    ['vrrp_instance', 'to'],
    'Changes of that state that a look each second saw.',
  ),

  virtualServerInfo: gauge(
    'virtual_server_info',
    ['virtual_server', 'address', 'port', 'protocol', 'fwmark', 'scheduler', 'forwarding'],
    'Always 1; the labels say what the virtual server is.',
  ),
  virtualServerUp: gauge('virtual_server_up', ofVirtualServer, '1 while the quorum is there.'),
  configuredRealServers: gauge(
    'virtual_server_configured_real_servers',
    ofVirtualServer,
    'Real servers in the configuration.',
  ),
  availableRealServers: gauge(
    'virtual_server_available_real_servers',
    ofVirtualServer,
    'Real servers in service with a weight above 0.',
  ),
  quorum: gauge('virtual_server_quorum', ofVirtualServer, 'Weight in service that the virtual server needs to be up.'),
  backupActive: gauge('virtual_server_backup_active', ofVirtualServer, '1 while the sorry server stands in.'),
  quorumTransitions: counter(
    'virtual_server_quorum_transitions_total',
    ['virtual_server', 'to'],
    'Changes of the quorum: to up or down.',
  ),
  ipvsConnections: counter(
    'ipvs_connections_total',
    ofVirtualServer,
    'Connections that IPVS has scheduled since the service was added; of a group the sum of its services.',
  ),
  ipvsIncomingPackets: counter('ipvs_incoming_packets_total', ofVirtualServer, 'Packets from clients.'),
  ipvsOutgoingPackets: counter(
    'ipvs_outgoing_packets_total',
    ofVirtualServer,
    'Packets to clients that came through the director: 0 with DR and TUN.',
  ),
  ipvsIncomingBytes: counter('ipvs_incoming_bytes_total', ofVirtualServer, 'Bytes from clients.'),
  ipvsOutgoingBytes: counter(
    'ipvs_outgoing_bytes_total',
    ofVirtualServer,
    'Bytes to clients that came through the director: 0 with DR and TUN.',
  ),

  realServerUp: gauge(
    'real_server_up',
    ofRealServer,
    '1 while the real server is in service, or assumed to be before its first verdict.',
  ),
  lastTransition: gauge(
    'real_server_last_transition_timestamp_seconds',
    ofRealServer,
    'When the verdict on the real server changed last, in seconds since 1970; none before the first verdict.',
  ),
  weight: gauge('real_server_weight', ofRealServer, 'Weight in the IPVS table; none where it is not in the table.'),
  desiredWeight: gauge(
    'real_server_weight_desired',
    ofRealServer,
    'Weight that the agent wants in the IPVS table; none where it wants none, or leaves that to others.',
  ),

  stateCode: full(
    gauge(
      'real_server_state_code',
      ofRealServer,
      'State as a number: 0 down, 1 up, 2 draining (up with weight 0), 3 unknown (no verdict yet), 4 disabled.',
    ),
  ),
  serverTransitions: counter(
    'real_server_transitions_total',
    [...ofRealServer, 'to'],
    'Changes of the verdict: to up or down. Real servers appear when they first change.',
  ),
  activeConnections: full(
    gauge(
      'real_server_active_connections',
      ofRealServer,
      'Active connections in IPVS; none where it is not in the table.',
    ),
  ),
  inactiveConnections: full(
    gauge(
      'real_server_inactive_connections',
      ofRealServer,
      'Inactive connections in IPVS; none where it is not in the table.',
    ),
  ),
  serverConnections: full(
    counter(
      'ipvs_real_server_connections_total',
      ofRealServer,
      'Connections that IPVS has scheduled to it since it was added.',
    ),
  ),
  serverIncomingPackets: full(
    counter('ipvs_real_server_incoming_packets_total', ofRealServer, 'Packets from clients.'),
  ),
  serverOutgoingPackets: full(
    counter('ipvs_real_server_outgoing_packets_total', ofRealServer, 'Packets to clients: 0 with DR and TUN.'),
  ),
  serverIncomingBytes: full(counter('ipvs_real_server_incoming_bytes_total', ofRealServer, 'Bytes from clients.')),
  serverOutgoingBytes: full(
    counter('ipvs_real_server_outgoing_bytes_total', ofRealServer, 'Bytes to clients: 0 with DR and TUN.'),
  ),
  certificateExpiry: gauge(
    'certificate_expiry_timestamp_seconds',
    ofRealServer,
    'When the certificate that was last seen ends, in seconds since 1970; of several checks the first to end.',
  ),
  lastDuration: full(
    gauge('check_last_duration_seconds', [...ofRealServer, 'check'], 'How long the last check of this type took.'),
  ),

  checks: counter(
    'checks_total',
    ['virtual_server', 'check', 'result'],
    'Checks that ended: ok, or the reason why they did not pass. Reasons appear when they first occur.',
  ),
  checkDuration: histogram(
    'check_duration_seconds',
    ['virtual_server', 'check'],
    'How long checks took, whatever their result.',
    [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10],
  ),
  checkFailures: counter(
    'check_failures_total',
    ['virtual_server', 'real_server', 'reason'],
    'Checks that did not pass. Real servers and reasons appear when they first occur.',
  ),
} as const satisfies Readonly<Record<string, MetricFamily>>;

function gauge(name: string, labels: readonly string[], help: string): MetricFamily {
  return { name: prefix + name, type: 'gauge', help, labels };
}

function counter(name: string, labels: readonly string[], help: string): MetricFamily {
  return { name: prefix + name, type: 'counter', help, labels };
}

function full(family: MetricFamily): MetricFamily {
  return { ...family, full: true };
}

function histogram(
  name: string,
  labels: readonly string[],
  help: string,
  buckets: readonly number[],
): MetricFamily & { readonly buckets: readonly number[] } {
  return { name: prefix + name, type: 'histogram', help, labels, buckets };
}
