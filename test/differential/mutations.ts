import fc from 'fast-check';

/** One change of a text. `at` and `to` choose places, `pick` chooses among alternatives; any numbers will do. */
export interface Edit {
  readonly kind: EditKind;
  readonly at: number;
  readonly to: number;
  readonly pick: number;
}
type EditKind = keyof typeof editors;

/** A file of the inputs by a number of any size, and what is changed in it. */
export interface Mutation {
  readonly file: number;
  readonly edits: readonly Edit[];
}

const any = fc.nat(0x7fffffff);

/** The mutations that belong to this seed. */
export function makeMutations(seed: number, count: number): readonly Mutation[] {
  const edit: fc.Arbitrary<Edit> = fc.record({
    kind: fc.constantFrom(...(Object.keys(editors) as EditKind[])),
    at: any,
    to: any,
    pick: any,
  });
  const mutation = fc.record({ file: any, edits: fc.array(edit, { minLength: 1, maxLength: 3 }) });
  return fc.sample(mutation, { seed, numRuns: count, unbiased: true });
}

/** The text after these edits, in their order. Bytes are characters here (latin1), as keepalived sees them. */
export function mutate(text: string, edits: readonly Edit[], keywords: readonly string[]): string {
  let lines: readonly string[] = text.split('\n');
  for (const edit of edits) {
    const after = editors[edit.kind]([...lines], edit, keywords);
    // The only line may be gone.
    lines = after.length === 0 ? [''] : after;
  }
  return lines.join('\n');
}

type Editor = (lines: string[], edit: Edit, keywords: readonly string[]) => readonly string[];

const numbers = [
  '0',
  '-1',
  '1',
  '99999999999',
  '4294967296',
  '65536',
  '256',
  '1.5',
  '0.0000001',
  '3s',
  '6;',
  '1e3',
  '0x10',
];
const addresses = [
  '10.0.0.256',
  '10.0.0.1/33',
  '::1',
  '2001:db8::7',
  '010.0.0.2',
  'www.example.com',
  '10.0.0.1-9',
  '0.0.0.0',
];
const bytes = ['\xc2\xa0', '\t', '\r', '\0', '\xef\xbb\xbf'];
const signs = ['{', '}', '"', "'", '#', '!', '\\', '$', '~'];
const inserted = [
  '$VAR=10.0.0.9',
  '$VAR',
  '~SEQ(var,1,3) weight $var',
  '~LST(var, 1, 2) # $var',
  '$BAD NAME=1',
  '@other {',
  '}',
  '{',
  'include /nonexistent/*.conf',
];

const editors = {
  'delete line': (lines, { at }) => lines.toSpliced(at % lines.length, 1),
  'duplicate line': (lines, { at }) => lines.toSpliced(at % lines.length, 0, choose(lines, at)),
  'swap lines': (lines, { at, to }) =>
    lines.with(at % lines.length, choose(lines, to)).with(to % lines.length, choose(lines, at)),
  'move line': (lines, { at, to }) =>
    lines.toSpliced(at % lines.length, 1).toSpliced(to % lines.length, 0, choose(lines, at)),
  'copy line': (lines, { at, to }) => lines.toSpliced(to % lines.length, 0, choose(lines, at)),
  'join lines': (lines, { at }) => {
    const index = at % lines.length;
    return lines.toSpliced(index, 2, lines.slice(index, index + 2).join(' '));
  },
  'split line': onWords((words, word) => [...words.slice(0, word), '\n', ...words.slice(word)]),
  'insert line': (lines, { at, pick }) => lines.toSpliced(at % lines.length, 0, choose(inserted, pick)),
  'prefix id': onLine((line, pick) => `${choose(['@other ', '@^other ', '@ ', '@^ '], pick)}${line}`),
  truncate: (lines, { at }) => {
    const text = lines.join('\n');
    return text.slice(0, at % (text.length + 1)).split('\n');
  },
  'delete word': onWords((words, word) => words.toSpliced(word, 1)),
  'duplicate word': onWords((words, word) => words.toSpliced(word, 0, words[word] ?? '')),
  'swap words': onWords((words, word) => words.toSpliced(word, 2, ...words.slice(word, word + 2).reverse())),
  'surplus word': onWords((words, _, pick) => [...words, choose(['extra', '7', '10.9.9.9', 'on', 'dev eth0'], pick)]),
  'change number': onWords((words, word, pick) => replaceNear(words, word, /^\d+(\.\d+)?$/, choose(numbers, pick))),
  'change address': onWords((words, word, pick) => replaceNear(words, word, /[.:]\w*\d/, choose(addresses, pick))),
  'change case': onWords((words, word) => {
    const old = words[word] ?? '';
    return words.with(word, old === old.toLowerCase() ? old.toUpperCase() : old.toLowerCase());
  }),
  'other keyword': (lines, edit, keywords) =>
    onWords((words, _, pick) => words.with(0, choose(keywords, pick)))(lines, edit, keywords),
  typo: onWords((words, word, pick) => {
    const old = words[word] ?? '';
    const place = pick % (old.length + 1);
    return words.with(word, `${old.slice(0, place)}${old.slice(place + 1)}`);
  }),
  'insert sign': onLine((line, pick, at) => insert(line, at, choose(signs, pick))),
  'delete sign': (lines, { at }) => {
    const places = lines.flatMap((line, index) => (/[{}"'#!]/.test(line) ? [index] : []));
    if (places.length === 0) return lines;
    const index = choose(places, at);
    return lines.with(index, (lines[index] ?? '').replace(/[{}"'#!]/, ''));
  },
  'insert byte': onLine((line, pick, at) => insert(line, at, choose(bytes, pick))),
} as const satisfies Readonly<Record<string, Editor>>;

/** Changes one line, of those that are not empty if there are any. */
function onLine(change: (line: string, pick: number, at: number) => string): Editor {
  return (lines, { at, to, pick }) => {
    const filled = lines.flatMap((line, index) => (line.trim() === '' ? [] : [index]));
    if (filled.length === 0) return lines;
    const index = choose(filled, at);
    return lines.with(index, change(lines[index] ?? '', pick, to)).flatMap(line => line.split('\n'));
  };
}

/** Changes the words of one line; its indentation stays. */
function onWords(change: (words: readonly string[], word: number, pick: number) => readonly string[]): Editor {
  return onLine((line, pick, at) => {
    const words = line.trim().split(/\s+/);
    return `${/^\s*/.exec(line)?.[0] ?? ''}${change(words, at % words.length, pick).join(' ')}`;
  });
}

/** Replaces the first such word from this place on, going round; the words as they are if there is none. */
function replaceNear(words: readonly string[], from: number, like: RegExp, by: string): readonly string[] {
  const places = words.map((_, index) => (from + index) % words.length);
  const place = places.find(index => like.test(words[index] ?? ''));
  return place === undefined ? words : words.with(place, by);
}

function insert(line: string, at: number, what: string): string {
  const place = at % (line.length + 1);
  return `${line.slice(0, place)}${what}${line.slice(place)}`;
}

function choose<T>(list: readonly T[], pick: number): T {
  const item = list[pick % list.length];
  if (item === undefined) throw new Error('There is nothing to choose from.');
  return item;
}
