import { type Command, Help } from 'commander';
import type { Io, Modules } from '../../src/cli/io.ts';
import { createProgram } from '../../src/cli/program.ts';
import { systemClock } from '../../src/sys/clock.ts';
import { noServiceManager } from '../../src/sys/service-manager.ts';

/** A command of the program. */
export interface DocumentedCommand {
  readonly command: Command;
  /** `checkalived config print` */
  readonly path: string;
  readonly commands: readonly DocumentedCommand[];
  /** As `--help` prints it. */
  readonly text: string;
  /** The part of it that stands below the options: examples, exit codes. */
  readonly after: string;
}

/** The program with all its commands and what they print as help, as on a terminal of 100 columns without colours. */
export function describeCommands(): DocumentedCommand {
  const written: string[] = [];
  const program = createProgram(
    createIo(part => void written.push(part)),
    modules,
    () => notForHelp(),
  );
  return describe(program, program.name());

  function describe(command: Command, path: string): DocumentedCommand {
    written.length = 0;
    command.outputHelp();
    const text = written.join('');
    const { commands } = command;
    return {
      command,
      path,
      text: clean(text),
      after: clean(text.slice(command.helpInformation().length)),
      commands: commands.map(inner => describe(inner, `${path} ${inner.name()}`)),
    };
  }
}

/** The command and all below it, in the order of the help texts. */
export function flattenCommands(command: DocumentedCommand): readonly DocumentedCommand[] {
  return [command, ...command.commands.flatMap(flattenCommands)];
}

/** Its options with what `--help` says of them, `--help` itself left out. */
export function listOptions({ command }: DocumentedCommand): readonly (readonly [flags: string, text: string])[] {
  const help: Help = Object.assign(new Help(), command.createHelp());
  return help
    .visibleOptions(command)
    .filter(option => option.long !== '--help')
    .map(option => [option.flags, help.optionDescription(option)]);
}

function clean(text: string): string {
  return text.trim().replace(/[ \t]+$/gm, '');
}

function createIo(add: (text: string) => void): Io {
  const write = (text: string | Uint8Array): void => add(String(text));
  const output = { write, isTerminal: false, colours: false, columns: 100, rows: 24, closed: false };
  return {
    stdout: output,
    stderr: output,
    clock: systemClock,
    startedAt: 0,
    version: '',
    manager: noServiceManager,
    compactMemory: () => {},
    onSignal: () => () => {},
    onFault: () => () => {},
    openLog: () => notForHelp(),
  };
}

/** A help text that needed a part of the program would be wrong. */
const modules: Modules = new Proxy({} as Modules, { get: () => notForHelp() });

function notForHelp(): never {
  throw new Error('a help text needs nothing of this');
}
