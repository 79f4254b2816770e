import type { Config } from '../../model/config.ts';
import type { Change } from './change.ts';
import { diffServers } from './servers.ts';
import { diffSettings } from './settings.ts';
import { diffVrrp } from './vrrp.ts';

export type { Change } from './change.ts';

/**
 * What a reload from one configuration to another changes: virtual servers with all that is theirs, then global_defs
 * and the settings of checkalived, then what keepalived alone acts on.
 */
export function diffConfigs(before: Config, after: Config): readonly Change[] {
  return [...diffServers(before, after), ...diffSettings(before, after), ...diffVrrp(vrrpOf(before), vrrpOf(after))];
}

/** keepalived's blocks in the words of the model, by their names. */
function vrrpOf({ vrrp, trackFiles, bfdInstances }: Config): object {
  return { ...vrrp, trackFiles, bfdInstances };
}
