import type { TellFault, Word } from '../../model/params.ts';

/** Goes through the words of a line, one after the other. */
export interface WordSteps {
  peek(): Word | undefined;
  next(): Word | undefined;
  /** The word after an option; undefined when the line ends before it, and that is told. */
  argument(option: Word): Word | undefined;
}

export function stepThrough(words: readonly Word[], tell: TellFault): WordSteps {
  let at = 0;
  return {
    peek: () => words[at],
    next: () => words[at++],
    argument: option => {
      const word = words[at++];
      if (word !== undefined) return word;
      return tell('missing-argument', option, `${option.text} lacks its argument.`, 'Write its argument behind it.');
    },
  };
}

/** Reads a line part by part; false = a part has made it useless. `readPart` takes a word, and of the steps what belongs to it. */
export function readParts(
  words: readonly Word[],
  tell: TellFault,
  readPart: (word: Word, steps: WordSteps) => boolean,
): boolean {
  const steps = stepThrough(words, tell);
  for (let word = steps.next(); word !== undefined; word = steps.next()) {
    if (!readPart(word, steps)) return false;
  }
  return true;
}

/** keepalived 2.2.7 passes over the word behind inet and inet6 of a route or a rule. */
export function tellPassedOver(family: Word, steps: WordSteps, tell: TellFault): void {
  if (steps.peek() === undefined) return;
  const message = `keepalived 2.2.7 passes over the word behind ${family.text}.`;
  tell('newer-value', family, message, `Leave ${family.text} out where the addresses say it.`);
}

/** From the first word to the last one; the words of a line are never none. */
export function firstOf(words: readonly Word[]): Word {
  const [first] = words;
  if (first === undefined) throw new Error('an entry of a list has at least one word');
  return first;
}
