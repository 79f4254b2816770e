import type { Command, Option } from 'commander';

/** What may stand in a place of the command line. */
export type Value =
  | { readonly kind: 'any' }
  | { readonly kind: 'file' }
  | { readonly kind: 'directory' }
  | { readonly kind: 'words'; readonly of: readonly string[] };

export interface CompletedOption {
  /** `-f`, `--file` */
  readonly spellings: readonly string[];
  readonly purpose: string;
  /** null = it takes none. */
  readonly value: Value | null;
}

export interface CompletedCommand {
  /** `checkalived config print` */
  readonly path: string;
  readonly name: string;
  readonly purpose: string;
  readonly options: readonly CompletedOption[];
  /** What its arguments are, in their order. */
  readonly values: readonly Value[];
  readonly commands: readonly CompletedCommand[];
}

/** A program as a shell completes it. */
export interface CompletedProgram {
  readonly root: CompletedCommand;
  /** Commands that are a program by their own name, too. */
  readonly programs: readonly CompletedCommand[];
}

const ownPrograms: readonly string[] = ['genhash'];

/** What a place takes, by the name that it has in the help: `<keyword>`. */
export type KnownWords = Readonly<Record<string, readonly string[]>>;

export function describeProgram(program: Command, known: KnownWords): CompletedProgram {
  const root = describe(program, '', []);
  const defaults = root.commands.find(({ name }) => name === defaultCommand);
  return {
    // Without a command it is the default one, so its options may stand there.
    root: { ...root, options: mergeOptions(root.options, defaults?.options ?? []) },
    programs: root.commands.filter(({ name }) => ownPrograms.includes(name)),
  };

  function describe(command: Command, over: string, siblings: readonly string[]): CompletedCommand {
    const help = command.createHelp();
    const path = `${over} ${command.name()}`.trim();
    const inner = command.commands.map(other => other.name());
    const readValue = (name: string, choices: readonly string[] | undefined): Value => {
      const words = choices ?? (name === 'command' ? siblings : known[name]);
      if (words) return { kind: 'words', of: words };
      return kinds[name] ?? { kind: 'any' };
    };
    const describeOption = (option: Option): CompletedOption => ({
      spellings: [option.short, option.long].filter(spelling => spelling !== undefined),
      purpose: option.description,
      value: option.required || option.optional ? readValue(placeholderOf(option), option.argChoices) : null,
    });
    return {
      path,
      name: command.name(),
      purpose: firstSentence(command.description()),
      options: help.visibleOptions(command).map(describeOption),
      values: command.registeredArguments.map(argument => readValue(argument.name(), argument.argChoices)),
      commands: help.visibleCommands(command).map(other => describe(other, path, inner)),
    };
  }
}

/** The command and all below it. */
export function flattenCompleted(command: CompletedCommand): readonly CompletedCommand[] {
  return [command, ...command.commands.flatMap(flattenCompleted)];
}

const defaultCommand = 'run';

/** By the name that stands in the help: `--file <file>`. */
const kinds: Readonly<Record<string, Value>> = {
  file: { kind: 'file' },
  old: { kind: 'file' },
  new: { kind: 'file' },
  dir: { kind: 'directory' },
};

function placeholderOf({ flags }: Option): string {
  return /[<[]([^\]>.]+)(?:\.\.\.)?[\]>]/.exec(flags)?.[1] ?? '';
}

function mergeOptions(own: readonly CompletedOption[], more: readonly CompletedOption[]): readonly CompletedOption[] {
  const spellings = new Set(own.flatMap(option => option.spellings));
  return [...own, ...more.filter(option => !option.spellings.some(spelling => spellings.has(spelling)))];
}

function firstSentence(text: string): string {
  return text.split(/[.:](?:\s|$)/)[0] ?? text;
}
