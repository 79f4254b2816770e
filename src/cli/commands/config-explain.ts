import { channels } from '../../../alerts/index.ts';
import { type Explanation, explainKeyword } from '../../config/explain.ts';
import { createTables } from '../../config/keywords/tables.ts';
import type { Io, Modules } from '../io.ts';
import { paint } from '../output/style.ts';

export interface ExplainOptions {
  readonly keyword: string;
  /** Name or path of the block that it stands in. */
  readonly block: string | null;
  readonly json: boolean;
}

/** Says what a keyword means. 0: said, 1: there is none of that name, or not in that block. */
export async function explainConfig(
  { keyword, block, json }: ExplainOptions,
  { stdout, stderr }: Pick<Io, 'stdout' | 'stderr'>,
  { checkers }: Pick<Modules, 'checkers'>,
): Promise<number> {
  const answer = explainKeyword(createTables(checkers, channels), keyword, block);
  switch (answer.kind) {
    case 'found':
      if (json) stdout.write(`${JSON.stringify(answer.explanations, null, 2)}\n`);
      else stdout.write(answer.explanations.map(explanation => format(explanation, stdout.colours)).join('\n'));
      return 0;
    case 'language':
      stderr.write(
        `checkalived: ${keyword} is no keyword, but part of the language; see ${answer.section} in checkalived.conf(5)\n`,
      );
      return 1;
    case 'no-keyword':
      stderr.write(`checkalived: there is no keyword ${keyword}${suggest(answer.nearest)}\n`);
      return 1;
    case 'no-block':
      stderr.write(`checkalived: there is no block ${block}${suggest(answer.nearest)}\n`);
      return 1;
    case 'other-block':
      stderr.write(`checkalived: ${keyword} does not stand in ${block}, but in ${answer.blocks.join('; ')}\n`);
      return 1;
  }
}

function suggest(nearest: readonly string[]): string {
  return nearest.length === 0 ? '; checkalived.conf(5) lists all' : `; did you mean ${nearest.join(', ')}?`;
}

/** The keyword with its arguments, its sentence, and a line for each thing that is to be known. */
function format(explanation: Explanation, colours: boolean): string {
  const { keyword, doc, since, required, repeat, choices, inherits } = explanation;
  const otherwise = describeOtherwise(explanation.default);
  const head = `${paint(keyword, 'bold', colours)} ${explanation.arguments}`.trimEnd();
  const facts: readonly (readonly [string, string | null])[] = [
    ['stands in', explanation.blocks.join('; ')],
    ['one of', choices === null ? null : choices.join(', ')],
    ['range', describeRange(explanation)],
    ['default', inherits.length === 0 ? explanation.default : null],
    [
      'left out',
      inherits.length === 0 ? null : [...inherits.map(block => `that of ${block}`), ...otherwise].join(', else '),
    ],
    ['mandatory', required ? 'yes' : null],
    [
      'repeated',
      repeat === 'first' ? 'the first one counts' : repeat === 'all' ? 'all of them count' : 'the last one counts',
    ],
    ['since', since === null ? null : `keepalived ${since}`],
    ['deprecated', describeAge(explanation)],
    ['concerns', describeActor(explanation)],
  ];
  const lines = facts.flatMap(([name, value]) => (value === null ? [] : [`    ${`${name}:`.padEnd(11)} ${value}`]));
  return [head, `    ${doc}`, ...lines, ''].join('\n');
}

/** What counts where no block around says anything; a default may say itself that they come first. */
function describeOtherwise(value: string | null): readonly string[] {
  if (value === null || /^of the \S+ \S+$/.test(value)) return [];
  return [value.replace(/^.*, else /, '')];
}

function describeRange({ range, unit, choices }: Explanation): string | null {
  if (range === null || choices !== null) return null;
  const inUnit = unit === null ? '' : ` ${unit}`;
  // More than there have been is no limit to speak of.
  return range.max > 1e10
    ? `${plain(range.min)}${inUnit} or more`
    : `${plain(range.min)} to ${plain(range.max)}${inUnit}`;
}

/** Never 1e-6. */
function plain(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(6).replace(/0+$/, '');
}

function describeAge({ deprecated }: Explanation): string | null {
  if (deprecated === null) return null;
  return deprecated === '' ? 'it has no meaning any more' : `write ${deprecated}`;
}

function describeActor({ actor }: Explanation): string | null {
  switch (actor) {
    case 'ours':
      return 'checkalived only: write it on a line that begins with @checkalived where keepalived reads the file too';
    case 'keepalived':
      return 'keepalived only: checkalived reads it and does not act on it';
    case 'unsupported':
      return 'keepalived only: checkalived has no such checker, and a real server that asks for it is an error';
    case 'both':
      return null;
  }
}
