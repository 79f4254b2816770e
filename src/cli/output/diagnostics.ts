import type { Diagnostic } from '../../config/diagnostics.ts';
import type { ReadResult } from '../../config/read.ts';
import { coverSecrets } from '../../config/secrets.ts';
import type { Config } from '../../model/config.ts';
import { excerpt } from './excerpt.ts';
import { paint, printable, type Style } from './style.ts';

const styles: Readonly<Record<Diagnostic['severity'], Style>> = { error: 'red', warning: 'yellow', hint: 'cyan' };

/** `file:line:column: severity: message [code]`, below it the hint. */
export function formatDiagnostic(diagnostic: Diagnostic, colours: boolean): string {
  const { file, line, column, code } = diagnostic;
  return formatFault(`${file}:${line}:${column}`, diagnostic, ` ${paint(`[${code}]`, 'dim', colours)}`, colours);
}

/** `place: severity: message` and what is to stand behind it, below it the hint. */
export function formatFault(
  place: string,
  { severity, message, hint }: Pick<Diagnostic, 'severity' | 'message' | 'hint'>,
  tail: string,
  colours: boolean,
): string {
  const kind = paint(`${severity}:`, styles[severity], colours);
  const head = `${paint(`${place}:`, 'bold', colours)} ${kind} ${printable(message)}${tail}\n`;
  return hint === '' ? head : `${head}    hint: ${printable(hint)}\n`;
}

/** The text of a line of a file; undefined where it is not known. */
type LineAt = (file: string, line: number) => string | undefined;

/**
 * Lines of the files as the reader counts them: without a byte order mark, and at carriage returns if there is nothing
 * else. Secrets in them are covered.
 */
export function openSources({ sources, secrets }: Pick<ReadResult, 'sources' | 'secrets'>): LineAt {
  const files = new Map<string, readonly string[]>();
  return (file, line) => {
    let lines = files.get(file);
    if (lines === undefined) {
      const text = sources.get(file)?.replace(/^\uFEFF/, '') ?? '';
      lines = text.split(text.includes('\n') ? '\n' : '\r');
      files.set(file, lines);
    }
    const text = lines[line - 1];
    return text === undefined ? undefined : coverSecrets(text, file, line, secrets);
  };
}

/** The diagnostic with the line of the file, cut to `width` columns around what is meant, and that underlined. */
export function formatDiagnosticInSource(
  diagnostic: Diagnostic,
  lineAt: LineAt,
  { colours, width }: { readonly colours: boolean; readonly width: number },
): string {
  const { file, line, column, length, severity } = diagnostic;
  const text = lineAt(file, line);
  const [head = '', hint] = formatDiagnostic(diagnostic, colours).split('\n');
  const lines = [head];
  if (text !== undefined && text.trim() !== '') {
    const number = String(line).padStart(6);
    const { shown, before, marked } = excerpt(text, column - 1, length, Math.max(20, width - number.length - 3));
    const marks = `${' '.repeat(before)}${paint('^'.repeat(marked), styles[severity], colours)}`;
    lines.push(`${paint(`${number} |`, 'dim', colours)} ${shown}`);
    lines.push(`${paint(`${' '.repeat(number.length)} |`, 'dim', colours)} ${marks}`);
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
