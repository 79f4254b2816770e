import type { Diagnostic } from '../../config/diagnostics.ts';
import { longestOf, timeChecks } from '../../config/timing.ts';
import type { Io, Modules } from '../io.ts';
import { readConfig } from '../load.ts';
import { formatDiagnostic, formatDiagnosticInSource, openSources, summarize } from '../output/diagnostics.ts';
import { describeTiming, formatTiming } from '../output/timing-table.ts';

export interface TestOptions {
  readonly file: string;
  readonly configId: string;
  readonly json: boolean;
  /** Warnings count as errors. */
  readonly strict: boolean;
  /** Print the detection times of every check too. */
  readonly timing: boolean;
}

/** Reads and lints a configuration. 0: clean enough, 1: faults, 2: the file cannot be read. */
export async function testConfig(options: TestOptions, io: Io, modules: Pick<Modules, 'load'>): Promise<number> {
  const read = await readConfig(options.file, options.configId, modules);
  if (!read.ok) {
    io.stderr.write(`checkalived: ${read.detail}\n`);
    return 2;
  }
  const { config } = read.loaded;
  const diagnostics = sortByPlace(read.loaded.diagnostics);
  const ok = !diagnostics.some(({ severity }) => severity === 'error' || (options.strict && severity === 'warning'));
  const timing = options.timing ? timeChecks(config, longestOf(read.loaded.checkers)) : null;
  if (options.json) {
    const result = {
      ok,
      diagnostics: diagnostics.map(describe),
      ...(timing !== null && { timing: timing.map(describeTiming) }),
    };
    io.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    return ok ? 0 : 1;
  }
  const { isTerminal, colours, columns } = io.stdout;
  const lineAt = openSources(read.loaded);
  for (const diagnostic of diagnostics) {
    io.stdout.write(
      isTerminal
        ? formatDiagnosticInSource(diagnostic, lineAt, { colours, width: columns })
        : formatDiagnostic(diagnostic, colours),
    );
  }
  io.stdout.write(`${options.file}: ${summarize(diagnostics, config)}\n`);
  if (timing !== null) io.stdout.write(`\n${formatTiming(timing, { colours })}`);
  return ok ? 0 : 1;
}

/** As one reads: file by file in the order in which they came up, from top to bottom. */
function sortByPlace(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const files = [...new Set(diagnostics.map(({ file }) => file))];
  return [...diagnostics].sort(
    (a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column,
  );
}

/** The documented fields, and no others. */
function describe({ severity, code, message, hint, file, line, column, keepalived }: Diagnostic): object {
  return { severity, code, message, hint, file, line, column, keepalived };
}
