/** Where the targets are, in the network namespace of a stage: its ports are all free. */
export const ports = { plain: 8080, arrivals: 8081, flapping: 8082, tls: 8443, api: 9650, blackbox: 9115 } as const;

/** Path at which the server says how much it has taken; not the page that is checked. */
export const countsPath = '/counts';

/** What a configuration names beside addresses. */
export interface Places {
  /** MD5 of the page, as hexadecimal digits. */
  readonly digest: string;
  /** What MISC_CHECK runs. */
  readonly command: string;
  /** Every hundredth target is where the times of arrivals are taken, or comes and goes; null: all are alike. */
  readonly special: 'arrivals' | 'flapping' | null;
}

/** The address of the n-th target, one of 127.0.0.0/8, all of which are local. */
export function addressOf(n: number): string {
  return `127.${1 + (n >> 14)}.${(n >> 7) & 127}.${1 + (n & 127)}`;
}

/** Whether the n-th target is one of those on a port of their own. */
export function isSpecial(n: number): boolean {
  return n % 100 === 50;
}
