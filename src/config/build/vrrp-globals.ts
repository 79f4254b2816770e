import type { ConfigTree } from '../text/node.ts';
import { canonicalAddress } from '../values/addresses.ts';

/** What global_defs says that decides how a vrrp_instance is judged. */
export interface VrrpGlobals {
  readonly strict: boolean;
  readonly version: 2 | 3;
  readonly downTimerAdverts: number;
  readonly multicastGroups: { readonly inet: string; readonly inet6: string };
}

/** The values of the last lines that can be read; their faults are told where global_defs is built. */
export function readVrrpGlobals(globalDefs: ConfigTree): VrrpGlobals {
  const nodes = globalDefs.flatMap(block => block.nodes);
  const last = <T>(name: string, read: (text: string | undefined) => T | null, otherwise: T): T =>
    nodes.reduce((value, node) => (node.param.name === name ? (read(node.words[0]?.text) ?? value) : value), otherwise);
  return {
    strict: last('vrrp_strict', readSwitch, false),
    version: last<2 | 3>('vrrp_version', text => (text === '2' ? 2 : text === '3' ? 3 : null), 2),
    downTimerAdverts: last('vrrp_down_timer_adverts', text => Number(text) || null, 3),
    multicastGroups: {
      inet: last('vrrp_mcast_group4', text => canonicalAddress(text ?? ''), '224.0.0.18'),
      inet6: last('vrrp_mcast_group6', text => canonicalAddress(text ?? ''), 'ff02::12'),
    },
  };
}

function readSwitch(text: string | undefined): boolean | null {
  if (text === undefined || /^(on|true|yes)$/.test(text)) return true;
  return /^(off|false|no)$/.test(text) ? false : null;
}
