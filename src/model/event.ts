import type { CheckResult, WeightWish } from './check.ts';
import type { CheckerId } from './ids.ts';
import type { VirtualServer } from './server.ts';

/** What enters the health core of one virtual server. */
export type Event =
  /** First of all; `remembered` from the store, if an earlier run left something recent. */
  | { readonly type: 'started'; readonly remembered: Remembered | null }
  | { readonly type: 'check-finished'; readonly checker: CheckerId; readonly result: CheckResult }
  /** Every command of the change took effect, seen by reading back. */
  | { readonly type: 'ipvs-acked'; readonly change: number }
  | { readonly type: 'ipvs-failed'; readonly change: number; readonly detail: string }
  /** The change has waited and is not begun: what the checks found meanwhile may still go with it. */
  | { readonly type: 'ipvs-waiting'; readonly change: number }
  /** ha_suspend: is the virtual address on this host? */
  | { readonly type: 'address'; readonly present: boolean }
  | { readonly type: 'reloaded'; readonly plan: VirtualServer }
  /** The reload has no such virtual server any more. */
  | { readonly type: 'removed' }
  /** `release`: take out of the table what we added. */
  | { readonly type: 'stopping'; readonly release: boolean };

/** What outlives a restart: verdicts, streaks and what was already told. */
export interface Remembered {
  readonly quorum: 'up' | 'down' | 'unknown';
  /** Left out by earlier versions. */
  readonly quorumSince?: number | null;
  readonly sorryActive: boolean;
  readonly realServers: Readonly<
    Record<string, { readonly health: 'up' | 'down' | 'unknown'; readonly since: number | null }>
  >;
  readonly checkers: Readonly<
    Record<
      string,
      {
        readonly verdict: 'up' | 'down' | 'unknown';
        readonly failures: number;
        readonly successes: number;
        readonly weight: WeightWish | null;
      }
    >
  >;
}
