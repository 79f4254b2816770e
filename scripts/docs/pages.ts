import { writeAgreement } from './agreement.ts';
import { writeCommandLine } from './command-line.ts';
import { writeDiagnostics } from './diagnostics.ts';
import { writeKeywords } from './keywords.ts';

/** Every generated page, by its path from the root of the repository. The same sources give the same bytes. */
export async function generatePages(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['docs/reference/agreement.md', writeAgreement()],
    ['docs/reference/keywords.md', writeKeywords()],
    ['docs/reference/diagnostics.md', writeDiagnostics()],
    ['docs/reference/command-line.md', await writeCommandLine()],
  ]);
}
