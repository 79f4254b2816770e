import type { Span } from './span.ts';

/** A word of a line, without its quotation marks. */
export interface Word {
  readonly text: string;
  readonly span: Span;
}

/**
 * Tells what is wrong with words; `word` left out = with the keyword. Gives undefined, to be returned at once.
 * `ignored-value` is for what keepalived passes over without a complaint.
 */
export type TellFault = (
  code:
    | 'bad-value'
    | 'out-of-range'
    | 'bad-address'
    | 'missing-argument'
    | 'surplus-words'
    | 'ignored-value'
    | 'newer-value',
  word: Word | undefined,
  message: string,
  hint: string,
) => undefined;

/** What words mean; undefined = nothing, and that was told. */
export type ReadWords = (words: readonly Word[], tell: TellFault) => unknown;

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
  /**
   * Seconds (or, with `unit`, milliseconds) with up to 6 decimals (or `decimals`); the value is in milliseconds, the
   * range in the unit that is written.
   */
  | {
      readonly kind: 'timer';
      readonly min: number;
      readonly max: number;
      readonly decimals?: number;
      readonly unit?: 'ms';
    }
  | {
      readonly kind: 'word';
      /** value when the argument is left out */
      readonly bare?: string;
    }
  /** Name of a network interface. */
  | { readonly kind: 'interface' }
  /** INT [reverse|noreverse]; the value is { weight, reverse }. */
  | { readonly kind: 'weight'; readonly min: number; readonly max: number }
  /** One or more words, joined as a list. */
  | { readonly kind: 'words' }
  /** `ours`: those of them that keepalived does not know. */
  | {
      readonly kind: 'choice';
      readonly of: readonly string[];
      readonly anyCase?: true;
      readonly ours?: readonly string[];
    }
  /** Numeric address. */
  | { readonly kind: 'address' }
  | { readonly kind: 'port' }
  /** IP [PORT]. */
  | { readonly kind: 'endpoint' }
  /** HOST_OR_IP [PORT]. */
  | { readonly kind: 'host-port' }
  /** Shell-like command line cut with cutter B; `user`: may be followed by USER [[:]GROUP]; `optional`: null without one. */
  | { readonly kind: 'script'; readonly user: boolean; readonly optional?: true }
  /** One word that is cut like a shell does it; keepalived ignores the line, and does not say so, when it is not one. */
  | { readonly kind: 'pattern' }
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
  /** A syntax of its own. */
  | { readonly kind: 'custom'; readonly syntax: string; readonly read: ReadWords }
  /**
   * Block whose lines are lists of words, or, with `entry`, are each read by it: the value is what they mean. `head`: a
   * name before the brace.
   */
  | {
      readonly kind: 'list';
      readonly head?: ParamType;
      readonly entry?: { readonly syntax: string; readonly read: ReadWords };
    }
  /** Block with keywords of its own; `head`: words before the brace. */
  | { readonly kind: 'block'; readonly params: Params; readonly head?: ParamType }
  /** Has no meaning any more: read over. */
  | { readonly kind: 'ignored' };

/** One keyword of one block: parsing, messages and the reference come from this row. */
export interface Param {
  readonly name: string;
  readonly type: ParamType;
  /** One sentence. */
  readonly doc: string;
  /** As shown in the reference. */
  readonly default?: string;
  /** `last` wins silently (the default of keepalived's keywords), `replace`: it wins and is reported (the default of ours), `first` wins and the second is reported, `all` are kept. */
  readonly repeat?: 'last' | 'replace' | 'first' | 'all';
  readonly required?: boolean;
  /** What to write instead. */
  readonly deprecated?: string;
  /** keepalived 2.2.7 takes the old spelling without a complaint. */
  readonly tolerated?: true;
  /** keepalived version that brought it. */
  readonly since?: string;
  /** Ours alone: keepalived does not know it. */
  readonly ours?: true;
  /** keepalived's business: read, typed and judged, but checkalived does not act on it. */
  readonly keepalivedOnly?: true;
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
  readonly node: { readonly keyword: Word };
}

/** One of several keywords whose order counts. */
export interface NamedValue {
  readonly name: string;
  readonly value: unknown;
  /** Of the keyword. */
  readonly span: Span;
}

/** The typed values of a block. `get` throws on a name that is no row of its table: that is a bug of ours. */
export interface Values {
  /** Of the block's own keyword. */
  readonly span: Span;
  get<T>(name: string): T | undefined;
  all<T>(name: string): readonly T[];
  /** Every value of these keywords, in the order in which they are written. */
  inOrder(names: readonly string[]): readonly NamedValue[];
  spanOf(name: string): Span;
  has(name: string): boolean;
}
