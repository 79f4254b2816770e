import type { VirtualAddress, VirtualRoute, VirtualRule } from './routing.ts';
import type { Secret } from './secret.ts';
import type { Family, Script } from './server.ts';
import type { Span } from './span.ts';
import type { Ms } from './time.ts';
import type { Tracking, TrackProcess, VrrpScript } from './trackers.ts';

/** Everything that a configuration says about VRRP, in the order of the file. keepalived acts on it; checkalived reads it. */
export interface Vrrp {
  readonly instances: readonly VrrpInstance[];
  readonly syncGroups: readonly VrrpSyncGroup[];
  readonly scripts: readonly VrrpScript[];
  readonly trackProcesses: readonly TrackProcess[];
  readonly trackGroups: readonly TrackGroup[];
  readonly garpGroups: readonly GarpGroup[];
  readonly staticAddresses: readonly VirtualAddress[];
  readonly staticRoutes: readonly VirtualRoute[];
  readonly staticRules: readonly VirtualRule[];
  readonly linkbeatInterfaces: readonly LinkbeatInterface[];
  readonly interfaceDelays: readonly InterfaceDelays[];
}

export type VrrpState = 'MASTER' | 'BACKUP';

export interface VrrpInstance {
  readonly name: string;
  /** As keepalived starts with it: without a state, MASTER belongs to priority 255. */
  readonly state: VrrpState;
  /** null = none, or none that can be used. */
  readonly interface: string | null;
  /** null = none, or none that can be used: keepalived does not start then. */
  readonly virtualRouterId: number | null;
  /** Without one, 255 for MASTER and 100 for BACKUP. */
  readonly priority: number;
  readonly version: 2 | 3;
  readonly family: Family;
  readonly strict: boolean;
  readonly advertInterval: Ms;
  readonly preempt: boolean;
  readonly preemptDelay: Ms;
  readonly authentication: VrrpAuthentication | null;
  readonly hmac: VrrpHmac | null;
  readonly addresses: readonly VirtualAddress[];
  readonly excludedAddresses: readonly VirtualAddress[];
  readonly routes: readonly VirtualRoute[];
  readonly rules: readonly VirtualRule[];
  readonly tracking: Tracking;
  readonly trackPrimary: boolean;
  readonly transport: VrrpTransport;
  readonly virtualInterface: VirtualInterface | null;
  readonly garp: GarpSettings;
  readonly notify: VrrpNotify;
  /** null = as global_defs says. */
  readonly smtpAlert: boolean | null;
  readonly notifyPriorityChanges: boolean | null;
  readonly promoteSecondaries: boolean;
  /** null = as the strictness says. */
  readonly accept: boolean | null;
  readonly downTimerAdverts: number;
  readonly span: Span;
}

/** `authentication { ... }`, as it is used: only with a type and a password. */
export interface VrrpAuthentication {
  readonly type: 'PASS' | 'AH';
  readonly password: Secret;
  /** Of `auth_pass`. */
  readonly span: Span;
}

/** `auth_hmac { ... }` of keepalived 2.4 and newer. */
export interface VrrpHmac {
  readonly keys: readonly VrrpHmacKey[];
  readonly activeKey: number | null;
  readonly antiReplay: 'time' | 'monotonic';
  /** Seconds; null = keepalived's own. */
  readonly timeWindow: number | null;
  readonly mode: 'enforce' | 'permissive' | 'receive-only';
}
export interface VrrpHmacKey {
  readonly id: number;
  /** `hex:...`, `file:PATH` or the key as text. */
  readonly key: Secret;
  readonly span: Span;
}

/** How adverts travel. */
interface VrrpTransport {
  readonly sourceAddress: string | null;
  readonly trackSource: boolean;
  /** Not empty = unicast. */
  readonly peers: readonly UnicastPeer[];
  readonly ttl: number | null;
  /** The group, if not its own that of global_defs; null with unicast. */
  readonly multicastAddress: string | null;
  readonly vrf: string | null;
}
export interface UnicastPeer {
  readonly address: string;
  readonly family: Family;
  readonly minTtl: number;
  readonly maxTtl: number;
  readonly span: Span;
}

/** An interface that keepalived makes for the instance. */
export type VirtualInterface =
  | {
      readonly kind: 'vmac';
      readonly name: string | null;
      readonly mac: string | null;
      readonly transmitOnBase: boolean;
    }
  | {
      readonly kind: 'ipvlan';
      readonly name: string | null;
      readonly address: string | null;
      readonly mode: 'bridge' | 'private' | 'vepa';
    };

/** null = as global_defs says. */
export interface GarpSettings {
  readonly masterDelay: number | null;
  readonly masterRepeat: number | null;
  readonly masterRefresh: number | null;
  readonly masterRefreshRepeat: number | null;
  readonly lowerPriorityDelay: number | null;
  readonly lowerPriorityRepeat: number | null;
  readonly extraInterfaces: { readonly seconds: number; readonly all: boolean } | null;
}

/** Commands of a state change; `any` gets type, name, state and priority as arguments. */
export interface VrrpNotify {
  readonly master: Script | null;
  readonly backup: Script | null;
  readonly fault: Script | null;
  readonly stop: Script | null;
  readonly any: Script | null;
}

export interface VrrpSyncGroup {
  readonly name: string;
  /** Names of instances that exist. */
  readonly members: readonly string[];
  readonly tracking: Tracking;
  readonly trackingWeight: boolean;
  readonly notify: VrrpNotify;
  readonly smtpAlert: boolean | null;
  readonly notifyPriorityChanges: boolean | null;
  readonly span: Span;
}

/** Instances on which static addresses, routes and rules depend. */
export interface TrackGroup {
  readonly name: string;
  readonly members: readonly string[];
  readonly span: Span;
}

export interface GarpGroup {
  readonly garpInterval: Ms | null;
  readonly gnaInterval: Ms | null;
  readonly interfaces: readonly string[];
  readonly span: Span;
}

export interface LinkbeatInterface {
  readonly interface: string;
  readonly method: 'MII' | 'ETHTOOL' | 'IOCTL' | null;
  readonly span: Span;
}

export interface InterfaceDelays {
  readonly interface: string;
  readonly down: Ms;
  readonly up: Ms;
  readonly span: Span;
}
