import type { FailureReason } from './check.ts';
import type { CheckerId } from './ids.ts';
import type { VirtualServer } from './server.ts';
import type { EpochMs, Ms } from './time.ts';

/** All virtual servers at one moment, as metrics need them; whoever reads on later still sees that moment. */
export interface Inspection {
  readonly startedAt: EpochMs;
  readonly troubles: Troubles;
  /** What is really run: checks that ask the same share one. */
  readonly probes: number;
  /** Of them those that are under way. */
  readonly running: number;
  /** By channel. */
  readonly waitingNotifications: Readonly<Record<string, number>>;
  /** Results that the store could not keep, since the agent started. */
  readonly droppedResults: number;
  /** Minutes of single checks that it could not keep. */
  readonly droppedMinutes: number;
  /** Transactions that the database refused. */
  readonly storeWriteErrors: number;
  /** Bytes; 0 before it is open. */
  readonly storeSize: number;
  /** What a check said last, as it is when it is asked. */
  readonly lastRun: (check: CheckerId) => LastRun | undefined;
  /** In the file's order, each made when it is asked for: ten thousand real servers at once would hold up the checks. */
  readonly virtualServers: Iterable<VirtualServerReading>;
}

export interface UnjudgedCheck {
  /** The keyword. */
  readonly type: string;
  readonly realServer: string;
  readonly virtualServer: string;
}

/** What is wrong with a part of the agent; null: nothing. */
type Trouble = { readonly since: EpochMs; readonly message: string } | null;
export interface Troubles {
  readonly store: Trouble;
  readonly ipvs: Trouble;
  readonly mail: Trouble;
  /** Of one or more channels of alerts. */
  readonly alerts: Trouble;
}

export interface LastRun {
  /** When it began; 0: never. */
  readonly lastRunAt: EpochMs;
  /** Of the last result; null before the first. */
  readonly outcome: 'ok' | FailureReason | null;
  readonly took: Ms;
}

export interface VirtualServerReading {
  readonly plan: VirtualServer;
  /** ha_suspend: the virtual address is elsewhere. */
  readonly suspended: boolean;
  /** The quorum is there. */
  readonly up: boolean;
  /** The sorry server stands in. */
  readonly sorryActive: boolean;
  /** In the order of the plan. */
  readonly realServers: readonly RealServerReading[];
}

export interface RealServerReading {
  /** In service, or assumed to be while nothing is known. */
  readonly up: boolean;
  readonly health: 'unknown' | 'up' | 'down';
  /** The configured weight with what dynamic checks ask for. */
  readonly effectiveWeight: number;
  /** In the table when it was last read; null: not there, or not looked at. */
  readonly ipvsWeight: number | null;
  /** That the agent wants in the table; null: none, or it leaves that to others. */
  readonly desiredWeight: number | null;
  /** Since when its health is so; null before the first verdict. */
  readonly since: EpochMs | null;
}
