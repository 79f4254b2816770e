import type { AlertState } from './alert.ts';
import type { CheckerId, RsId, VsId } from './ids.ts';
import type { DesiredService } from './ipvs.ts';
import type { Script } from './server.ts';
import type { EpochMs, Ms } from './time.ts';

/** What the shell must do, in this order, per virtual server. */
export type Effect =
  | {
      readonly type: 'ipvs';
      readonly virtualServer: VsId;
      /** Answered by `ipvs-acked` or `ipvs-failed` with the same number. */
      readonly change: number;
      readonly desired: readonly DesiredService[];
      readonly reason: string;
    }
  | {
      readonly type: 'script';
      readonly virtualServer: VsId;
      readonly realServer: RsId | null;
      readonly event: 'notify_up' | 'notify_down' | 'quorum_up' | 'quorum_down';
      readonly script: Script;
      readonly state: 'UP' | 'DOWN';
      readonly weight: number;
      readonly reason: string;
    }
  /** Without the line feed. */
  | { readonly type: 'fifo'; readonly virtualServer: VsId; readonly line: string }
  | {
      readonly type: 'mail';
      readonly virtualServer: VsId;
      readonly realServer: RsId | null;
      /** Without `[router_id] `. */
      readonly subject: string;
      readonly body: string;
    }
  /** For the channels of alerts. */
  | {
      readonly type: 'alert';
      readonly virtualServer: VsId;
      /** null: it is the virtual server that is told of. */
      readonly realServer: RsId | null;
      readonly state: AlertState;
      /** When the outage began that begins or ends here; null: there was none, or nobody knows. */
      readonly since: EpochMs | null;
      readonly weight: number;
      readonly reason: string;
      readonly detail: string;
    };

/** When a check runs next. Nothing for a cron check that is not being retried: the calendar brings it. */
export interface Due {
  readonly checker: CheckerId;
  readonly after: Ms;
  readonly from: 'start' | 'end';
  /** After a failure that was forgiven: not before this time, whoever else shares the check. */
  readonly retry?: true;
}
