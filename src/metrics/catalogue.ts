/** One metric as it is declared, once: everything that is printed, documented or drawn takes its name from here. */
export interface MetricFamily {
  readonly name: string;
  readonly type: 'gauge' | 'counter' | 'histogram';
  /** One sentence. */
  readonly help: string;
  readonly labels: readonly string[];
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
  checksConfigured: gauge('checks', [], 'Checks in the configuration.'),
  probes: gauge('probes', [], 'Probes that these checks are: those that ask the same of the same share one.'),
  trouble: gauge('trouble', ['component'], '1 while this part of the agent is in trouble: store, ipvs or mail.'),
  droppedResults: counter(
    'store_dropped_results_total',
    [],
    'Results that the store could not keep; they counted all the same.',
  ),
  droppedMinutes: counter(
    'store_dropped_minutes_total',
    [],
    'Minutes of single checks that the store could not keep; uptime and counts in SQLite lack them.',
  ),
  schedulerLag: histogram(
    'scheduler_lag_seconds',
    [],
    'How much later than due checks began.',
    [0.005, 0.025, 0.05, 0.1, 0.25, 1, 5],
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

function histogram(
  name: string,
  labels: readonly string[],
  help: string,
  buckets: readonly number[],
): MetricFamily & { readonly buckets: readonly number[] } {
  return { name: prefix + name, type: 'histogram', help, labels, buckets };
}
