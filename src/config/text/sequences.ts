import { type SourceLine, sliceLine, trimLine } from './lexer.ts';

/** One round of a `~SEQ` or `~LST`: names and what they stand for. */
export type Round = ReadonlyMap<string, string>;

export type Sequence =
  | { readonly ok: true; readonly rounds: readonly Round[]; readonly rest: SourceLine }
  | { readonly ok: false; readonly message: string; readonly rest: SourceLine };

const maxRounds = 65_536;

export function isSequence(line: SourceLine): boolean {
  return /^~(SEQx?|LST)\b/.test(line.text);
}

/** Index behind the closing parenthesis of the head, or -1. */
export function sequenceHeadEnd(line: SourceLine): number {
  return line.text.indexOf(')') + 1 || -1;
}

/** Reads `~SEQ(var, start, step, end) text` and `~LST(var, a, b) text`. */
export function readSequence(line: SourceLine): Sequence {
  const end = sequenceHeadEnd(line);
  const head = /^~(SEQx?|LST)[ \t]*\((.*)\)$/.exec(line.text.slice(0, Math.max(0, end)));
  if (head === null)
    return { ok: false, message: 'the parentheses are missing', rest: sliceLine(line, line.text.length) };
  const rest = trimLine(sliceLine(line, end));
  const kind = head[1] ?? '';
  const inner = head[2] ?? '';
  const result = kind === 'LST' ? readList(inner) : readNumbers(inner, kind === 'SEQx');
  return typeof result === 'string' ? { ok: false, message: result, rest } : { ok: true, rounds: result, rest };
}

function readNumbers(inner: string, hex: boolean): readonly Round[] | string {
  const [name = '', ...words] = inner.split(',').map(part => part.trim());
  if (!isName(name)) return `"${name}" is no variable name`;
  const numbers = words.map(parseNumber);
  if (numbers.length < 1 || numbers.length > 3) return 'one to three numbers are needed after the variable';
  if (numbers.some(number => number === null)) return `"${words[numbers.indexOf(null)]}" is no number`;
  const values = numbers.filter(number => number !== null);
  const last = values.at(-1) ?? 0;
  const start = values.length === 1 ? (last < 0 ? -1 : 1) : (values[0] ?? 0);
  if (hex && Math.min(start, last) < 0) return 'SEQx takes no number below 0';
  const step = values.length === 3 ? (values[1] ?? 0) : last < start ? -1 : 1;
  if (step === 0 || (last - start) * step < 0) return `step ${step} never comes from ${start} to ${last}`;
  const count = Math.floor((last - start) / step) + 1;
  if (count > maxRounds) return `${count} rounds are more than the ${maxRounds} that are allowed`;
  return Array.from({ length: count }, (_, index) => {
    const value = start + index * step;
    return new Map([[name, hex ? toHex(value) : String(value)]]);
  });
}

function readList(inner: string): readonly Round[] | string {
  const [head = '', ...items] = splitOutsideBraces(inner).map(part => part.trim());
  const names = head.startsWith('{') ? splitBraced(head) : [head];
  const wrong = names.find(name => !isName(name));
  if (wrong !== undefined) return `"${wrong}" is no variable name`;
  if (items.length === 0) return 'at least one value is needed after the variable';
  const rounds: Round[] = [];
  for (const item of items) {
    const values = names.length > 1 ? splitBraced(item) : [item];
    if (values.length > names.length) return `${item} has more values than there are variables`;
    rounds.push(new Map(names.map((name, index) => [name, values[index] ?? ''])));
  }
  return rounds;
}

function splitBraced(text: string): readonly string[] {
  return text
    .replace(/^\{|\}$/g, '')
    .split(',')
    .map(part => part.trim());
}

function splitOutsideBraces(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const char of text) {
    if (char === '{') depth++;
    if (char === '}') depth--;
    if (char === ',' && depth <= 0) {
      parts.push(part);
      part = '';
    } else part += char;
  }
  return [...parts, part];
}

function parseNumber(word: string): number | null {
  const match = /^([+-]?)(0[xX][0-9a-fA-F]{1,12}|0[0-7]{1,12}|\d{1,12})$/.exec(word);
  if (match === null) return null;
  const digits = match[2] ?? '';
  const radix = /^0[xX]/.test(digits) ? 16 : /^0\d/.test(digits) ? 8 : 10;
  return Number.parseInt(radix === 16 ? digits.slice(2) : digits, radix) * (match[1] === '-' ? -1 : 1);
}

function toHex(value: number): string {
  return value < 0 ? (value >>> 0).toString(16) : value.toString(16);
}

function isName(text: string): boolean {
  return /^[A-Za-z_]\w*$/.test(text);
}
