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

The metrics of the process, ${code('process_*')} and ${code('nodejs_*')}, are those of prom-client, without ${code('nodejs_active_*')} and ${code('nodejs_eventloop_lag_*')}:
${code('checkalived_scheduler_lag_seconds')} says what the latter would.
`;
}
