import { catalogue, type MetricFamily } from '../../src/metrics/catalogue.ts';
import { failureReasons } from '../../src/model/check.ts';
import { code, formatTable, pageHead, wrap } from './markdown.ts';

const families: readonly MetricFamily[] = Object.values(catalogue);
const { certificateExpiry, checkDuration, checks, configReloads, schedulerLag } = catalogue;

/** docs/reference/metrics.md: every metric of `GET /metrics`. */
export function writeMetrics(): string {
  const head = ['Metric', 'Type', 'Labels', 'Meaning'];
  const rows = families.map(({ name, type, labels, help, full }) => [
    code(name),
    type,
    labels.map(code).join(', '),
    full ? `${help} Only with ${code('metrics_detail full')}.` : help,
  ]);
  const histograms = families.flatMap(({ name, buckets }) =>
    buckets ? [`- ${code(name)}: ${buckets.join(', ')} seconds`] : [],
  );
  return `${pageHead('Metrics', 'src/metrics/catalogue.ts')}
${wrap(`${code('GET /metrics')} is on the address of the [API](api.md), in the text format 0.0.4 of Prometheus, or in [OpenMetrics](#openmetrics) for who asks for it.`)}

${formatTable(head, rows)}
Buckets:

${histograms.join('\n')}

Labels:

- ${code('virtual_server')}: ${code('tcp/192.0.2.10:80')}, ${code('tcp/[2001:db8::1]:80')}, ${code('fwmark/7')}, ${code('group/NAME:0')}; ${code('real_server')}: ${code('10.0.0.2:80')}. They are those of ${code('status --json')} and of SQLite.
- ${code('check')}: the keyword of the checker, such as ${code('HTTP_GET')}.
- ${code('result')} of ${code(checks.name)}, ${code('reason')}: ${code('ok')}, or ${failureReasons.map(code).join(', ')}.
- ${code('op')}: ${code('add_service')}, ${code('edit_service')}, ${code('delete_service')}, ${code('add_destination')}, ${code('edit_destination')}, ${code('delete_destination')}; in mode ${code('trackfile')} ${code('set_value')} of a value file.
- ${code('kind')}: an entry is a service or a destination. In mode ${code('manage')} all kinds; in mode ${code('weights')}, where others own the table, who should have traffic and is ${code('missing')}, and another ${code('weight')}; in mode ${code('trackfile')} the table is not looked at, and there are no series.
- ${code('channel')}: ${code('script')}, ${code('smtp')}, or the keyword and name of a channel of alerts, such as ${code('webhook:ops')}, as in the view ${code('notifications')}. A script is run once: what fails is given up. A message that tells several changes is one attempt; to repeat what is down is one too.
- ${code('to')}: ${code('up')} or ${code('down')}. A first verdict of up is no change, for that is what was assumed.

${wrap(`What is counted begins at 0 when the agent starts, and survives a reload as long as a check is left that counts there. It is written as the client
takes it, a piece on each turn of the loop, so that checks are not held up; a client that takes nothing for 30 s is given up.`)}

## Of the kernel and of keepalived

${wrap(`${code('checkalived_ipvs_*')} and the connections of real servers are those of ${code('ipvsadm -Ln --stats --exact')} and ${code('ipvsadm -Ln')}, which a scrape runs, no more
than every three seconds however many scrapes there are. They are the kernel's own: a counter begins anew when its service or destination is added again, and
what passed to others (a sorry server) is in the service's alone. Seven series belong to each real server that is in the table. There are none in mode
${code('memory')}, and where ipvsadm is missing or may not run, which the log then says once. A scrape waits a second for ipvsadm; when it takes longer the
numbers are those before, of at most 30 s ago.`)}

${wrap(`${code('checkalived_keepalived_up')} is 1 when /run/keepalived.pid, or a keepalived*.pid in /run/keepalived, names a process that lives and is keepalived by its name or its program. Another
${code('--pid')} of keepalived's is not found, and a container must see the host's /run and its processes.`)}

${wrap(`${code('checkalived_vrrp_instance_state')} is what this host shows; keepalived is not asked, and this needs no SNMP or signal. The first address that is looked at is that of
${code('virtual_ipaddress')}, else of ${code('virtual_ipaddress_excluded')}; an instance without any has no series. In this order:`)}

- master: the address is on an interface of this host that is up, whichever it is (so ${code('use_vmac')} is seen too). On the loopback it counts only with ${code('dev lo')}. Who has the address for another reason is taken for a master. So is a host whose keepalived was killed and left it there, because it answers for the address: two masters are seen in metrics when clients see them.
- stop: no keepalived runs, as above.
- fault: the interface is missing or not running, unless ${code('dont_track_primary')} says that it does not matter. That a script, a file or another interface which is tracked has failed is not seen: it is a backup.
- backup: all else.

${wrap(`${code('checkalived_certificate_expiry_timestamp_seconds')} is of the last certificate that an SSL_GET, or a TCP_CHECK with TLS, was shown; a resumed session has that of its full
handshake. It stays while the check fails, and goes with the check. With ${code('verify')} a certificate that is refused is not seen.`)}

The metrics of the process, ${code('process_*')} and ${code('nodejs_*')}, are those of prom-client, without ${code('nodejs_active_*')} and ${code('nodejs_eventloop_lag_*')}:
${code(schedulerLag.name)} says what the latter would.

## How many series

${wrap(`${code('metrics_detail full|basic|off')} in the block ${code('checkalived')} says what is told of each real server. A reload takes it, from the next scrape on.
Where nothing is known there is no series: no weight of who is not in the table, no duration before the first check.`)}

${formatTable(
  ['metrics_detail', 'For each real server', 'With 10,000 of them'],
  (['full', 'basic', 'off'] as const).map(detail => {
    const each = countEach(detail);
    return [code(detail), String(each), (each * 10_000).toLocaleString('en-US')];
  }),
)}
- Besides, ${code('full')} and ${code('basic')} have one for each real server whose certificate was seen (${code(certificateExpiry.name)}), two once its verdict
  has changed, and one for each reason for which it ever failed. ${code('full')} has the duration of the last check once for each type of check.
- Whatever the detail, a virtual server has ${countOfVirtualServer()} series, and ${checkDuration.buckets.length + 4} for each type of check and one for each other result that occurs.

## OpenMetrics

${wrap(`Who sends ${code('Accept: application/openmetrics-text;version=1.0.0')}, as Prometheus does, gets OpenMetrics 1.0.0, unless it wants ${code('text/plain')} more
(${code('q')}). The series are the same. The family of a counter is told without ${code('_total')} (${code(configReloads.name.replace(/_total$/, ''))}), families in seconds and
bytes have their unit, and the last line is ${code('# EOF')}. Bounds of buckets are written as in the text format (${code('le="1"')}), so that a
series stays what it is when the format changes.`)}

## Exemplars

${wrap(`In OpenMetrics each bucket of ${code(checkDuration.name)} has its last check by name. Prometheus keeps exemplars with
${code('--enable-feature=exemplar-storage')}; Grafana draws them on the graph.`)}

\`\`\`text
checkalived_check_duration_seconds_bucket{le="0.5",virtual_server="tcp/192.0.2.10:80",check="HTTP_GET"} 7 # {real_server="10.0.0.2:80",event_id="1767225600500"} 0.31 1767225600.81
\`\`\`

${wrap(`${code('event_id')} is the ${code('time_ms')} of the result in the view ${code('results')} of the [database](database.md); with the labels of the series it is that one row:`)}

\`\`\`sh
sqlite3 -readonly /var/lib/checkalived/checkalived.db "SELECT * FROM results WHERE time_ms = 1767225600500
  AND virtual_server = 'tcp/192.0.2.10:80' AND real_server = '10.0.0.2:80' AND check_type = 'HTTP_GET'"
\`\`\`

${wrap(`Only results that are kept there become exemplars: all failures, and of those that pass one in ${code('results_interval')} and the first after a failure. So a
bucket with slow checks may show an exemplar that is a minute old. What changed around that time tells ${code('checkalived history')}. They are there with every
${code('metrics_detail')}: an exemplar is no series.`)}
`;
}

/** Series that a real server in the table has from its first check on. */
function countEach(detail: 'full' | 'basic' | 'off'): number {
  if (detail === 'off') return 0;
  const always: readonly string[] = ['virtual_server', 'real_server', 'check'];
  return families.filter(
    family =>
      family !== certificateExpiry &&
      family.labels.includes('real_server') &&
      family.labels.every(label => always.includes(label)) &&
      (detail === 'full' || !family.full),
  ).length;
}

/** Without those of its checks. */
function countOfVirtualServer(): number {
  const own = families.filter(({ labels }) => labels.includes('virtual_server') && !labels.includes('real_server'));
  return own.reduce((sum, { labels }) => sum + (labels.includes('check') ? 0 : labels.includes('to') ? 2 : 1), 0);
}
