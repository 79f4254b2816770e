import type { Word } from './lexer.ts';
import { type ReadContext, reportValue } from './read-context.ts';

interface Range {
  readonly min: number;
  readonly max: number;
}

/** A decimal number within its range (keepalived lib/parser.c:read_unsigned_func). */
export function readInt(word: Word, name: string, { min, max }: Range, context: ReadContext): number | undefined {
  const text = word.text.trim();
  if (!/^[+-]?\d+$/.test(text)) {
    const advice = /^0x/i.test(text) ? 'Write the number in decimal.' : `Write a number from ${min} to ${max}.`;
    reportValue(context, 'bad-value', word.span, `${name} is a whole number, not ${show(text)}.`, advice);
    return undefined;
  }
  const value = Number(text);
  return inRange(value, word, name, { min, max }, '', context) ? value : undefined;
}

/** Seconds with up to six decimals; the value is in milliseconds (keepalived lib/parser.c:read_timer). */
export function readTimer(word: Word, name: string, range: Range, context: ReadContext): number | undefined {
  const text = word.text.trim();
  const match = /^\+?(\d*)(?:\.(\d*))?$/.exec(text);
  if (match === null || !/\d/.test(text)) {
    const number = /^\d+(\.\d+)?/.exec(text)?.[0];
    const advice =
      number === undefined
        ? 'Write seconds, such as 5 or 0.5.'
        : `Write ${number}: the unit is seconds, and nothing may follow.`;
    reportValue(context, 'bad-value', word.span, `${name} is a number of seconds, not ${show(text)}.`, advice);
    return undefined;
  }
  const decimals = match[2] ?? '';
  if (decimals.length > 6) {
    const message = `${name} has more than six decimals; it is rounded.`;
    context.report('too-many-decimals', word.span, message, 'Write at most six decimals.');
  }
  const microseconds = Math.round(Number(`${match[1] || '0'}.${decimals || '0'}`) * 1e6);
  return inRange(microseconds / 1e6, word, name, range, ' seconds', context) ? microseconds / 1000 : undefined;
}

function inRange(
  value: number,
  word: Word,
  name: string,
  { min, max }: Range,
  unit: string,
  context: ReadContext,
): boolean {
  if (value >= min && value <= max) return true;
  const advice = `Write a number from ${min} to ${max}.`;
  reportValue(
    context,
    'out-of-range',
    word.span,
    `${name} is ${min} to ${max}${unit}, not ${show(word.text)}.`,
    advice,
  );
  return false;
}

function show(text: string): string {
  return text.length > 30 ? `${text.slice(0, 30)}...` : text;
}
