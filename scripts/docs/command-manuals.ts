import { heading, type Part, paragraph, terms } from './document.ts';
import { section, splitHelp } from './help-parts.ts';
import { type DocumentedCommand, describeCommands, flattenCommands, listOptions } from './program.ts';
import { loadProse } from './prose.ts';
import { formatManual, type ManualTitle } from './roff.ts';

const source = 'the program itself (src/cli/help.ts, src/cli/program.ts)';

/** Commands that are a program of their own too, and have a manual page of their own. */
const ownPrograms: readonly string[] = ['genhash'];

/** The manual pages of the programs, by their path from the root of the repository. */
export function writeCommandManuals(version: string): ReadonlyMap<string, string> {
  const program = describeCommands();
  const pages = new Map([['docs/man/checkalived.8', writeProgramManual(program, version)]]);
  for (const command of program.commands)
    if (ownPrograms.includes(command.command.name()))
      pages.set(`docs/man/${command.command.name()}.1`, writeOwnManual(command, version));
  return pages;
}

function writeProgramManual(program: DocumentedCommand, version: string): string {
  const help = splitHelp(program.after);
  const title: ManualTitle = { name: 'checkalived', section: 8, version, source };
  return formatManual(title, [
    heading(1, 'Name'),
    paragraph('checkalived - health checker beside keepalived'),
    heading(1, 'Synopsis'),
    paragraph('`checkalived` [*command*] [*option* ...]'),
    heading(1, 'Description'),
    paragraph(program.command.description()),
    ...help.text,
    heading(1, 'Commands'),
    ...flattenCommands(program).slice(1).flatMap(describeCommand),
    heading(1, 'Options'),
    terms(describeOptions(program)),
    heading(1, 'Exit status'),
    paragraph('Each command has exit codes of its own, told with it above. A command that is not known ends with 1.'),
    ...loadProse('agent'),
    ...section('Examples', help.examples),
    heading(1, 'See also'),
    paragraph('`checkalived.conf`(5), `genhash`(1), `keepalived`(8), `keepalived.conf`(5), `ipvsadm`(8)'),
  ]);
}

function describeCommand(command: DocumentedCommand): readonly Part[] {
  const { text, examples, exitCodes } = splitHelp(command.after);
  const options = describeOptions(command);
  return [
    heading(2, `${command.path} ${command.command.usage()}`.trim()),
    paragraph(command.command.description()),
    ...(options.length === 0 ? [] : [terms(options)]),
    ...text,
    ...(examples.length === 0 ? [] : [paragraph('Examples:'), ...examples]),
    ...(exitCodes.length === 0 ? [] : [paragraph('Exit codes:'), ...exitCodes]),
  ];
}

/** genhash(1): the command by its own name. */
function writeOwnManual(command: DocumentedCommand, version: string): string {
  const name = command.command.name();
  const { text, examples, exitCodes } = splitHelp(command.after);
  const [purpose = ''] = command.command.description().split(/[.:]/);
  const options = describeOptions(command);
  return formatManual({ name, section: 1, version, source }, [
    heading(1, 'Name'),
    paragraph(`${name} - ${purpose.charAt(0).toLowerCase()}${purpose.slice(1)}`),
    heading(1, 'Synopsis'),
    paragraph(`\`${name}\` [*option* ...]`),
    heading(1, 'Description'),
    paragraph(command.command.description()),
    paragraph(`\`${command.path}\` is the same.`),
    ...text,
    ...section('Options', options.length === 0 ? [] : [terms(options)]),
    ...section('Exit status', exitCodes),
    ...section('Examples', examples),
    heading(1, 'See also'),
    paragraph('`checkalived`(8), `checkalived.conf`(5)'),
  ]);
}

function describeOptions(command: DocumentedCommand): readonly (readonly [string, string])[] {
  return listOptions(command).map(([flags, text]) => [markFlags(flags), text]);
}

/** `-f, --file <file>`: what is typed as code, what stands for something else emphasized. */
function markFlags(flags: string): string {
  return flags
    .replace(/-[\w-]+/g, '`$&`')
    .replace(/<([^>]+)>/g, '*$1*')
    .replace(/\[([^\]]+)\]/g, '[*$1*]');
}
