import type { ExpositionFormat } from '../model/exposition.ts';
import type { VirtualServerReading } from '../model/inspection.ts';
import type { MetricFamily } from './catalogue.ts';

/** What the head of a family says. */
type Head = Pick<MetricFamily, 'name' | 'type' | 'help'>;

/** The lines of a family that one virtual server has. */
export type Lines = (reading: VirtualServerReading) => Iterable<string>;

/** First lines of a family. In OpenMetrics a counter's family has no `_total`, and a unit is told. */
export function formatHead({ name, type, help }: Head, format: ExpositionFormat): string {
  if (format === 'text') return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
  const family = type === 'counter' ? name.replace(/_total$/, '') : name;
  const unit = /_(seconds|bytes)$/.exec(family)?.[1];
  return `# HELP ${family} ${help}\n# TYPE ${family} ${type}\n${unit ? `# UNIT ${family} ${unit}\n` : ''}`;
}

/** What stands behind a family: OpenMetrics takes no blank line. */
export function formatEnd(format: ExpositionFormat): string {
  return format === 'text' ? '\n' : '';
}

/** prom-client's text in the format: it can make OpenMetrics too, but from then on forgets the names of its counters. */
export function convertText(text: string, format: ExpositionFormat): string {
  if (format === 'text') return text;
  return text
    .replace(/^# HELP (\S+) (.*)\n# TYPE \1 (\S+)\n/gm, (_, name: string, help: string, type: MetricFamily['type']) =>
      formatHead({ name, type, help }, format),
    )
    .replace(/\n{2,}/g, '\n');
}

/** `virtual_server="tcp/10.0.0.1:80",check="TCP_CHECK"`; the names stand in the order of the values. */
export function formatLabels(names: readonly string[], values: readonly (string | number)[]): string {
  let text = '';
  for (const [index, name] of names.entries()) {
    text += `${index === 0 ? '' : ','}${name}="${escapeLabel(String(values[index]))}"`;
  }
  return text;
}

function escapeLabel(value: string): string {
  if (!/[\\\n"]/.test(value)) return value;
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}
