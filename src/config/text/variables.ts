import type { Diagnostics } from '../diagnostics.ts';
import type { FileReader } from '../file-reader.ts';
import { type Replacement, replaceInLine, type SourceLine, sliceLine, spanOf, trimLine } from './lexer.ts';

const maxRounds = 100;
const maxLength = 8192;
const maxMatches = 200;

/** What `$NAME` stands for: one text, or several lines. */
type Definition = { readonly text: string } | { readonly lines: readonly SourceLine[] };

/** A line with its variables put in, and the lines that a variable of several lines leaves behind. */
interface Expanded {
  readonly line: SourceLine;
  readonly following: readonly SourceLine[];
  readonly changed: boolean;
}

/** The variables of a configuration, as far as it was read. */
export interface Variables {
  define(name: string, definition: Definition): void;
  /** `files` know the directory of the line's file, for `${_PWD}`. */
  expand(line: SourceLine, files: Pick<FileReader, 'directoryOf'>): Expanded;
}

const reference = /\$\{([A-Za-z_]\w*)(?:[ \t]+([^{}$"]*))?\}|\$([A-Za-z_]\w*)(?=[ \t,)]|$)/g;

export function createVariables(
  configId: string,
  environment: Readonly<Record<string, string>>,
  diagnostics: Diagnostics,
): Variables {
  const definitions = new Map<string, Definition>();
  const nextRandom = createRandom();

  function lookUp(name: string, words: string, directory: () => string): Definition | null {
    const defined = definitions.get(name);
    if (defined !== undefined) return defined;
    switch (name) {
      case '_PWD':
        return { text: directory() };
      case '_INSTANCE':
        return { text: configId };
      case '_HASH':
        return { text: '#' };
      case '_BANG':
        return { text: '!' };
      case '_ENV':
        return { text: Object.hasOwn(environment, words) ? (environment[words] ?? '') : '' };
      case '_RANDOM':
        return { text: nextRandom(words) };
      default:
        return null;
    }
  }

  function expandOnce(line: SourceLine, directory: () => string): Expanded {
    let current = line;
    let following: readonly SourceLine[] = [];
    const matches = [...line.text.matchAll(reference)].slice(0, maxMatches);
    let changed = false;
    let ahead: Replacement[] = [];
    const replaceAhead = (): void => {
      current = replaceInLine(current, ahead.reverse());
      ahead = [];
    };
    for (const match of matches.reverse()) {
      const name = match[1] ?? match[3] ?? '';
      const words = (match[2] ?? '').trim();
      const found = takesWords(name, words) ? lookUp(name, words, directory) : null;
      if (found === null) continue;
      changed = true;
      const from = match.index;
      const to = from + match[0].length;
      if (name === '_ENV') reportNewer(line, from, to, diagnostics);
      if ('text' in found) {
        ahead.push({ from, to, text: found.text });
        continue;
      }
      replaceAhead();
      if (current.text.slice(to).trim() === '' && following.length === 0) {
        const [first, ...rest] = found.lines;
        following = rest;
        const alone = current.text.slice(0, from).trim() === '' && first !== undefined;
        current = alone ? first : replaceInLine(current, [{ from, to: current.text.length, text: first?.text ?? '' }]);
      } else {
        diagnostics.report(
          'multi-line-variable',
          spanOf(line, from, to),
          `${match[0]} has several lines and must be the last thing on its line.`,
          'Put what follows on a line of its own.',
        );
        current = replaceInLine(current, [{ from, to, text: found.lines.map(each => each.text).join(' ') }]);
      }
    }
    if (ahead.length > 0) replaceAhead();
    return { line: current, following, changed };
  }

  /** Puts in variables again and again, since a value may hold others. */
  function expand(line: SourceLine, files: Pick<FileReader, 'directoryOf'>): Expanded {
    let current = line;
    let following: readonly SourceLine[] = [];
    for (let round = 0; round < maxRounds && current.text.length <= maxLength; round++) {
      const step = expandOnce(current, () => files.directoryOf(line.file));
      if (!step.changed) return { line: trimLine(current), following, changed: round > 0 };
      current = step.line;
      following = [...step.following, ...following];
    }
    diagnostics.report(
      'variable-loop',
      spanOf(line, 0, line.text.length),
      'A variable on this line refers to itself, or is too long.',
      'Give the variable a value that does not hold its own name.',
    );
    return { line: sliceLine(line, 0, 0), following: [], changed: true };
  }

  return {
    define: (name, definition) => {
      definitions.set(name, definition);
    },
    expand,
  };
}

/** keepalived lib/parser.c:find_definition: words are for _RANDOM, which takes digits, and later for _ENV. */
function takesWords(name: string, words: string): boolean {
  return words === '' || name === '_ENV' || (name === '_RANDOM' && /^[\d ]+$/.test(words));
}

/** In quotation marks its braces do no harm. */
function reportNewer(line: SourceLine, from: number, to: number, diagnostics: Diagnostics): void {
  const quoted = (line.text.slice(0, from).split('"').length - 1) % 2 === 1;
  const message = `keepalived before 2.4.0 does not know \${_ENV}${quoted ? '' : ', and its braces break the line'}.`;
  const advice = 'Define a variable with the value in an included file.';
  diagnostics.report('newer-keyword', spanOf(line, from, to), message, advice, { keepalived: !quoted });
}

/** Numbers that look random and are the same at every reading: a reload must not change what nobody edited. */
function createRandom(): (words: string) => string {
  let state = 20_031;
  return words => {
    const [min = 0, max = 32_767] = words
      .split(/[ \t]+/)
      .filter(word => /^\d{1,9}$/.test(word))
      .map(Number);
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return String(min + (Math.floor(state / 8) % Math.max(1, max - min + 1)));
  };
}
