import type { FailureReason } from './check.ts';
import type { RsId, VsId } from './ids.ts';

/** A change of state that an operator wants to know; one log line, one row of the store. */
export interface Transition {
  readonly object: 'real_server' | 'virtual_server' | 'sorry_server' | 'weight';
  readonly virtualServer: VsId;
  readonly realServer: RsId | null;
  readonly from: string;
  readonly to: string;
  /** Effective weight after the change; for a virtual server the sum of its alive real servers. */
  readonly weight: number | null;
  readonly reason: FailureReason | 'ok' | 'quorum' | 'config' | 'stop' | 'start';
  readonly detail: string;
}
