import type { CheckResult } from '../model/check.ts';
import type { Log } from '../model/ports.ts';
import type { CheckEntry } from './check-table.ts';
import { describeCheck } from './describe.ts';

/**
 * Logs what a passing check warns of when it comes, changes or is over, and with `log_all_failures` each failure, which says
 * nothing of warnings.
 */
export function tellResult(entry: CheckEntry, result: CheckResult, log: Log): void {
  if (!result.ok && entry.plan.logAllFailures) {
    log.info(`${describeCheck(entry)} failed: ${result.reason}: ${result.detail}`);
  }
  const warning = result.ok ? (result.warning ?? null) : entry.warning;
  if (warning === entry.warning) return;
  entry.warning = warning;
  if (warning === null) log.info(`${describeCheck(entry)}: nothing to warn of any more`);
  else log.warn(`${describeCheck(entry)} passes, but ${warning}`);
}
