import type { Diagnostics } from '../diagnostics.ts';
import { type SourceLine, spanOf } from './lexer.ts';

const strange = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff]/;
const names: Readonly<Record<string, string>> = {
  '\u00a0': 'no-break space',
  '\u200b': 'zero-width space',
  '\u3000': 'full-width space',
  '\ufeff': 'byte order mark',
};

/**
 * Says where the first character stands that looks like a blank (or like nothing) and is a letter to keepalived; within
 * quotation marks it may be meant. What comes of it, such as an unknown keyword, is told by others.
 */
export function reportStrangeBlanks(line: SourceLine, diagnostics: Diagnostics): void {
  if (!strange.test(line.text)) return;
  let quoted = false;
  for (let at = 0; at < line.text.length; at++) {
    const character = line.text.charAt(at);
    if (character === '"') quoted = !quoted;
    if (quoted || !strange.test(character)) continue;
    const name = names[character] ?? 'space that is not a plain one';
    const where = at === 0 ? 'at the beginning of this line' : 'in this line';
    const message = `There is a ${name} ${where}; keepalived takes it for a letter of the word that it touches.`;
    const advice = 'Write a plain space in its place; texts copied from web pages and word processors have others.';
    diagnostics.report('strange-blank', spanOf(line, at, at + 1), message, advice);
    return;
  }
}
