import { catalogue } from '../../src/metrics/catalogue.ts';
import type { RuleGroup } from './rule.ts';

/** Labels of the rules' results and, for VRRP, of the pair: `cluster` is set by whoever configures the scrape. */
const master = `${catalogue.vrrpState.name}{state="master"}`;

/** Names of what is recorded; the part before the first colon says which labels it has. */
export const recorded = {
  masters: 'cluster:checkalived_vrrp_masters:sum',
  covered: 'cluster:checkalived_vrrp_covered:bool',
  standby: 'instance:checkalived_standby:bool',
  checks: 'instance:checkalived_checks:rate5m',
  lag: 'instance:checkalived_scheduler_lag_seconds:p99_10m',
  down: 'virtual_server:checkalived_real_servers_down:sum',
  failing: 'virtual_server:checkalived_checks_failed:ratio_rate5m',
  connections: 'virtual_server:checkalived_ipvs_connections:rate5m',
  incoming: 'virtual_server:checkalived_ipvs_incoming_bytes:rate5m',
  outgoing: 'virtual_server:checkalived_ipvs_outgoing_bytes:rate5m',
  duration: 'virtual_server_check:checkalived_check_duration_seconds:p99_10m',
} as const;

const rateOfChecks = (selector: string): string =>
  `sum without (check, result) (rate(${catalogue.checks.name}${selector}[5m]))`;

/** What alerts and dashboards both ask for, and who of a pair is at work. */
export const recordings: RuleGroup = {
  name: 'checkalived-recordings',
  alerts: [],
  recordings: [
    {
      record: recorded.masters,
      expr: `sum by (job, cluster, vrrp_instance) (${master})`,
      meaning: 'Directors that hold the VRRP instance, in a pair that is well 1.',
    },
    {
      record: recorded.covered,
      expr: `min by (job, cluster) (${recorded.masters}) == 1 and max by (job, cluster) (${recorded.masters}) == 1`,
      meaning: 'There, with 1, while each VRRP instance of the cluster has one master among the directors that answer.',
    },
    {
      record: recorded.standby,
      expr: `1 - max by (job, cluster, instance) (${master}) == 1
unless on (job, cluster, instance) (
  ${master}
  unless on (job, cluster, vrrp_instance) ${recorded.masters} == 1
)`,
      meaning: 'There, with 1, while the director holds no VRRP instance and each of its instances is held by another.',
    },
    {
      record: recorded.checks,
      expr: `sum without (virtual_server) (${rateOfChecks('')})`,
      meaning: 'Checks a second.',
    },
    {
      record: recorded.lag,
      expr: `histogram_quantile(0.99, rate(${catalogue.schedulerLag.name}_bucket[10m]))`,
      meaning: 'Of a hundred checks 99 began no later than this after they were due.',
    },
    {
      record: recorded.down,
      expr: `sum without (real_server) (1 - ${catalogue.realServerUp.name})`,
      meaning: 'Real servers that are out of service.',
    },
    {
      record: recorded.failing,
      expr: `${rateOfChecks('{result!="ok"}')} / ${rateOfChecks('')}`,
      meaning: 'Share of checks that did not pass; none where there never was one.',
    },
    {
      record: recorded.connections,
      expr: `rate(${catalogue.ipvsConnections.name}[5m])`,
      meaning: 'New connections a second.',
    },
    {
      record: recorded.incoming,
      expr: `rate(${catalogue.ipvsIncomingBytes.name}[5m])`,
      meaning: 'Bytes a second from clients.',
    },
    {
      record: recorded.outgoing,
      expr: `rate(${catalogue.ipvsOutgoingBytes.name}[5m])`,
      meaning: 'Bytes a second to clients that came through the director.',
    },
    {
      record: recorded.duration,
      expr: `histogram_quantile(0.99, rate(${catalogue.checkDuration.name}_bucket[10m]))`,
      meaning: 'Of a hundred checks 99 took no longer than this.',
    },
  ],
};
