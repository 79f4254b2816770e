import type { Word } from '../../model/params.ts';
import { type ReadContext, reportValue } from './read-context.ts';

interface Range {
  readonly min: number;
  readonly max: number;
}

/** A decimal number within its range (keepalived lib/parser.c:read_unsigned_func). */
export function readInt(word: Word, name: string, { min, max }: Range, context: ReadContext): number | undefined {
  const plain = Number(word.text);
  if (plain >= min && plain <= max && isDigits(word.text)) return plain;
  const text = trimLeadingBlanks(word.text);
  if (!/^[+-]?\d+$/.test(text)) {
    const advice = /^0x/i.test(text) ? 'Write the number in decimal.' : `Write a number from ${min} to ${max}.`;
    reportValue(context, 'bad-value', word.span, `${name} is a whole number, not ${show(text)}.`, advice);
    return undefined;
  }
  const value = Number(text);
  return inRange(value, word, name, { min, max }, '', context) ? value : undefined;
}

/** Seconds with up to six decimals; the value is in milliseconds (keepalived lib/parser.c:read_timer). */
export function readTimer(
  word: Word,
  name: string,
  { min, max, decimals: most = 6, unit }: Range & { readonly decimals?: number; readonly unit?: 'ms' },
  context: ReadContext,
): number | undefined {
  const plain = Number(word.text);
  if (plain >= min && plain <= max && isDigits(word.text)) return unit === 'ms' ? plain : plain * 1000;
  const words = unit === 'ms' ? 'milliseconds' : 'seconds';
  const text = trimLeadingBlanks(word.text);
  const match = /^\+?(\d*)(?:\.(\d*))?$/.exec(text);
  if (match === null || !/\d/.test(text)) {
    const number = /^\d+(\.\d+)?/.exec(text)?.[0];
    const advice =
      number === undefined
        ? `Write ${words}, such as 5 or 0.5.`
        : `Write ${number}: the unit is ${words}, and nothing may follow.`;
    reportValue(context, 'bad-value', word.span, `${name} is a number of ${words}, not ${show(text)}.`, advice);
    return undefined;
  }
  const decimals = match[2] ?? '';
  if (decimals.length > most) {
    const message = `${name} has more than ${most} decimals; it is rounded.`;
    context.report('too-many-decimals', word.span, message, `Write at most ${most} decimals.`);
  }
  const scale = 10 ** most;
  const value = Math.round(Number(`${match[1] || '0'}.${decimals || '0'}`) * scale);
  if (!inRange(value / scale, word, name, { min, max }, ` ${words}`, context)) return undefined;
  return unit === 'ms' ? value / scale : value / (scale / 1000);
}

/** `INT [reverse|noreverse]` (keepalived lib/parser.c and core/track_file.c:track_file_weight_handler). */
export function readWeight(
  words: readonly Word[],
  name: string,
  range: Range,
  context: ReadContext,
): { readonly weight: number; readonly reverse: boolean } | undefined {
  const [number, direction] = words;
  if (number === undefined) return undefined;
  const weight = readInt(number, name, range, context);
  if (direction !== undefined && direction.text !== 'reverse' && direction.text !== 'noreverse') {
    const message = `Behind the number ${name} takes reverse or noreverse, not ${show(direction.text)}.`;
    reportValue(context, 'bad-value', direction.span, message, 'Write reverse, noreverse or nothing.');
  }
  return weight === undefined ? undefined : { weight, reverse: direction?.text === 'reverse' };
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

/** Nearly all numbers: nothing is to be said of them. */
function isDigits(text: string): boolean {
  return /^\d{1,10}$/.test(text);
}

/** Within quotation marks; a no-break space is no blank to keepalived, and one behind the number is not taken. */
function trimLeadingBlanks(text: string): string {
  return text.replace(/^[ \t]+/, '');
}
