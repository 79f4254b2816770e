import { agrees, type Comparison, isSilent } from './compare.ts';
import { findKnownDifference, knownDifferences } from './known-differences.ts';
import { shapeOf } from './messages.ts';

/** How the two programs agree on one set of files. */
export interface Tally {
  readonly set: string;
  readonly files: number;
  readonly agree: number;
  /** Of those that agree: neither complains. */
  readonly silent: number;
  /** Of those that agree: keepalived complains of nothing but the machine. */
  readonly machine: number;
  readonly explained: readonly Comparison[];
  readonly unexplained: readonly Comparison[];
}

export function tally(set: string, comparisons: readonly Comparison[]): Tally {
  const agreeing = comparisons.filter(agrees);
  const differing = comparisons.filter(comparison => !agrees(comparison));
  return {
    set,
    files: comparisons.length,
    agree: agreeing.length,
    silent: agreeing.filter(isSilent).length,
    machine: agreeing.filter(({ complaints, machine }) => complaints.length === 0 && machine.length > 0).length,
    explained: differing.filter(comparison => isExplained(set, comparison)),
    unexplained: differing.filter(comparison => !isExplained(set, comparison)),
  };
}

/** A known difference has the side that complains, too. */
function isExplained(set: string, { input, complains }: Comparison): boolean {
  return findKnownDifference(`${set}/${input.name}`)?.complains === complains;
}

/** The files that are said to differ but do not; of the sets that were compared. */
export function listStale(compared: ReadonlyMap<string, readonly Comparison[]>): readonly string[] {
  const differing = new Set(
    [...compared].flatMap(([set, comparisons]) =>
      comparisons.filter(comparison => !agrees(comparison)).map(({ input }) => `${set}/${input.name}`),
    ),
  );
  return knownDifferences
    .flatMap(known => known.files)
    .filter(file => compared.has(file.split('/')[0] ?? '') && !differing.has(file));
}

/** In percent of the files. */
export function agreement({ agree, files }: Tally): number {
  return files === 0 ? 100 : (100 * agree) / files;
}

export function formatTallies(tallies: readonly Tally[]): string {
  const rows = tallies.map(each => [
    each.set,
    each.files,
    each.agree,
    each.silent,
    each.machine,
    each.explained.length,
    each.unexplained.length,
    `${agreement(each).toFixed(2)} %`,
  ]);
  const head = ['set', 'files', 'agree', 'of them silent', 'machine only', 'explained', 'unexplained', 'agreement'];
  const widths = head.map((cell, index) => Math.max(cell.length, ...rows.map(row => String(row[index]).length)));
  return [head, ...rows]
    .map(row => row.map((cell, index) => String(cell).padStart(widths[index] ?? 0)).join('  '))
    .join('\n');
}

interface Group {
  readonly title: string;
  readonly members: readonly Comparison[];
}

/** Alike differences together, the largest group first. */
export function group(differences: readonly Comparison[]): readonly Group[] {
  const groups = new Map<string, Comparison[]>();
  for (const difference of differences) {
    const title = titleOf(difference);
    groups.set(title, [...(groups.get(title) ?? []), difference]);
  }
  return [...groups]
    .map(([title, members]) => ({ title, members }))
    .sort((a, b) => b.members.length - a.members.length || (a.title < b.title ? -1 : 1));
}

/** Who complains of what. */
function titleOf({ complains, complaints, ours }: Comparison): string {
  if (complains === 'keepalived') return `only keepalived: ${shapeOf(complaints[0] ?? '')}`;
  return `only checkalived: ${ours[0]?.code}: ${shapeOf(ours[0]?.message ?? '')}`;
}

/** keepalived reads a file once for each of its processes, so most messages come several times. */
const shownMessages = 8;

/** A difference in full, for whoever looks for its cause. */
export function describeDifference({ input, verdict, complaints, ours }: Comparison): string {
  return [
    `${input.name} (${input.path}) keepalived exits ${verdict.exit}`,
    ...(input.changes ?? []).map(change => `    ${change}`),
    ...[...new Set(complaints.map(stripPath))].slice(0, shownMessages).map(message => `    keepalived: ${message}`),
    ...ours.map(({ line, column, code, message }) => `    checkalived: ${line}:${column} [${code}] ${message}`),
  ].join('\n');
}

function stripPath(message: string): string {
  return message.replace(/^\(.*: Line /, '(Line ');
}
