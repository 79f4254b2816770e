/** Why the two programs judge a file differently. */
export interface KnownDifference {
  /** Whole sentences, for the documentation. */
  readonly reason: string;
  /** Who alone complains. */
  readonly complains: 'keepalived' | 'checkalived';
  /** Where it is met, as `set/name`. */
  readonly files: readonly string[];
}

/** Every difference in the sets of files; docs/reference/agreement.md is made from this. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    reason: 'DNS_CHECK and all of global_defs are not read in full yet.',
    complains: 'keepalived',
    files: ['fixtures/advert-interval-zero.conf', 'fixtures/dns-check-type-unknown.conf'],
  },
];

export function findKnownDifference(file: string): KnownDifference | undefined {
  return knownDifferences.find(known => known.files.includes(file));
}
