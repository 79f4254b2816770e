import { UnreadableConfig } from '../config/load.ts';
import type { ReadResult } from '../config/read.ts';
import type { Io, Modules } from './io.ts';
import { countErrors, formatDiagnostic, plural } from './output/diagnostics.ts';

type Read<Result> =
  | { readonly ok: true; readonly loaded: Result }
  /** `detail` is `problem` with the advice to name another file by -f. */
  | { readonly ok: false; readonly problem: string; readonly detail: string };

interface WorkOptions {
  readonly file: string;
  readonly configId: string;
  readonly lenient: boolean;
  /** The file is named by an argument, so that -f is no advice. */
  readonly isArgument?: true;
}

/** Reads a configuration; one that cannot be read at all is a sentence for the operator. */
export function readConfig(file: string, configId: string, modules: Pick<Modules, 'load'>): Promise<Read<ReadResult>> {
  return readAs(() => modules.load(file, configId));
}

/** The same, for whatever is to be read of it. */
export async function readAs<Result>(load: () => Promise<Result>): Promise<Read<Result>> {
  try {
    return { ok: true, loaded: await load() };
  } catch (fault) {
    if (fault instanceof UnreadableConfig)
      return { ok: false, problem: fault.message, detail: `${fault.message} ${fault.hint}` };
    throw fault;
  }
}

/**
 * Reads a configuration that is to be put to work, and prints its errors. Null: it cannot be, and the reason stands
 * on standard error.
 */
export async function readForWork(
  { file, configId, lenient, isArgument }: WorkOptions,
  io: Io,
  modules: Pick<Modules, 'load'>,
): Promise<ReadResult | null> {
  const read = await readConfig(file, configId, modules);
  if (!read.ok) {
    io.stderr.write(`checkalived: ${isArgument === true ? read.problem : read.detail}\n`);
    return null;
  }
  const { diagnostics } = read.loaded;
  for (const diagnostic of diagnostics) {
    if (diagnostic.severity === 'error') io.stderr.write(formatDiagnostic(diagnostic, io.stderr.colours));
  }
  const errors = countErrors(diagnostics);
  if (errors === 0 || lenient) return read.loaded;
  io.stderr.write(
    `checkalived: ${file} has ${plural(errors, 'error')}; mend ${errors === 1 ? 'it' : 'them'} (checkalived test -f ${file} shows all), or add --lenient to leave unchecked what is concerned\n`,
  );
  return null;
}
