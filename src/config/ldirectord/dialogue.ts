import { type ConvertContext, findOwn } from './context.ts';
import type { CheckScope } from './method.ts';
import { type Output, say, weakerCheck } from './output.ts';
import type { Real } from './servers.ts';

/** keepalived reads so many bytes of a line, less the keyword and the margin. */
const longestWord = 800;

/** Request and receive as steps of a TCP_CHECK (ldirectord.in:check_simpletcp); keepalived itself only connects. */
export function writeDialogue(real: Real, { section, method }: CheckScope, context: ConvertContext): readonly Output[] {
  const { settings, head } = section;
  const request = findOwn(settings, 'request');
  const receive = findOwn(settings, 'receive');
  const line = method.from.at(-1) ?? head.line;
  const text = (real.check?.request ?? request?.value ?? '').replace(/^\//, '');
  const pattern = real.check?.receive ?? receive?.value ?? '';
  context.notes.add(
    'hint',
    line,
    'ldirectord closed its half of the connection behind the request; TCP_CHECK leaves it open, and keepalived itself only connects.',
    'See that the server answers without waiting for the end of the request.',
  );
  return [
    ...(text === ''
      ? []
      : writeStep('send', escapeText(text), real.check ? real.line : (request?.line ?? line), context)),
    // Without receive any answer is one.
    ...(pattern === ''
      ? [say('@checkalived expect "(?s)."')]
      : writeStep('expect', escapePattern(pattern), real.check ? real.line : (receive?.line ?? line), context)),
  ];
}

function writeStep(
  step: 'send' | 'expect',
  word: string | null,
  line: number,
  { notes }: ConvertContext,
): readonly Output[] {
  if (word !== null && word.length <= longestWord) return [say(`@checkalived ${step} "${word}"`, line)];
  const message = `What was to be ${step === 'send' ? 'sent' : 'received'} cannot be written in keepalived.conf: it is left out, and the check is weaker.`;
  notes.add('warning', line, message, `Write a shorter ${step} of plain letters.`);
  return [weakerCheck];
}

/** As `send` reads it. ldirectord knows `\n` and nothing else. */
function escapeText(text: string): string {
  const pieces = text
    .split('\\n')
    .map(piece =>
      piece.replace(/[^ !#%-[\]-~]/gu, char =>
        [...new TextEncoder().encode(char)].map(byte => `\\x${byte.toString(16).padStart(2, '0')}`).join(''),
      ),
    );
  return pieces.join('\\n');
}

/** null: it holds what cannot be said, or what keepalived.conf would take for a variable. */
function escapePattern(pattern: string): string | null {
  const written = pattern.replaceAll('"', '\\x22');
  return /[^ -~]|\$[A-Za-z_{]|(?<!\\)(?:\\\\)*\\$/.test(written) ? null : written;
}
