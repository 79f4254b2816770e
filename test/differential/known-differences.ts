/** Why the two programs judge a file differently. */
export interface KnownDifference {
  /** Whole sentences, for the documentation. */
  readonly reason: string;
  /** Who alone complains. */
  readonly complains: 'keepalived' | 'checkalived';
  /** Where it is met, as `set/name`. */
  readonly files: readonly string[];
}

/** Every difference in the sets of files, at present none; docs/reference/agreement.md is made from this. */
export const knownDifferences: readonly KnownDifference[] = [];

export function findKnownDifference(file: string): KnownDifference | undefined {
  return knownDifferences.find(known => known.files.includes(file));
}
