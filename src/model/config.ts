import type { ChannelPlan } from './alert.ts';
import type { Secret } from './secret.ts';
import type { Script, ScriptUser, VirtualServer } from './server.ts';
import type { Span } from './span.ts';
import type { Ms } from './time.ts';
import type { BfdInstance, TrackFile } from './trackers.ts';
import type { Vrrp } from './vrrp.ts';

export const ipvsModes = ['weights', 'manage', 'trackfile', 'memory'] as const;
export type IpvsMode = (typeof ipvsModes)[number];

export const metricsDetails = ['full', 'basic', 'off'] as const;
export type MetricsDetail = (typeof metricsDetails)[number];

export interface Fifo {
  readonly path: string;
  readonly user?: ScriptUser;
  /** Stands behind `@checkalived`: keepalived does not write to it. */
  readonly ours?: true;
  /** Started once with the path as its last argument. */
  readonly script: Script | null;
}

/** What global_defs says about checking, mail and scripts. */
export interface Globals {
  readonly routerId: string;
  readonly notificationEmail: readonly string[];
  readonly notificationEmailFrom: string;
  readonly smtpServer: { readonly host: string; readonly port: number } | null;
  readonly smtpHeloName: string;
  readonly smtpConnectTimeout: Ms;
  readonly noCheckerEmails: boolean;
  readonly rsInitNotifies: boolean;
  readonly scriptUser: ScriptUser | null;
  readonly enableScriptSecurity: boolean;
  readonly notifyFifo: Fifo | null;
  readonly lvsNotifyFifo: Fifo | null;
  readonly lvsFlush: boolean;
  readonly lvsFlushOnStop: 'off' | 'all' | 'services';
  /** Seconds, for `ipvsadm --set`. */
  readonly lvsTimeouts: { readonly tcp: number; readonly tcpfin: number; readonly udp: number } | null;
}

/** The root block `checkalived { ... }`; every value has its default filled in. Options of the command line win. */
export interface Settings {
  readonly ipvs: IpvsMode;
  readonly stateDir: string;
  /** Of the value files of mode `trackfile`; null = below the state directory. */
  readonly trackDir: string | null;
  readonly listen: { readonly address: string; readonly port: number };
  readonly logFormat: 'text' | 'json' | 'auto';
  /** `retry`: the first verdict honours `retry` too; `at_once`: one failure is enough at first, as keepalived. */
  readonly firstVerdict: 'retry' | 'at_once';
  /** Looks for changes that others made to the table, and puts them right. */
  readonly ipvsAudit: Ms;
  readonly scriptTimeout: Ms;
  /** Notify scripts at the same time, over all virtual servers. */
  readonly scriptLimit: number;
  /** More changes than this within `mailWindow` become one mail. */
  readonly mailGroupLimit: number;
  readonly mailWindow: Ms;
  /** Give up a mail after this. */
  readonly mailGiveUp: Ms;
  readonly smtpUser: string | null;
  readonly smtpPassword: Secret | null;
  readonly smtpTls: 'off' | 'starttls' | 'tls';
  /** Between two passing results of a check that are kept; 0 = keep all. */
  readonly resultsInterval: Ms;
  readonly retentionResults: Ms;
  readonly retentionTransitions: Ms;
  /** `full`: all metrics; `basic`: few for each real server; `off`: none with a real server in its labels. */
  readonly metricsDetail: MetricsDetail;
  /** Whom changes are told besides by mail. */
  readonly channels: readonly ChannelPlan[];
  /** Files with checkers of the user's own. */
  readonly plugin: readonly Plugin[];
}

/** A line `plugin PATH`. */
export interface Plugin {
  /** As it leads there from where we are: a relative one is relative to the file that names it. */
  readonly path: string;
  readonly span: Span;
}

export interface Config {
  readonly globals: Globals;
  readonly settings: Settings;
  readonly virtualServers: readonly VirtualServer[];
  readonly trackFiles: readonly TrackFile[];
  readonly bfdInstances: readonly BfdInstance[];
  readonly vrrp: Vrrp;
}
