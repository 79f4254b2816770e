import type { Config } from '../../model/config.ts';
import type { ConfigTree } from '../text/node.ts';
import type { Change } from './change.ts';
import { diffKeepalivedKeywords } from './keepalived.ts';
import { diffServers } from './servers.ts';
import { diffSettings } from './settings.ts';
import { diffVrrp, modelledKeywords } from './vrrp.ts';

export type { Change } from './change.ts';

/**
 * What a reload from one configuration to another changes: virtual servers with all that is theirs, then global_defs
 * and the settings of checkalived, then VRRP and its like, which keepalived alone acts on.
 */
export function diffConfigs(before: Config, after: Config): readonly Change[] {
  return [...diffServers(before, after), ...diffSettings(before, after), ...diffVrrp(vrrpOf(before), vrrpOf(after))];
}

/** What differs in the keywords that keepalived alone acts on and that stand in no configuration of the model. */
export function diffTrees(before: ConfigTree, after: ConfigTree): readonly Change[] {
  return diffKeepalivedKeywords(before, after, modelledKeywords);
}

/** keepalived's blocks in the words of the model, by their names. */
function vrrpOf({ vrrp, trackFiles, bfdInstances }: Config): object {
  return { ...vrrp, trackFiles, bfdInstances };
}
