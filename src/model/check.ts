import type { CheckerId } from './ids.ts';
import type { Params, Values } from './params.ts';
import type {
  CheckFiles,
  CommandStarter,
  ConnectOptions,
  Datagrams,
  HttpClient,
  Patterns,
  Random,
  Sockets,
  TlsIdentity,
} from './ports.ts';
import type { ScriptUser } from './server.ts';
import type { Span } from './span.ts';
import type { Clock, EpochMs, Ms } from './time.ts';
import type { TrackFile } from './trackers.ts';

/** Why a check did not pass. A closed set: it is a metric label and a column of the store. */
export const failureReasons = [
  'timeout_connect',
  'timeout_tls',
  'timeout_read',
  'timeout_script',
  'refused',
  'reset',
  'unreachable',
  'tls',
  'certificate',
  'status',
  'digest',
  'body',
  'protocol',
  'dns',
  'script',
  'file',
  'local',
  'internal',
] as const;
export type FailureReason = (typeof failureReasons)[number];

/** The weight that a check asks for: an absolute one, one relative to the configured weight, or a part of that. */
export type WeightWish = number | { readonly delta: number } | { readonly percent: number };

/**
 * Outcome of one check. `local` (we could not even try: no socket, cannot bind) and `internal` (our own loop was
 * late, or a bug) are not verdicts: the health core keeps what it knew. `certificateEnds`: of the certificate that the
 * server showed, for metrics; of several the first to end.
 */
export type CheckResult =
  | {
      readonly ok: true;
      readonly took: Ms;
      /** Asked for by a dynamic check; left out = no opinion. */
      readonly weight?: WeightWish;
      readonly detail: string;
      /** What an operator ought to know though the check passes, in words: logged when it changes, shown in `status`. */
      readonly warning?: string;
      readonly certificateEnds?: EpochMs;
    }
  | {
      readonly ok: false;
      readonly took: Ms;
      readonly reason: FailureReason;
      readonly detail: string;
      /** Says nothing of the server: the health core keeps what it knew, as for `local`. */
      readonly inconclusive?: true;
      readonly certificateEnds?: EpochMs;
    };

/** A calendar or an interval. */
export type Schedule =
  | { readonly kind: 'interval'; readonly every: Ms }
  /** node-cron expression, seconds field allowed. */
  | { readonly kind: 'cron'; readonly expression: string };

/** keepalived's mail bodies of this checker, without the `=> ` and ` <=` around. `{detail}` stands for the result's detail. */
interface MailTexts {
  readonly up: string;
  readonly down: string;
  /** For a result with reason `timeout_script`, where it differs from `down`. */
  readonly timedOut?: string;
}

/** One check of one real server, everything inherited and resolved. */
export interface CheckPlan {
  readonly id: CheckerId;
  /** Keyword of the checker: `TCP_CHECK`. */
  readonly type: string;
  readonly schedule: Schedule;
  /** The first run comes at random within this span. */
  readonly warmup: Ms;
  /** Failures in a row that are forgiven: down comes with number retry + 1. */
  readonly retry: number;
  readonly delayBeforeRetry: Ms;
  /** Successes in a row that a server that is down needs (ours; keepalived: 1). */
  readonly rise: number;
  readonly alpha: boolean;
  readonly logAllFailures: boolean;
  readonly mail: MailTexts;
  readonly pace: 'end' | 'start';
  /** A connection is kept open to the peer in between; when it breaks the check runs at once (ours). */
  readonly watch: boolean;
  /** Plain data made by the checker's `plan`; only that checker looks inside. Equal text = the same check. */
  readonly spec: unknown;
  readonly span: Span;
}

/** The root block SSL: what is shown of us, and whom `verify` trusts. */
export interface SslSettings {
  readonly identity: TlsIdentity | null;
  readonly ca: string | null;
}

/** What a checker learns of the server that it is to check. */
export interface CheckTarget {
  readonly address: string;
  readonly port: number;
  /** `virtualhost` of the real server, else of the virtual server. */
  readonly virtualhost: string | null;
  /** Resolved `connect_timeout`. */
  readonly connectTimeout: Ms;
  /** Resolved `delay_loop`. */
  readonly delayLoop: Ms;
  /** `smtp_helo_name`, else the host's name. */
  readonly heloName: string;
  /** `script_user`. */
  readonly scriptUser: ScriptUser | null;
  readonly ssl: SslSettings;
  /** To try whether a pattern of the block can be compiled. */
  readonly patterns: Patterns;
  /** The `track_file` block of that name which stands before the virtual server. */
  trackFile(name: string): TrackFile | undefined;
}

/** Reports a fault in a checker's block; `error` = the check would not be what was written. */
export type Report = (severity: 'error' | 'warning', code: string, message: string, span: Span, hint?: string) => void;

export interface CheckContext {
  /** Aborts the check: the agent stops, or the server was removed. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly sockets: Sockets;
  readonly http: HttpClient;
  readonly datagrams: Datagrams;
  readonly commands: CommandStarter;
  readonly patterns: Patterns;
  readonly files: CheckFiles;
  /** For what no two packets may share. */
  readonly random: Random;
}

/** Who waits for the result of one check. */
export interface ResultReceiver {
  /** Once, and not before whoever began the check is told so. `now`: from whom has just read the clock. */
  finished(result: CheckResult, now?: Ms): void;
}
/** One check under way. */
export interface RunningCheck {
  /** Ends it; its result still comes, and is no verdict. */
  abort(): void;
}

/**
 * The contract of a checker plug-in; one file in `checks/` exports one object of it. It holds no timers of its own
 * between checks, does no retries and no logging, uses one fresh connection per check, never throws for a sick
 * target, and has released every descriptor when its promise settles.
 */
export interface Checker<Spec = unknown> {
  /** Block keyword: `TCP_CHECK`. */
  readonly keyword: string;
  /** keepalived has no such checker. */
  readonly ours?: true;
  /** One sentence for the reference. */
  readonly doc: string;
  /** The block's keywords besides the common ones (delay_loop, warmup, retry, delay_before_retry, alpha ...). */
  readonly params: Params;
  readonly defaultRetry: number;
  /** `delay_loop`: the check's own. */
  readonly defaultDelayBeforeRetry: Ms | 'delay_loop';
  /** Every result counts at once: no `retry`, no `rise`, no `alpha`, nor any other of the common keywords in its block. */
  readonly immediate?: true;
  /** `end`: the next run is delay_loop after the end of this one; `start`: after its start (MISC_CHECK). */
  readonly pace: 'end' | 'start';
  readonly mail: MailTexts;
  /** Turns the block's values into specs: none = the block is unusable (reported), several = several checks. */
  plan(values: Values, target: CheckTarget, report: Report): readonly Spec[];
  check(spec: Spec, context: CheckContext): Promise<CheckResult>;
  /**
   * The same without a promise and a signal for each run, for what runs ten thousand times a second. null: this spec is not
   * for it, `check` is asked. For our own checkers only.
   */
  begin?(spec: Spec, context: Omit<CheckContext, 'signal'>, receiver: ResultReceiver): RunningCheck | null;
  /**
   * Push: calls `wake` whenever the check ought to run at once, until `context.signal` aborts; it must not throw. The
   * check runs on its schedule besides.
   */
  watch?(spec: Spec, context: CheckContext, wake: () => void): void;
  /** The service that the check connects to over TCP; null: this check connects to none. */
  peer?(spec: Spec): ConnectOptions | null;
  /**
   * Why checks that ask the same of the same are not run as one, in words that complete "not shared: ". Left out = they are:
   * one probe, whose result goes to every real server that asked for it.
   */
  readonly solitary?: string;
  /** The longest that one check can take: the sum of the deadlines that it can run into, but for those of a connection that comes in a shortened one's place. */
  longest(spec: Spec): Ms;
}
