import type { CheckPlan } from './check.ts';
import type { RsId, VsId } from './ids.ts';
import type { Span } from './span.ts';

export type Family = 'inet' | 'inet6';
export type Protocol = 'TCP' | 'UDP' | 'SCTP';
/** 0 = drained. The kernel takes 0..65535 through ipvsadm. */
type Weight = number;
export const maxWeight = 65_535;

/** keepalived's `lb_kind` / `lvs_method`, IPVS's forwarding method. */
export type LbKind =
  | { readonly kind: 'NAT' }
  | { readonly kind: 'DR' }
  | { readonly kind: 'TUN'; readonly tunnel?: Tunnel };
export interface Tunnel {
  readonly type: 'ipip' | 'gue' | 'gre';
  readonly port?: number;
  readonly checksum?: 'nocsum' | 'csum' | 'remcsum';
}

/** What the kernel knows a service by. A virtual server of a group has several. */
export type ServiceKey =
  | { readonly kind: 'address'; readonly protocol: Protocol; readonly address: string; readonly port: number }
  | { readonly kind: 'fwmark'; readonly fwmark: number; readonly family: Family };

/** What stands after `virtual_server` in the file. */
export type VirtualServerTarget =
  | { readonly kind: 'address'; readonly address: string; readonly port: number }
  | { readonly kind: 'fwmark'; readonly fwmark: number }
  | { readonly kind: 'group'; readonly group: string; readonly ordinal: number };

export interface Persistence {
  /** Whole seconds. */
  readonly timeout: number;
  /** IPv4 netmask or IPv6 prefix length, as written. */
  readonly granularity?: string;
  readonly engine?: string;
}

/** A command with its arguments, never given to a shell. */
export interface Script {
  readonly argv: readonly [string, ...string[]];
  readonly user?: ScriptUser;
  /** Stands behind `@checkalived`: keepalived does not run it. */
  readonly ours?: true;
}
export interface ScriptUser {
  readonly name: string;
  readonly group?: string;
  /** `:group`: also take the user's supplementary groups. */
  readonly supplementary?: boolean;
}

export interface VirtualServer {
  readonly id: VsId;
  /** keepalived's text form: `[10.0.0.1]:tcp:80`, `FWM 7`, `[group]:0`. */
  readonly name: string;
  readonly target: VirtualServerTarget;
  /** Kernel services, at least one. */
  readonly services: readonly ServiceKey[];
  /** null for a fwmark service. */
  readonly protocol: Protocol | null;
  readonly family: Family;
  readonly scheduler: string;
  /** `flag-1`.. `flag-3`, `sh-port`, `sh-fallback`, `mh-port`, `mh-fallback`, as ipvsadm's `-b` takes them. */
  readonly schedulerFlags: readonly string[];
  readonly onePacket: boolean;
  readonly persistence: Persistence | null;
  readonly forwarding: LbKind;
  readonly alpha: boolean;
  readonly omega: boolean;
  readonly haSuspend: boolean;
  readonly quorum: number;
  readonly hysteresis: number;
  readonly quorumUp: Script | null;
  readonly quorumDown: Script | null;
  readonly smtpAlert: boolean;
  readonly sorryServer: SorryServer | null;
  /** In the file's order; no two share an id. */
  readonly realServers: readonly RealServer[];
  readonly span: Span;
}

export interface SorryServer {
  readonly address: string;
  readonly port: number;
  readonly inhibit: boolean;
  readonly forwarding: LbKind;
}

export interface RealServer {
  readonly id: RsId;
  /** keepalived's text form: `[10.0.0.2]:tcp:80`. */
  readonly name: string;
  readonly address: string;
  /** The destination port in IPVS; 0 in a fwmark or port-0 service without one. */
  readonly port: number;
  readonly weight: Weight;
  readonly forwarding: LbKind;
  readonly upperThreshold: number;
  readonly lowerThreshold: number;
  readonly inhibitOnFailure: boolean;
  readonly notifyUp: Script | null;
  readonly notifyDown: Script | null;
  readonly smtpAlert: boolean;
  /** All must be up. Empty: always up. */
  readonly checks: readonly CheckPlan[];
  /** Set (with the reason) when a fault in the file leaves it without a check that was asked for: it stays `unknown`. */
  readonly unchecked: string | null;
  readonly span: Span;
}
