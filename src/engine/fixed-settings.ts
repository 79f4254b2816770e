import type { Config } from '../model/config.ts';
import type { Log } from '../model/ports.ts';

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
] as const;

/** Says at a reload which settings that have changed wait for the next start. */
export function warnOfFixedSettings(running: Config, next: Config, log: Log): void {
  for (const name of fixed) {
    if (next.settings[name] === running.settings[name]) continue;
    log.warn(`the setting ${name} was changed; it takes effect at the next start`);
  }
}
