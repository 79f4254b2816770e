import type { Settings } from '../model/config.ts';

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

/** The names of those that differ. */
export function changedFixedSettings(before: Settings, after: Settings): readonly string[] {
  return fixed.filter(name => before[name] !== after[name]);
}
