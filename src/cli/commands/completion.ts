import type { Command } from 'commander';
import { channels } from '../../../alerts/index.ts';
import { createTables, listRows } from '../../config/keywords/tables.ts';
import type { Checker } from '../../model/check.ts';
import type { Params } from '../../model/params.ts';
import { writeBash } from '../completion/bash.ts';
import { type CompletedProgram, describeProgram, type KnownWords } from '../completion/describe-program.ts';
import { writeFish } from '../completion/fish.ts';
import type { Shell } from '../completion/shells.ts';
import { writeZsh } from '../completion/zsh.ts';
import type { Io } from '../io.ts';

/** Prints the script with which this shell completes the command line of `program`. 0: printed. */
export async function printCompletion(
  shell: Shell,
  program: Command,
  { stdout }: Pick<Io, 'stdout'>,
  checkers: readonly Checker[],
): Promise<number> {
  const rows = listRows(createTables(checkers, channels).root);
  const blocks = rows.filter(({ type }) => type.kind === 'block');
  const known: KnownWords = { keyword: listNames(rows), block: ['root', ...listNames(blocks)] };
  stdout.write(writers[shell](describeProgram(program, known)));
  return 0;
}

const writers: Readonly<Record<Shell, (program: CompletedProgram) => string>> = {
  bash: writeBash,
  zsh: writeZsh,
  fish: writeFish,
};

function listNames(params: Params): readonly string[] {
  return [...new Set(params.map(({ name }) => name))].sort();
}
