import type { Settings } from '../model/config.ts';
import type { Log } from '../model/ports.ts';

/** What a reload leaves as it was at the start. */
const fixed = [
  'ipvs',
  'stateDir',
  'trackDir',
  'logFormat',
  'ipvsAudit',
  'scriptTimeout',
  'scriptLimit',
  'resultsInterval',
  'retentionResults',
  'retentionTransitions',
] as const satisfies readonly (keyof Settings)[];

/** Says of each setting that a reload would change, and cannot, when it will. */
export function warnOfFixedSettings(before: Settings, after: Settings, log: Log): void {
  for (const name of fixed) {
    if (after[name] === before[name]) continue;
    log.warn(`the setting ${name} was changed; it takes effect at the next start`);
  }
}
