import type { Param, Params, ReadWords, TellFault, Word } from '../src/model/params.ts';

const options: readonly string[] =
  `allow_empty_class alt_bsux auto_callout caseless dollar_endonly dotall dupnames extended firstline
  match_unset_backref multiline never_ucp never_utf no_auto_capture no_auto_possess no_dotstar_anchor
  no_start_optimize ucp ungreedy utf never_backslash_c alt_circumflex alt_verbnames use_offset_limit`.split(/\s+/);

/** keepalived check/check_http.c:regex_options_handler passes over what it does not know. */
const readOptions: ReadWords = (words, tell) => {
  for (const word of words.filter(each => !options.includes(each.text))) {
    tell('ignored-value', word, `regex_options knows no ${word.text}.`, `Write some of ${options.join(', ')}.`);
  }
  return words.map(word => word.text).filter(name => options.includes(name));
};

const readOffset: ReadWords = (words, tell) => readNumbers(words, 1, 'Write one number of bytes.', tell)?.[0];

/** START and MAX of the memory for matching. */
const readStack: ReadWords = (words, tell) => {
  const hint = 'Write two numbers of bytes, the first one not above the second.';
  const numbers = readNumbers(words, 2, hint, tell);
  const [start = 0, max = 0] = numbers ?? [];
  if (start > max) return tell('ignored-value', words[0], 'The stack starts above its maximum.', hint);
  return numbers && { start, max };
};

/** keepalived's words for looking at the body with a pattern; whatever is wrong with them it only logs. */
export const regexParams: Params = [
  {
    ...row(
      'regex',
      { kind: 'pattern' },
      'Pattern of PCRE2 that the body must match somewhere; searched as it travels, up to 4 MiB of it.',
    ),
    repeat: 'replace',
  },
  row('regex_no_match', { kind: 'flag' }, 'The body must not match.'),
  row(
    'regex_options',
    { kind: 'custom', syntax: 'NAME ...', read: readOptions },
    'Options of the pattern, as PCRE2 calls them.',
  ),
  row(
    'regex_min_offset',
    { kind: 'custom', syntax: 'N', read: readOffset },
    'First byte of the body where a match may begin, counted from 0.',
  ),
  row(
    'regex_max_offset',
    { kind: 'custom', syntax: 'N', read: readOffset },
    'Last byte of the body where the first match may begin.',
  ),
  row(
    'regex_stack',
    { kind: 'custom', syntax: 'START MAX', read: readStack },
    'Accepted without effect: bytes of memory for compiled matching, in place of which each search is bounded in steps and memory.',
  ),
];

function readNumbers(
  words: readonly Word[],
  count: number,
  hint: string,
  tell: TellFault,
): readonly number[] | undefined {
  const wrong = words.find(word => !/^\s*\+?\d+$/.test(word.text)) ?? words[count];
  if (wrong === undefined && words.length === count) return words.map(word => Number(word.text));
  return tell('ignored-value', wrong, 'keepalived ignores this line.', hint);
}

function row(name: string, type: Param['type'], doc: string): Param {
  return { name, type, doc, since: '2.0.7' };
}
