/** What a contestant is to do, whichever it is. */
export interface Work {
  readonly checker: Checker;
  /** Distinct real servers. */
  readonly targets: number;
  /** Virtual servers that each have all of the real servers; 1: every 100 real servers have a virtual server of their own. */
  readonly copies: number;
  /** Seconds. */
  readonly delayLoop: number;
}

export const checkerNames = ['tcp', 'http', 'digest', 'ssl', 'misc'] as const;
export type Checker = (typeof checkerNames)[number];

export const contestantNames = ['keepalived', 'checkalived', 'haproxy', 'blackbox'] as const;
export type ContestantName = (typeof contestantNames)[number];

/** Checks a second that the configuration asks for. */
export function checksPerSecond({ targets, copies, delayLoop }: Work): number {
  return (targets * copies) / delayLoop;
}
