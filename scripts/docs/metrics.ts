import { catalogue } from '../../src/metrics/catalogue.ts';
import { failureReasons } from '../../src/model/check.ts';
import { code, formatTable, pageHead, wrap } from './markdown.ts';

/** docs/reference/metrics.md: every metric of `GET /metrics`. */
export function writeMetrics(): string {
  const head = ['Metric', 'Type', 'Labels', 'Meaning'];
  const rows = Object.values(catalogue).map(({ name, type, labels, help }) => [
    code(name),
    type,
    labels.map(code).join(', '),
    help,
  ]);
  const histograms = Object.values(catalogue).flatMap(family =>
    'buckets' in family ? [`- ${code(family.name)}: ${family.buckets.join(', ')} seconds`] : [],
  );
  return `${pageHead('Metrics', 'src/metrics/catalogue.ts')}
\`GET /metrics\` is in the text format 0.0.4 of Prometheus, on the address of the [API](api.md).

${formatTable(head, rows)}
Buckets:

${histograms.join('\n')}

Labels:

- ${code('virtual_server')}: ${code('tcp/192.0.2.10:80')}, ${code('tcp/[2001:db8::1]:80')}, ${code('fwmark/7')}, ${code('group/NAME:0')}; ${code('real_server')}: ${code('10.0.0.2:80')}. They are those of ${code('status --json')} and of SQLite.
- ${code('check')}: the keyword of the checker, such as ${code('HTTP_GET')}.
- ${code('result')}, ${code('reason')}: ${code('ok')}, or ${failureReasons.map(code).join(', ')}.

${wrap(`What is counted begins at 0 when the agent starts, and survives a reload as long as a check is left that counts there. Four series belong to each
real server, and one more to each reason for which it ever failed; ten thousand real servers in two hundred virtual servers are about 44,000 series, 5 MB.
They are written as the client takes them, a piece on each turn of the loop, so that checks are not held up; a client that takes nothing for
30 s is given up.`)}

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
${code('checkalived_scheduler_lag_seconds')} says what the latter would.
`;
}
