import type { CheckResult } from '../model/check.ts';
import type { Log } from '../model/ports.ts';
import type { CheckEntry } from './check-table.ts';
import { describeCheck } from './describe.ts';

/** Logs what a passing check warns of when it comes, changes or is over. A failed check says nothing of it. */
export function tellWarning(entry: CheckEntry, result: CheckResult, log: Log): void {
  const warning = result.ok ? (result.warning ?? null) : entry.warning;
  if (warning === entry.warning) return;
  entry.warning = warning;
  if (warning === null) log.info(`${describeCheck(entry)}: nothing to warn of any more`);
  else log.warn(`${describeCheck(entry)} passes, but ${warning}`);
}
