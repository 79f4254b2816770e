import type { Family } from './server.ts';
import type { Span } from './span.ts';

/** A line of virtual_ipaddress, virtual_ipaddress_excluded or static_ipaddress. */
export interface VirtualAddress {
  readonly address: string;
  readonly family: Family;
  readonly prefix: number;
  readonly interface?: string;
  readonly broadcast?: string;
  readonly scope?: string;
  readonly label?: string;
  readonly peer?: string;
  /** `home`, `-nodad`, `mngtmpaddr`, `noprefixroute`, `autojoin`. */
  readonly flags: readonly string[];
  /** Seconds, or `forever`. */
  readonly preferredLifetime?: number | 'forever';
  readonly track: boolean;
  readonly trackGroup?: string;
  readonly useVmac: boolean;
  readonly span: Span;
}

/** A line of virtual_routes or static_routes, as `ip route add` takes it. */
export interface VirtualRoute {
  /** `default`, or an address with or without prefix length. */
  readonly to: string;
  readonly type: string;
  readonly family: Family;
  readonly via: string | null;
  readonly interface: string | null;
  /** The other options, as written. */
  readonly options: readonly RouteOption[];
  readonly nextHops: readonly NextHop[];
  readonly track: boolean;
  readonly trackGroup?: string;
  readonly span: Span;
}
export interface NextHop {
  readonly via: string | null;
  readonly interface: string | null;
  readonly options: readonly RouteOption[];
}
export interface RouteOption {
  readonly name: string;
  readonly value: string | null;
}

/** A line of virtual_rules or static_rules, as `ip rule add` takes it. */
export interface VirtualRule {
  readonly family: Family;
  readonly invert: boolean;
  readonly from: string | null;
  readonly to: string | null;
  /** null = keepalived chooses one. */
  readonly preference: number | null;
  readonly action: RuleAction;
  /** The other selectors, as written. */
  readonly options: readonly RouteOption[];
  readonly track: boolean;
  readonly trackGroup?: string;
  readonly span: Span;
}
export type RuleAction =
  | { readonly kind: 'table'; readonly table: string }
  | { readonly kind: 'goto'; readonly target: number }
  | { readonly kind: 'l3mdev' | 'nop' | 'blackhole' | 'unreachable' | 'prohibit' };
