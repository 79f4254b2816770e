import type { ParamType, ReadWords, TellFault, Word } from '../../model/params.ts';

/** A type with a syntax of its own: how its words are shown and how they are read. */
export function custom(syntax: string, read: ReadWords): ParamType {
  return { kind: 'custom', syntax, read };
}

/** One word; `check` says what is wrong with it, null = nothing. What stands behind it is ignored. */
export function oneWord(syntax: string, check: (text: string) => string | null, hint: string): ParamType {
  return custom(syntax, ([word, surplus], tell) => {
    if (word === undefined) return tell('missing-argument', undefined, 'The argument is missing.', hint);
    tellSurplus(surplus, tell);
    const fault = check(word.text);
    return fault === null ? word.text : tell('bad-value', word, fault, hint);
  });
}

/** A decimal number as keepalived reads it in the middle of a line, or undefined and a fault. */
export function readNumber(
  word: Word | undefined,
  name: string,
  { min, max }: { readonly min: number; readonly max: number },
  tell: TellFault,
): number | undefined {
  const hint = `Write ${name} and a number from ${min} to ${max}.`;
  if (word === undefined) return tell('bad-value', undefined, `The number behind ${name} is missing.`, hint);
  const value = /^\s*[+-]?\d+$/.test(word.text) ? Number(word.text) : Number.NaN;
  if (value >= min && value <= max) return value;
  const code = Number.isNaN(value) ? 'bad-value' : 'out-of-range';
  return tell(code, word, `${name} takes a number from ${min} to ${max}, not ${word.text}.`, hint);
}

/** Says that words behind the arguments are ignored. */
export function tellSurplus(word: Word | undefined, tell: TellFault): void {
  if (word === undefined) return;
  tell('surplus-words', word, `${word.text} and what follows is ignored.`, 'Remove it, or put it on its own line.');
}
