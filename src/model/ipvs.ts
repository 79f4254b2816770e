import type { RsId, VsId } from './ids.ts';
import type { LbKind, Persistence, ServiceKey } from './server.ts';

/** A service as configured or as read from the kernel. */
export interface IpvsService {
  readonly key: ServiceKey;
  readonly scheduler: string;
  readonly schedulerFlags: readonly string[];
  readonly onePacket: boolean;
  readonly persistence: Persistence | null;
}

export interface IpvsDestination {
  readonly address: string;
  readonly port: number;
  readonly forwarding: LbKind;
  readonly weight: number;
  readonly upperThreshold: number;
  readonly lowerThreshold: number;
}

/** The kernel's table, or a part of it. */
export interface IpvsTable {
  readonly services: readonly { readonly service: IpvsService; readonly destinations: readonly IpvsDestination[] }[];
}

/**
 * What one service should look like.
 * `weights` policy: only the weights of destinations named here that exist already, nothing else.
 * `manage` policy: exactly this service with exactly these destinations; `absent` = the service must not be there.
 * `verdicts` policy: the service only stands for its virtual server, and the verdicts are all that is wanted.
 */
export interface DesiredService {
  readonly service: IpvsService;
  readonly absent: boolean;
  readonly destinations: readonly IpvsDestination[];
  /**
   * `weights` policy: what counts instead as long as the sorry server `missing` is not in the table. Real servers that
   * work are not withheld for a sorry server that nobody put there.
   */
  readonly otherwise?: {
    readonly missing: Pick<IpvsDestination, 'address' | 'port'>;
    readonly destinations: readonly IpvsDestination[];
  };
  readonly verdicts?: readonly DesiredVerdict[];
}

/** What the owner of the table is to make of a real server. */
export interface DesiredVerdict {
  readonly virtualServer: VsId;
  readonly realServer: RsId;
  readonly up: boolean;
  /** To be added to its configured weight. */
  readonly weightChange: number;
}

export type IpvsCommand =
  | { readonly type: 'add-service' | 'edit-service' | 'delete-service'; readonly service: IpvsService }
  | {
      readonly type: 'add-destination' | 'edit-destination' | 'delete-destination';
      readonly service: ServiceKey;
      readonly destination: IpvsDestination;
    };

export type IpvsOutcome = { readonly ok: true } | { readonly ok: false; readonly detail: string };

/** One virtual server's part of a batch. */
export interface IpvsChange {
  readonly desired: readonly DesiredService[];
}

/** What was written, for the log and the metrics. */
export interface IpvsWritten {
  readonly service: ServiceKey;
  readonly text: string;
  /** `set-value`: of a value file, in the mode `trackfile`. */
  readonly operation: IpvsCommand['type'] | 'set-value';
  /** Whether it has had its effect. */
  readonly ok: boolean;
}

/** Entries (services and destinations) that are not as they should be. */
export interface IpvsDrift {
  readonly missing: number;
  readonly extra: number;
  /** Another weight. */
  readonly weight: number;
  /** Another scheduler, persistence, forwarding or threshold. */
  readonly other: number;
}

export interface IpvsApplied {
  /** Same order as the changes. */
  readonly outcomes: readonly IpvsOutcome[];
  readonly written: readonly IpvsWritten[];
  /** Before anything was written. Left out: the whole table was not read, or it is not ours to look at. */
  readonly drift?: IpvsDrift;
  /** As read back afterwards. */
  readonly table: IpvsTable;
}

/**
 * Steers a table. Calls do not overlap: the agent waits for one before the next. A fault of one change is its
 * outcome; a fault of the whole (no ipvsadm, no permission) rejects with a sentence for the operator.
 */
export interface IpvsDriver {
  /** Checks that the table can be read; rejects with one sentence that says what is missing. */
  open(): Promise<void>;
  read(): Promise<IpvsTable>;
  /**
   * Writes what differs in one batch, additions first, reads back and compares. `weights`: destinations and weights are
   * read, in a quicker way if there is one, and the rest is taken for what it was when all was read last.
   */
  apply(changes: readonly IpvsChange[], reading?: 'weights' | 'whole'): Promise<IpvsApplied>;
  /** lvs_flush: every service of the host. */
  flush(): Promise<void>;
  /** lvs_timeouts, seconds. */
  setTimeouts(timeouts: { readonly tcp: number; readonly tcpfin: number; readonly udp: number }): Promise<void>;
}
