import { printConfig } from '../../config/print/print.ts';
import type { Io, Modules } from '../io.ts';
import { readAs } from '../load.ts';
import { countErrors, formatDiagnostic, formatFault, plural } from '../output/diagnostics.ts';

export interface PrintOptions {
  readonly file: string;
  readonly configId: string;
  /** Print in spite of errors, without what they concern. */
  readonly lenient: boolean;
}

/** Prints the canonical text of a configuration. 0: printed, 1: it has errors, 2: it cannot be read. */
export async function printConfigText(
  { file, configId, lenient }: PrintOptions,
  io: Io,
  modules: Pick<Modules, 'loadTree'>,
): Promise<number> {
  const read = await readAs(() => modules.loadTree(file, configId));
  if (!read.ok) {
    io.stderr.write(`checkalived: ${read.detail}\n`);
    return 2;
  }
  const { tree, diagnostics } = read.loaded;
  const { text, unwritable } = printConfig(tree);
  for (const { file: path, line, column } of unwritable) {
    const message = 'These words come from stray quotation marks: no line is read as just them.';
    const fault = { severity: 'error', message, hint: 'Mend the quotation marks of this line.' } as const;
    io.stderr.write(formatFault(`${path}:${line}:${column}`, fault, '', io.stderr.colours));
  }
  const grave = diagnostics.filter(({ severity }) => severity !== 'hint');
  for (const diagnostic of grave) io.stderr.write(formatDiagnostic(diagnostic, io.stderr.colours));
  const errors = countErrors(diagnostics) + unwritable.length;
  if (errors > 0 && !lenient) {
    io.stderr.write(
      `checkalived: ${file} has ${plural(errors, 'error')}, and nothing is printed; mend ${errors === 1 ? 'it' : 'them'}, or add --lenient to print the rest\n`,
    );
    return 1;
  }
  io.stdout.write(text);
  const faults = grave.length + unwritable.length;
  if (faults > 0) {
    io.stderr.write(
      `checkalived: ${file} has ${plural(faults, 'fault')}: what cannot be read for them is not in the text\n`,
    );
  }
  return 0;
}
