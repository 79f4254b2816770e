import { type ConvertContext, findSetting } from './context.ts';
import { mailsOf, writeMail } from './mail.ts';
import { type ConversionNote, collectNotes } from './notes.ts';
import { block, linesOf, type Output, remark, say, saysAny, writeOutput } from './output.ts';
import { noteRepeated, parseLdirectord, type Setting } from './parse.ts';
import { writeVirtual } from './virtual.ts';

/** A keepalived.conf, and what its reader must know, in the order of the old file's lines. */
export interface Conversion {
  readonly text: string;
  readonly notes: readonly ConversionNote[];
}

/**
 * Makes a keepalived.conf of a ldirectord.cf with this text. `file` is its name, for the comment at the top. Each line
 * with a keyword is either in the result, which names its number, or has a note. Never throws for what stands in it.
 */
export function convertLdirectord(file: string, text: string): Conversion {
  const notes = collectNotes();
  const parsed = parseLdirectord(text, notes);
  // How a line is written says nothing of what becomes of it.
  const aboutForm = notes.count();
  noteRepeated(parsed, notes);
  const context: ConvertContext = { file: parsed, notes };
  const mail = writeMail(context);
  const mails = mail.length > 0 && parsed.virtuals.some(section => mailsOf(section, context));
  const seen = new Set<string>();
  const services = parsed.virtuals.map(section => writeVirtual(section, seen, mails, context));
  const globals = [...mail, ...writeScripts(services)];
  const output: readonly Output[] = [
    remark(`Made from ${file} by checkalived config convert; "line" names the lines of that file.`),
    ...(globals.length === 0 ? [] : [block('global_defs', globals)]),
    ...services,
  ];
  const settings = [...parsed.globals, ...parsed.virtuals.flatMap(section => [section.head, ...section.settings])];
  noteQuiescent(context);
  noteLosses(settings, context);
  noteUnused(settings, [...linesOf(output), ...notes.since(aboutForm).map(note => note.line)], context);
  return { text: writeOutput(output), notes: notes.list() };
}

/** ldirectord ran every command as root. */
function writeScripts(services: readonly Output[]): readonly Output[] {
  if (!saysAny(services, ['misc_path', 'quorum_up', 'quorum_down'])) return [];
  return [
    remark('scripts run as root, as before; each must be writable by root alone, and so must the directories above it'),
    say('script_user root'),
    say('enable_script_security'),
  ];
}

/** ldirectord.in:set_defaults has no, its manual yes. */
function noteQuiescent(context: ConvertContext): void {
  const section = context.file.virtuals.find(each => findSetting(each, 'quiescent', context) === undefined);
  if (section === undefined) return;
  const message =
    'Without quiescent, servers that are down are removed: so does the program, though its manual says otherwise.';
  context.notes.add('hint', section.head.line, message, 'Write inhibit_on_failure to give them weight 0 instead.');
}

function noteLosses(settings: readonly Setting[], { notes }: ConvertContext): void {
  for (const { keyword, value, line } of settings) {
    const { loss } = keyword;
    if (loss === undefined) continue;
    if (loss.harmless === value) {
      notes.add('hint', line, `${keyword.name} ${value} is what keepalived does anyway.`, 'Nothing is to be done.');
    } else notes.add(loss.harmless === '*' ? 'hint' : 'warning', line, loss.message, loss.hint);
  }
}

/** `told` = lines that the new file or a note has. */
function noteUnused(settings: readonly Setting[], told: readonly number[], { notes }: ConvertContext): void {
  const accounted = new Set(told);
  for (const { keyword, line } of settings) {
    if (accounted.has(line)) continue;
    const message = `Nothing of the new file comes from this ${keyword.name}.`;
    notes.add('hint', line, message, 'It has no effect on these services, or says what keepalived does anyway.');
  }
}
