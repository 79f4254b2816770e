import type { IpvsMode } from './config.ts';

/** What the health core needs to know besides the virtual server itself. */
export interface HealthSettings {
  /**
   * `weights`: no opinion on a real server before its first verdict, weight 0 when down; `manage`: in or out of the
   * table; `verdicts`: up or down and the change of the weight, told to whoever owns the table.
   */
  readonly policy: 'weights' | 'manage' | 'verdicts';
  readonly firstVerdict: 'retry' | 'at_once';
  /** Mail only when the real server itself changes, not for each of its checkers. */
  readonly noCheckerEmails: boolean;
  /** Notify UP for each real server that is assumed up at the start. */
  readonly rsInitNotifies: boolean;
}

export function policyOf(mode: IpvsMode): HealthSettings['policy'] {
  switch (mode) {
    case 'weights':
      return 'weights';
    case 'trackfile':
      return 'verdicts';
    case 'manage':
    case 'memory':
      return 'manage';
  }
}
