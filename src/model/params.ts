import type { Span } from './span.ts';

/** What the words after a keyword mean. Numbers carry their range, timers in seconds. */
export type ParamType =
  /** No argument. */
  | { readonly kind: 'flag' }
  /** `[true|on|yes|false|off|no]`; nothing = true. */
  | { readonly kind: 'bool' }
  | {
      readonly kind: 'int';
      readonly min: number;
      readonly max: number /** value when the argument is left out */;
      readonly bare?: number;
    }
  /** Seconds with up to 6 decimals; the value is in milliseconds. */
  | { readonly kind: 'timer'; readonly min: number; readonly max: number }
  | { readonly kind: 'word' }
  /** One or more words, joined as a list. */
  | { readonly kind: 'words' }
  | { readonly kind: 'choice'; readonly of: readonly string[]; readonly anyCase?: true }
  /** Numeric address. */
  | { readonly kind: 'address' }
  | { readonly kind: 'port' }
  /** IP [PORT]. */
  | { readonly kind: 'endpoint' }
  /** HOST_OR_IP [PORT]. */
  | { readonly kind: 'host-port' }
  /** Shell-like command line cut with cutter B; `user`: may be followed by USER [[:]GROUP]. */
  | { readonly kind: 'script'; readonly user: boolean }
  /** USER [[:]GROUP]. */
  | { readonly kind: 'user' }
  /** PATH [USER [GROUP]]. */
  | { readonly kind: 'fifo' }
  /** lb_kind / lvs_method. */
  | { readonly kind: 'lb-kind' }
  /** Netmask or prefix length. */
  | { readonly kind: 'granularity' }
  /** List of N or N-M, 100..599. */
  | { readonly kind: 'status-codes' }
  /** 32 hexadecimal digits. */
  | { readonly kind: 'md5' }
  /** A value that must never be printed. */
  | { readonly kind: 'secret' }
  /** A node-cron expression. */
  | { readonly kind: 'cron' }
  /** Block whose lines are lists of words. */
  | { readonly kind: 'list' }
  /** Block with keywords of its own; `head`: words before the brace. */
  | { readonly kind: 'block'; readonly params: Params; readonly head?: ParamType }
  /** Accepted, and of no concern to checking: parsed over without a complaint. */
  | { readonly kind: 'ignored' };

/** One keyword of one block: parsing, messages and the reference come from this row. */
export interface Param {
  readonly name: string;
  readonly type: ParamType;
  /** One sentence. */
  readonly doc: string;
  /** As shown in the reference. */
  readonly default?: string;
  /** `last` wins silently (the default), `first` wins and the second is reported, `all` are kept. */
  readonly repeat?: 'last' | 'first' | 'all';
  readonly required?: boolean;
  /** What to write instead. */
  readonly deprecated?: string;
  /** keepalived version that brought it. */
  readonly since?: string;
  /** Ours alone: keepalived does not know it. */
  readonly ours?: true;
}
export type Params = readonly Param[];

export interface StatusRange {
  readonly from: number;
  readonly to: number;
}

/** A keyword's value as read, with where it stands. The type of `value` follows from the row's kind. */
export interface Value {
  readonly param: Param;
  readonly value: unknown;
  /** Of the keyword. */
  readonly span: Span;
  /** Of the first argument, if there is one. */
  readonly valueSpan: Span;
}

/** The typed values of a block. `get` throws on a name that is no row of its table: that is a bug of ours. */
export interface Values {
  /** Of the block's own keyword. */
  readonly span: Span;
  get<T>(name: string): T | undefined;
  all<T>(name: string): readonly T[];
  spanOf(name: string): Span;
  has(name: string): boolean;
}
