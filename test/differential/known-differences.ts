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
    reason: 'VRRP, DNS_CHECK and all of global_defs are not read in full yet.',
    complains: 'keepalived',
    files: [
      'fixtures/advert-interval-zero.conf',
      'fixtures/dns-check-type-unknown.conf',
      'fixtures/vrrp-address-malformed.conf',
      'fixtures/vrrp-group-of-unknown.conf',
      'fixtures/vrrp-id-too-large.conf',
      'fixtures/vrrp-interval-of-version-2.conf',
      'fixtures/vrrp-name-twice.conf',
      'fixtures/vrrp-nopreempt-as-master.conf',
      'fixtures/vrrp-password-long.conf',
      'fixtures/vrrp-password-missing.conf',
      'fixtures/vrrp-state-unknown.conf',
      'fixtures/vrrp-tracks-script-insecure.conf',
      'fixtures/vrrp-tracks-unknown-script.conf',
      'fixtures/vrrp-unknown-word.conf',
      'fixtures/vrrp-without-address.conf',
      'fixtures/vrrp-without-id.conf',
    ],
  },
];

export function findKnownDifference(file: string): KnownDifference | undefined {
  return knownDifferences.find(known => known.files.includes(file));
}
