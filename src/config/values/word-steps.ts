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

/** From the first word to the last one; the words of a line are never none. */
export function firstOf(words: readonly Word[]): Word {
  const [first] = words;
  if (first === undefined) throw new Error('an entry of a list has at least one word');
  return first;
}
