import type { Fifo } from '../../model/config.ts';
import type { Script, ScriptUser } from '../../model/server.ts';
import { spanOf } from '../text/lexer.ts';
import type { ConfigNode } from '../text/node.ts';
import { type ReadContext, reportValue } from './read-context.ts';
import { cutShellWords } from './shell-words.ts';

/** `"program argument ..." [USER [[:]GROUP]]`: the line is cut like a shell does it, and its second word once more. */
export function readScript(node: ConfigNode, user: boolean, context: ReadContext): Script | undefined {
  const { source, param } = node;
  const span = node.words[0]?.span ?? node.keyword.span;
  const fail = (message: string) => {
    const advice = `Write ${param.name} "/path/of/program argument ..." on one line.`;
    reportValue(context, 'bad-script', span, `${param.name} cannot be read: ${message}.`, advice);
    return undefined;
  };
  const line = cutShellWords(source.text, true);
  if (!line.ok) return fail(line.message);
  const [, command = '', ...rest] = line.words;
  const cut = cutShellWords(command);
  if (!cut.ok) return fail(cut.message);
  const [program, ...words] = cut.words;
  if (program === undefined || program === '') {
    const severity = context.strict ? 'error' : 'warning';
    const advice = `Write ${param.name} "/path/of/program argument ...", or remove the line.`;
    context.report('bad-script', span, `The command of ${param.name} is empty.`, advice, {
      severity,
      keepalived: false,
    });
    return undefined;
  }
  const surplus = user ? rest.slice(2) : rest;
  if (surplus.length > 0) {
    const at = source.text.lastIndexOf(surplus[0] ?? '');
    const message = `${surplus.join(' ')} is ignored: ${param.name} takes the whole command as one word.`;
    const place = at < 0 ? span : spanOf(source, at, source.text.length);
    context.report('surplus-words', place, message, 'Put program and arguments together in quotation marks.', {
      severity: 'warning',
    });
  }
  const as = user && rest.length > 0 ? readUser(rest) : undefined;
  return { argv: [program, ...words], ...(as && { user: as }) };
}

/** One word (keepalived check/check_http.c:regex_handler). */
export function readPattern({ source, param, keyword }: ConfigNode, context: ReadContext): string | undefined {
  const line = cutShellWords(source.text);
  if (line.ok && line.words.length === 2) return line.words[1];
  const unclosed = !line.ok && !line.message.includes('backslash');
  const message = `This ${param.name} is ignored, and nothing is searched: ${line.ok ? 'it is not one word' : line.message}.`;
  const advice = `Write ${param.name} "PATTERN".`;
  if (unclosed) reportValue(context, 'bad-value', keyword.span, message, advice);
  else context.report('ignored-value', keyword.span, message, advice, { severity: 'warning' });
  return undefined;
}

/** `USER [[:]GROUP]`; a colon also asks for the user's supplementary groups. */
export function readUser(words: readonly string[]): ScriptUser | undefined {
  const [name, second] = words;
  if (name === undefined) return undefined;
  if (second === undefined) return { name };
  const group = second.replace(/^:/, '');
  return { name, ...(group !== '' && { group }), ...(second.startsWith(':') && { supplementary: true }) };
}

/** `PATH [USER [GROUP]]`. */
export function readFifo(words: readonly string[]): Omit<Fifo, 'script'> | undefined {
  const [path, ...rest] = words;
  if (path === undefined) return undefined;
  const user = readUser(rest);
  return { path, ...(user && { user }) };
}
