import type { MetricFamily } from './catalogue.ts';

/** First lines of a family in the text format 0.0.4. */
export function formatHead({ name, type, help }: MetricFamily): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
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
