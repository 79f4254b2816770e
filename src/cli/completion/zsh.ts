import {
  type CompletedCommand,
  type CompletedOption,
  type CompletedProgram,
  flattenCompleted,
  type Value,
} from './describe-program.ts';
import { quoteWord } from './quote.ts';

/** The script for zsh: as the file _checkalived in a directory of fpath, or read by the shell's start-up file. */
export function writeZsh({ root, programs }: CompletedProgram): string {
  const names = [root, ...programs].map(({ name }) => name).join(' ');
  const [main, ...inner] = flattenCompleted(root).map(command =>
    formatFunction(command, command === root ? programs : []),
  );
  return `#compdef ${names}
# Completion of ${root.name} for zsh, as "${root.name} completion zsh" writes it.

${[...inner, main].join('\n')}
if [[ $funcstack[1] == _${root.name} ]]; then
  _${root.name} "$@"
else
  compdef _${root.name} ${names}
fi
`;
}

function formatFunction(command: CompletedCommand, programs: readonly CompletedCommand[]): string {
  const specs = command.options.map(formatOption);
  const body = command.commands.length > 0 ? formatGroup(command, specs) : formatLeaf(command, specs);
  const own = programs.map(other => `  [[ $service == ${other.name} ]] && { ${nameOf(other)}; return }\n`).join('');
  return `${nameOf(command)}() {\n${own}${body}}\n`;
}

function formatLeaf({ values }: CompletedCommand, specs: readonly string[]): string {
  const places = values.map((value, index) => quoteWord(`${index + 1}:${messageOf(value)}:${formatAction(value)}`));
  return `  _arguments -S ${[...specs, ...places].join(' \\\n    ')}\n`;
}

function formatGroup({ commands }: CompletedCommand, specs: readonly string[]): string {
  const places = [`'1: :->command'`, `'*:: :->arguments'`];
  return `  local curcontext="$curcontext" state line
  local -a commands
  typeset -A opt_args
  _arguments -S -C ${[...specs, ...places].join(' \\\n    ')}
  case $state in
    command)
      commands=(
${commands.map(({ name, purpose }) => `        ${quoteWord(`${name}:${purpose}`)}\n`).join('')}      )
      _describe -t commands command commands ;;
    arguments)
      case $words[1] in
${commands.map(command => `        ${command.name}) ${nameOf(command)} ;;\n`).join('')}      esac ;;
  esac
`;
}

/** `'(-f --file)'{-f+,--file=}'[what it is]:file:_files'` */
function formatOption({ spellings, purpose, value }: CompletedOption): string {
  const words = spellings.map(word => (value === null ? word : word.startsWith('--') ? `${word}=` : `${word}+`));
  const action = value === null ? '' : `:${messageOf(value)}:${formatAction(value)}`;
  const rest = quoteWord(`[${escapeSpec(purpose)}]${action}`);
  if (words.length === 1) return `${words[0]}${rest}`;
  return `${quoteWord(`(${spellings.join(' ')})`)}{${words.join(',')}}${rest}`;
}

function formatAction(value: Value): string {
  switch (value.kind) {
    case 'any':
      return ' ';
    case 'file':
      return '_files';
    case 'directory':
      return '_files -/';
    case 'words':
      return `(${value.of.join(' ')})`;
  }
}

function messageOf({ kind }: Value): string {
  return kind === 'words' ? 'word' : kind === 'any' ? 'value' : kind;
}

function nameOf({ path }: CompletedCommand): string {
  return `_${path.replaceAll(' ', '_')}`;
}

/** What has a meaning within the brackets of _arguments. */
function escapeSpec(text: string): string {
  return text.replace(/[\\[\]:]/g, '\\$&');
}
