import { convertLdirectord } from '../../config/ldirectord/convert.ts';
import type { Convertible } from '../convertible.ts';
import type { Io, Modules } from '../io.ts';
import { formatFault, plural } from '../output/diagnostics.ts';

export interface ConvertOptions {
  readonly file: string;
  /** Whose language the file is written in. */
  readonly from: Convertible;
}

const languages: Readonly<Record<Convertible, typeof convertLdirectord>> = { ldirectord: convertLdirectord };

/** Prints a keepalived.conf made of another program's configuration. 0: made, 1: some of it must be mended by hand, 2: it cannot be read. */
export async function convertConfig(
  { file, from }: ConvertOptions,
  { stdout, stderr }: Pick<Io, 'stdout' | 'stderr'>,
  { readFile }: Pick<Modules, 'readFile'>,
): Promise<number> {
  const read = readFile(file);
  if (!read.ok) {
    stderr.write(`checkalived: ${file} cannot be read: ${read.detail}.\n`);
    return 2;
  }
  const { text, notes } = languages[from](file, read.text);
  stdout.write(text);
  for (const note of notes) stderr.write(formatFault(`${file}:${note.line}`, note, '', stderr.colours));
  const errors = notes.filter(({ severity }) => severity === 'error').length;
  if (errors === 0) return 0;
  stderr.write(`checkalived: ${plural(errors, 'line')} of ${file} must be mended by hand\n`);
  return 1;
}
