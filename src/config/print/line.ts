import { cutWords, readLines, type SourceLine, splitBraces, stripLine } from '../text/lexer.ts';
import { cutShellWords } from '../values/shell-words.ts';

/** What is to stand on a line. */
export interface LineContent {
  readonly words: readonly string[];
  /** Where the words come from, if they may be cut like a shell does it as well. */
  readonly source: SourceLine | null;
  /** The line's words are those of a shell, and no others. */
  readonly isCommand: boolean;
  /** An opening brace ends the line. */
  readonly opens: boolean;
}

/** Variables that every file knows. */
const predefined =
  /\$(?:\{_(?:PWD|INSTANCE|HASH|BANG|ENV|RANDOM)\b|_(?:PWD|INSTANCE|HASH|BANG|ENV|RANDOM)(?=[ \t,)]|$))/;

/**
 * A line that is read back as these words, quoted only where they must be. Both word cutters are asked: a script sees
 * the line otherwise than its keyword does. Null: no line is read so, and the words came about by an accident of quotation marks.
 */
export function writeLine(content: LineContent): string | null {
  const { words, source, opens } = content;
  const quoted = words.map((word, index) => quoteWord(word, index === 0)).join(' ');
  const brace = opens ? ' {' : '';
  // A blank at the end keeps a last backslash from continuing the line.
  const candidates = [`${quoted}${brace}`, `${quoted} `];
  if (source !== null) candidates.push(`${escapeSigns(source.text)}${brace}`);
  return candidates.find(text => isReadAs(text, content)) ?? null;
}

function quoteWord(word: string, isFirst: boolean): string {
  const isOpen = word === '' || /[ \t\f\v\r\n{}]/.test(word) || /\$[A-Za-z_]\w*$/.test(word);
  const isSpecial = isFirst && /^(?:[@$~]|include[rmwba]?$)/.test(word);
  if (!isOpen && !isSpecial && !/[#!]/.test(word)) return word;
  // A backslash before the closing mark would keep it from closing.
  return endsInBackslash(word) && !isOpen ? word.replace(/[#!]/g, '\\$&') : `"${word}"`;
}

function endsInBackslash(word: string): boolean {
  return (/\\+$/.exec(word)?.[0].length ?? 0) % 2 === 1;
}

/** Puts back the backslashes that reading a line takes away. */
function escapeSigns(text: string): string {
  let escaped = '';
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '"') quoted = !quoted;
    if (!quoted && (char === '#' || char === '!')) escaped += '\\';
    escaped += char;
    if (char === '\\') escaped += text.charAt(++at);
  }
  return escaped;
}

function isReadAs(text: string, { words, source, isCommand, opens }: LineContent): boolean {
  const line = readLines('', text)();
  if (line === undefined || predefined.test(text)) return false;
  const stripped = stripLine(line);
  const [piece, brace, ...others] = splitBraces(stripped.line);
  if (stripped.continued || stripped.unterminated !== null || piece?.kind !== 'text') return false;
  if (others.length > 0 || brace?.kind !== (opens ? 'open' : undefined)) return false;
  const found = cutWords(piece.line).map(word => word.text);
  if (JSON.stringify(found) !== JSON.stringify(words)) return false;
  if (source === null) return true;
  const shellWords = cutShellWords(source.text, true);
  const again = cutShellWords(piece.line.text, true);
  // A command line that cannot be read must not become one that can.
  return shellWords.ok ? JSON.stringify(again) === JSON.stringify(shellWords) : !(isCommand && again.ok);
}
