import {
  type CompletedCommand,
  type CompletedOption,
  type CompletedProgram,
  flattenCompleted,
  type Value,
} from './describe-program.ts';
import { quoteFish } from './quote.ts';

/** The script for fish, 3.0 and newer. */
export function writeFish({ root, programs }: CompletedProgram): string {
  const commands = flattenCompleted(root);
  const lines = commands.flatMap(command => formatCommand(root.name, command, conditionOf(root, command)));
  const own = programs.flatMap(program => formatCommand(program.name, program, () => ''));
  return `# Completion of ${root.name} for fish, as "${root.name} completion fish" writes it.

# Is this command being written, and the argument of this number?
function __${root.name}_at
    set -l at ${root.name}
    set -l awaits no
    set -l count 0
    set -l words (commandline -opc)
    for word in $words[2..-1]
        if test $awaits = yes
            set awaits no
            continue
        end
        switch "$at $word"
${formatCase(commands.flatMap(listAwaiting), 'set awaits yes')}\
${formatCase(
  commands.flatMap(command => command.commands.map(({ path }) => path)),
  'set at "$at $word"',
)}\
            case '* -*'
            case '*'
                set count (math $count + 1)
        end
    end
    test "$at" = "$argv[1]"; or return 1
    test (count $argv) -eq 1; or test $count -eq $argv[2]
end

${[root, ...programs].map(({ name }) => `complete -c ${name} -f`).join('\n')}
${[...lines, ...own].join('\n')}
`;
}

/** The number is that of an argument. */
type Condition = (argument?: number) => string;

function conditionOf(root: CompletedCommand, { path }: CompletedCommand): Condition {
  return argument => {
    const words = argument === undefined ? path : `${path}' '${argument}`;
    return ` -n "__${root.name}_at '${words}'"`;
  };
}

function formatCommand(program: string, command: CompletedCommand, condition: Condition): readonly string[] {
  const begin = `complete -c ${program}`;
  return [
    ...command.commands.map(({ name, purpose }) => `${begin}${condition(0)} -a ${name} -d ${quoteFish(purpose)}`),
    ...command.options.map(option => `${begin}${condition()}${formatOption(option)}`),
    ...command.values.map((value, index) => `${begin}${condition(index)}${formatValue(value)}`),
  ];
}

function formatOption({ spellings, purpose, value }: CompletedOption): string {
  const names = spellings.map(word => (word.startsWith('--') ? ` -l ${word.slice(2)}` : ` -s ${word.slice(1)}`));
  return `${names.join('')}${value === null ? '' : `${value.kind === 'file' ? ' -r' : ' -x'}${formatValue(value)}`} -d ${quoteFish(purpose)}`;
}

function formatValue(value: Value): string {
  switch (value.kind) {
    case 'any':
      return '';
    case 'file':
      return ' -F';
    case 'directory':
      return ` -a '(__fish_complete_directories (commandline -ct))'`;
    case 'words':
      return ` -a ${quoteFish(value.of.join(' '))}`;
  }
}

function listAwaiting({ path, options }: CompletedCommand): readonly string[] {
  return options
    .filter(option => option.value !== null)
    .flatMap(option => option.spellings.map(word => `${path} ${word}`));
}

function formatCase(patterns: readonly string[], action: string): string {
  return patterns.length === 0
    ? ''
    : `            case ${patterns.map(quoteFish).join(' ')}\n                ${action}\n`;
}
