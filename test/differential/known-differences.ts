import { agrees, type Comparison } from './compare.ts';

/** Why the two programs judge a file differently, for good. */
export interface KnownDifference {
  readonly reason: string;
  readonly complains: 'keepalived' | 'checkalived';
  /** Where it is met, as `set/name`. */
  readonly files: readonly string[];
}

export const knownDifferences: readonly KnownDifference[] = [];

/** The reason for this difference, or null if nobody knows one. */
export function explain(set: string, { input, complains }: Comparison): string | null {
  const name = `${set}/${input.name}`;
  const known = knownDifferences.find(each => each.complains === complains && each.files.includes(name));
  return known?.reason ?? null;
}

/** The files that are said to differ but do not; of sets that were compared. */
export function listStale(compared: ReadonlyMap<string, readonly Comparison[]>): readonly string[] {
  const files = knownDifferences.flatMap(known => known.files);
  const differing = new Set(
    [...compared].flatMap(([set, comparisons]) =>
      comparisons.filter(comparison => !agrees(comparison)).map(({ input }) => `${set}/${input.name}`),
    ),
  );
  return files.filter(file => compared.has(file.split('/')[0] ?? '') && !differing.has(file));
}
