import type { DeliveryResult } from './delivery.ts';
import type { Params, Values } from './params.ts';
import type { Post } from './ports.ts';
import type { Span } from './span.ts';
import type { EpochMs, Ms } from './time.ts';

/** `REMOVED`: the configuration does not have it any more, so that its outage is over too. */
export type AlertState = 'UP' | 'DOWN' | 'REMOVED';

/** A committed change of state, or with a repetition a state, as channels tell it. */
export interface Alert {
  /** Unique for ever; of a repetition empty. */
  readonly id: string;
  readonly time: EpochMs;
  readonly kind: 'real_server' | 'virtual_server';
  readonly virtualServer: string;
  /** null: it is the virtual server that is told of. */
  readonly realServer: string | null;
  readonly state: AlertState;
  /** When the outage began that begins or ends here; null: there was none, or nobody knows. */
  readonly since: EpochMs | null;
  /** `ok`, a reason of a failed check, `quorum`, `start`, `config`, `stop`; empty: not known any more. */
  readonly reason: string;
  readonly detail: string;
  /** Effective; of a virtual server the sum of those in service. */
  readonly weight: number;
  readonly routerId: string;
}

/** What is sent in one go. */
export interface AlertMessage {
  /** The same at every attempt. */
  readonly id: string;
  /** In the order of the changes; never empty. */
  readonly alerts: readonly Alert[];
}

/** What a channel is told of: everything, or virtual servers only. */
export const alertAbout = ['all', 'virtual_server'] as const;
export type AlertAbout = (typeof alertAbout)[number];

/** A channel as the configuration has it. */
export interface ChannelPlan {
  /** `webhook:ops`: its name in the outbox. */
  readonly id: string;
  readonly keyword: string;
  readonly about: AlertAbout;
  /** For the connection and the whole answer. */
  readonly timeout: Ms;
  /** File of the authorities that a server's certificate is checked with; null = those of the system. */
  readonly ca: string | null;
  /** Made by the channel's `plan`; only that channel looks inside. */
  readonly spec: unknown;
}

/** Reports a fault in a channel's block, which is left out then. */
export type ReportChannelFault = (
  code: 'bad-value' | 'missing-keyword' | 'conflicting-keywords',
  span: Span,
  message: string,
  hint: string,
) => void;

export interface SendContext {
  readonly post: Post;
  /** Wall clock. */
  readonly now: EpochMs;
  readonly signal: AbortSignal;
}

/**
 * The contract of an alert channel; one file in `alerts/` exports one object of it. It makes a request and judges the
 * answer: grouping, retries, order and the outbox are `src/delivery`'s. No secret is in any `detail`.
 */
export interface AlertChannel<Spec = unknown> {
  /** Keyword of its block in `checkalived { ... }`. */
  readonly keyword: string;
  /** One sentence for the reference. */
  readonly doc: string;
  /** The block's keywords besides the common ones (about, timeout, ca). */
  readonly params: Params;
  readonly about: AlertAbout;
  /** `all`: the changes of one window are one message; `object`: those of one real or virtual server are. */
  readonly groups: 'all' | 'object';
  /** Changes of one message, at the most. */
  readonly largest: number;
  /** It forgets: while something is down it is told so again and again. */
  readonly repeats?: true;
  /** Turns the block's values into what `send` needs; null = it cannot be used (reported). */
  plan(values: Values, report: ReportChannelFault): Spec | null;
  /** Never rejects. */
  send(message: AlertMessage, spec: Spec, context: SendContext): Promise<DeliveryResult>;
}

/** `Realserver 10.0.0.2:80 of virtual server tcp/192.0.2.10:80 - DOWN`. */
export function describeAlert({ virtualServer, realServer, state }: Alert): string {
  const what = realServer === null ? 'Virtualserver' : `Realserver ${realServer} of virtual server`;
  return `${what} ${virtualServer} - ${state}`;
}
