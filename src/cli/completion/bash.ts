import { type CompletedCommand, type CompletedProgram, flattenCompleted, type Value } from './describe-program.ts';
import { quoteWord } from './quote.ts';

/** The script for bash, 3.2 and newer; it needs nothing of the package bash-completion. */
export function writeBash({ root, programs }: CompletedProgram): string {
  const commands = flattenCompleted(root);
  const owners = commands.filter(command => command.commands.length > 0);
  return `# Completion of ${root.name} for bash, as "${root.name} completion bash" writes it.

_${root.name}_words() {
  local word
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$1" -- "$cur")
}

_${root.name}_paths() {
  local word
  compopt -o filenames 2>/dev/null
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen "$1" -- "$cur")
}

_${root.name}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} at=${root.name} awaits= count=0 options= commands= word i
  COMPREPLY=()
${programs.map(({ name, path }) => `  [[ \${COMP_WORDS[0]##*/} == ${name} ]] && at=${quoteWord(path)}\n`).join('')}\
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ -n $awaits ]]; then
      [[ $word == = ]] || awaits=
      continue
    fi
    case "$at $word" in
${formatCase(commands.flatMap(listAwaiting), 'awaits="$at $word"')}\
${formatCase(
  owners.flatMap(owner => owner.commands.map(({ path }) => path)),
  'at="$at $word"',
)}\
      "$at "-*) ;;
      *) count=$((count + 1)) ;;
    esac
  done
  [[ $cur == = ]] && cur=
  case "\${awaits:-$at #$count}" in
${formatValues(commands.flatMap(listValues))}\
  esac
  [[ -n $awaits ]] && return
  case $at in
${commands.map(formatCommand).join('')}\
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=()
    _${root.name}_words "$options"
  elif [[ -n $commands && $count -eq 0 ]]; then
    _${root.name}_words "$commands"
  elif [[ -z $cur && \${#COMPREPLY[@]} -eq 0 ]]; then
    _${root.name}_words "$options"
  fi
}

complete -F _${root.name} ${[root, ...programs].map(({ name }) => name).join(' ')}
`;

  /** One branch for each kind of value. */
  function formatValues(places: readonly (readonly [place: string, value: Value])[]): string {
    const actions = new Map<string, string[]>();
    for (const [place, value] of places) {
      const action = describeAction(value);
      if (action !== null) actions.set(action, [...(actions.get(action) ?? []), place]);
    }
    return [...actions].map(([action, names]) => formatCase(names, action, '    ')).join('');
  }

  function describeAction(value: Value): string | null {
    switch (value.kind) {
      case 'any':
        return null;
      case 'file':
        return `_${root.name}_paths -f`;
      case 'directory':
        return `_${root.name}_paths -d`;
      case 'words':
        return `_${root.name}_words ${quoteWord(value.of.join(' '))}`;
    }
  }
}

/** Options that take a value, as the loop over the words sees them. */
function listAwaiting({ path, options }: CompletedCommand): readonly string[] {
  return options
    .filter(option => option.value !== null)
    .flatMap(option => option.spellings.map(word => `${path} ${word}`));
}

/** The places of values: behind an option, or the number of an argument. */
function listValues({ path, options, values }: CompletedCommand): readonly (readonly [string, Value])[] {
  const ofOptions = options.flatMap(({ spellings, value }) =>
    value === null ? [] : spellings.map(word => [`${path} ${word}`, value] as const),
  );
  return [...ofOptions, ...values.map((value, index) => [`${path} #${index}`, value] as const)];
}

function formatCommand({ path, options, commands }: CompletedCommand): string {
  const words = options.flatMap(option => option.spellings).join(' ');
  const names = commands.map(({ name }) => name).join(' ');
  return `    ${quoteWord(path)}) options=${quoteWord(words)} commands=${quoteWord(names)} ;;\n`;
}

/** Nothing for no pattern. */
function formatCase(patterns: readonly string[], action: string, indent = '      '): string {
  if (patterns.length === 0) return '';
  return `${indent}${patterns.map(quoteWord).join(` | \\\n${indent}`)}) ${action} ;;\n`;
}
