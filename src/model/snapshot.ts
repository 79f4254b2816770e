/** `GET /api/v1/status` and `status --json`: an interface that stays (new fields may come, none changes its meaning). */
export interface Snapshot {
  readonly version: string;
  readonly startedAt: string;
  readonly ipvsMode: string;
  readonly virtualServers: readonly VirtualServerStatus[];
  /** Troubles of the agent itself that an operator should see: the store, IPVS, mail, channels of alerts. Empty = none. */
  readonly troubles: readonly {
    readonly component: 'store' | 'ipvs' | 'mail' | 'alerts' | 'config';
    readonly since: string;
    readonly message: string;
  }[];
}
export interface VirtualServerStatus {
  readonly id: string;
  readonly name: string;
  readonly address: string | null;
  readonly port: number | null;
  readonly protocol: string | null;
  readonly fwmark: number | null;
  readonly scheduler: string;
  readonly forwarding: string;
  readonly quorum: number;
  readonly hysteresis: number;
  readonly up: boolean;
  readonly sorryServer: { readonly address: string; readonly port: number; readonly active: boolean } | null;
  readonly realServers: readonly RealServerStatus[];
}
export interface RealServerStatus {
  readonly id: string;
  readonly address: string;
  readonly port: number;
  readonly up: boolean;
  readonly state: 'up' | 'down' | 'unknown' | 'disabled' | 'draining';
  readonly weight: number;
  readonly effectiveWeight: number;
  readonly ipvsWeight: number | null;
  /** RFC 3339; null before the first verdict. */
  readonly since: string | null;
  readonly checks: readonly CheckStatus[];
}
export interface CheckStatus {
  readonly type: string;
  readonly up: boolean | null;
  readonly lastRunAt: string | null;
  readonly lastDurationMs: number | null;
  readonly reason: string | null;
  readonly detail: string | null;
  /** What an operator ought to know though the check passes. */
  readonly warning: string | null;
  /** Failed runs since the agent started. */
  readonly failures: number;
  readonly runs: number;
}
