import type { Settings } from '../model/config.ts';
import type { Log } from '../model/ports.ts';

/** What holds from the start of the agent to its end, whatever a reload says. */
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

/** Says at a reload which settings that have changed wait for the next start. */
export function warnOfFixedSettings(running: Settings, next: Settings, log: Log): void {
  for (const name of fixed) {
    if (next[name] === running[name]) continue;
    log.warn(`the setting ${name} was changed; it takes effect at the next start`);
  }
}
