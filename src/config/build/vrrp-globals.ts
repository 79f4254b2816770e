import type { Values } from '../../model/params.ts';

/** What global_defs says that decides how a vrrp_instance is judged. */
export interface VrrpGlobals {
  readonly strict: boolean;
  readonly version: 2 | 3;
  readonly downTimerAdverts: number;
  readonly multicastGroups: { readonly inet: string; readonly inet6: string };
}

export function readVrrpGlobals(globalDefs: Values): VrrpGlobals {
  return {
    strict: globalDefs.get<boolean>('vrrp_strict') ?? false,
    version: globalDefs.get<2 | 3>('vrrp_version') ?? 2,
    downTimerAdverts: globalDefs.get<number>('vrrp_down_timer_adverts') ?? 3,
    multicastGroups: {
      inet: globalDefs.get<string>('vrrp_mcast_group4') ?? '224.0.0.18',
      inet6: globalDefs.get<string>('vrrp_mcast_group6') ?? 'ff02::12',
    },
  };
}
