import type { Diagnostic } from '../../config/diagnostics.ts';
import type { ReadResult } from '../../config/read.ts';
import type { Config } from '../../model/config.ts';

import { paint, printable, type Style } from './style.ts';

const styles: Readonly<Record<Diagnostic['severity'], Style>> = { error: 'red', warning: 'yellow', hint: 'cyan' };

/** `file:line:column: severity: message [code]`, below it the hint. */
export function formatDiagnostic(diagnostic: Diagnostic, colours: boolean): string {
  const { file, line, column, severity, message, code, hint } = diagnostic;
  const place = paint(`${file}:${line}:${column}:`, 'bold', colours);
  const head = `${place} ${paint(`${severity}:`, styles[severity], colours)} ${printable(message)} ${paint(`[${code}]`, 'dim', colours)}\n`;
  return hint ? `${head}    hint: ${printable(hint)}\n` : head;
}

/** The same, with the line of the file and what is meant underlined. */
export function formatDiagnosticInSource(
  diagnostic: Diagnostic,
  sources: ReadResult['sources'],
  colours: boolean,
): string {
  const text = sources.get(diagnostic.file)?.split('\n')[diagnostic.line - 1];
  const [head = '', hint] = formatDiagnostic(diagnostic, colours).split('\n');
  const lines = [head];
  if (text !== undefined && text.trim() !== '') {
    const number = String(diagnostic.line).padStart(6);
    const before = diagnostic.column - 1;
    const length = Math.max(1, Math.min(diagnostic.length, text.length - before));
    // A tab stays a tab, so that the marks stand below what they mean.
    const indent = text.slice(0, before).replace(/[^\t]/g, ' ');
    lines.push(`${paint(`${number} |`, 'dim', colours)} ${expand(text)}`);
    lines.push(
      `${paint(`${' '.repeat(number.length)} |`, 'dim', colours)} ${indent}${paint('^'.repeat(length), styles[diagnostic.severity], colours)}`,
    );
  }
  if (hint) lines.push(hint);
  return `${lines.join('\n')}\n`;
}

/** `2 errors, 1 warning; 3 virtual servers, 12 real servers, 14 checks`. */
export function summarize(diagnostics: readonly Diagnostic[], { virtualServers }: Config): string {
  const found = (['error', 'warning', 'hint'] as const)
    .map(severity => [severity, diagnostics.filter(each => each.severity === severity).length] as const)
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => plural(count, severity));
  const realServers = virtualServers.flatMap(vs => vs.realServers);
  const checks = realServers.reduce((sum, rs) => sum + rs.checks.length, 0);
  const counted = [
    plural(virtualServers.length, 'virtual server'),
    plural(realServers.length, 'real server'),
    plural(checks, 'check'),
  ];
  return `${found.length > 0 ? found.join(', ') : 'nothing to complain about'}; ${counted.join(', ')}`;
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

export function countErrors(diagnostics: readonly Diagnostic[]): number {
  return diagnostics.filter(each => each.severity === 'error').length;
}

function expand(text: string): string {
  return text
    .split('\t')
    .map(part => printable(part))
    .join('\t');
}
