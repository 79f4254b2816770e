import type { Params, Values } from '../../model/params.ts';
import { custom } from './read-words.ts';
import { bool, row } from './rows.ts';

/** What stands before a checker in the file, for the ones that name a block of the root. */
export interface NamedBefore {
  readonly trackFiles: Pick<ReadonlySet<string>, 'has'>;
  readonly bfdInstances: Pick<ReadonlySet<string>, 'has'>;
}

/** A checker of keepalived that checkalived cannot run: its block is read and judged all the same. */
export interface RefusedChecker {
  readonly keyword: string;
  readonly doc: string;
  readonly params: Params;
  /** Why checkalived does not have it, and what to do. */
  readonly refusal: { readonly message: string; readonly advice: string };
  /** What is wrong with the block as a whole. */
  judge(values: Values, before: NamedBefore): readonly string[];
}

const longestBfdName = 31;

/** keepalived check/check_bfd.c:bfd_name_handler. */
const bfdName = custom('NAME', ([name, surplus], tell) => {
  const advice = `Write the name of one bfd_instance, of at most ${longestBfdName} characters.`;
  if (name === undefined) return tell('missing-argument', undefined, 'name lacks its bfd_instance.', advice);
  if (surplus !== undefined || name.text.length > longestBfdName)
    return tell('bad-value', surplus ?? name, 'BFD_CHECK takes one name.', advice);
  return name.text;
});

export const refusedCheckers: readonly RefusedChecker[] = [
  {
    keyword: 'BFD_CHECK',
    doc: 'Follows a BFD session of keepalived, and stays with it.',
    refusal: {
      message:
        'BFD_CHECK stays with keepalived, whose BFD process holds the sessions and tells nobody else: this real server is left unchecked.',
      advice:
        "Leave all of this real server's checking with keepalived: write @^checkalived before each line of its checkers. The mode weights then leaves its weight alone.",
    },
    params: [
      row('name', bfdName, 'Name of a bfd_instance block that stands before.', { required: true, repeat: 'first' }),
      row('alpha', bool, 'The real server starts as down until the session is up.', {
        default: 'of the real server',
      }),
    ],
    judge(values, { bfdInstances }) {
      const name = values.get<string>('name');
      if (name === undefined) return ['it names no bfd_instance'];
      return bfdInstances.has(name) ? [] : [`no bfd_instance ${name} stands before it`];
    },
  },
];
