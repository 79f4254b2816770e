import type { Command } from 'commander';
import { createTables } from '../../config/keywords/tables.ts';
import type { Checker } from '../../model/check.ts';
import type { Params } from '../../model/params.ts';
import { writeBash } from '../completion/bash.ts';
import { type CompletedProgram, describeProgram } from '../completion/describe-program.ts';
import { writeFish } from '../completion/fish.ts';
import { writeZsh } from '../completion/zsh.ts';
import type { Io } from '../io.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** Prints the script with which this shell completes the command line of `program`. 0: printed. */
export async function printCompletion(
  shell: Shell,
  program: Command,
  { stdout }: Pick<Io, 'stdout'>,
  checkers: readonly Checker[],
): Promise<number> {
  const keywords = new Set(listKeywords(createTables(checkers).root));
  stdout.write(writers[shell](describeProgram(program, [...keywords].sort())));
  return 0;
}

const writers: Readonly<Record<Shell, (program: CompletedProgram) => string>> = {
  bash: writeBash,
  zsh: writeZsh,
  fish: writeFish,
};

function listKeywords(params: Params): readonly string[] {
  return params.flatMap(({ name, type }) => [name, ...(type.kind === 'block' ? listKeywords(type.params) : [])]);
}
