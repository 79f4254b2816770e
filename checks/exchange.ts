import type {
  CheckContext,
  CheckResult,
  FailureReason,
  ResultReceiver,
  RunningCheck,
  WeightWish,
} from '../src/model/check.ts';
import type {
  Connection,
  ConnectionHandler,
  ConnectionOutcome,
  ConnectOptions,
  SocketFault,
  Sockets,
  TlsOptions,
} from '../src/model/ports.ts';
import type { Clock, Ms } from '../src/model/time.ts';
import { checkByBeginning } from './begin.ts';
import type { ConnectionSpec } from './connect-params.ts';
import { type Deadline, startDeadline, type Waiting } from './deadline.ts';
import { proxyHeader } from './proxy-protocol.ts';

/** What became of one conversation. */
export type Verdict =
  | { readonly ok: true; readonly detail: string; readonly warning?: string; readonly weight?: WeightWish }
  | { readonly ok: false; readonly reason: FailureReason; readonly detail: string };
/** What the checker wants next: more from the peer, to say something, to go over to TLS (`opened` follows), or no more. */
export type Turn = 'wait' | { readonly send: string | Uint8Array } | { readonly startTls: TlsOptions } | Verdict;

/** A checker's part of one conversation with a server. Once it gave a verdict it is not asked again. */
export interface Dialogue {
  /** Once more after a change to TLS. */
  opened(connection: Connection): Turn;
  /** The bytes may be overwritten afterwards. */
  data?(bytes: Uint8Array): Turn;
  /** The server has closed its side, in order. Without a verdict it closed too early. */
  ended?(): Verdict;
  /** The connection broke after it was opened; null leaves it at that fault. */
  broken?(): Verdict | null;
  /** The same from its start, for another connection. Without it each TLS handshake is a full one. */
  again?(): Dialogue;
}
/** What a conversation needs of a check's context. */
export type ExchangeContext = Pick<CheckContext, 'clock' | 'signal' | 'sockets'>;
export type BeginContext = Omit<ExchangeContext, 'signal'>;
export interface ConnectionTarget {
  readonly connection: ConnectionSpec;
  /** `never`: not on the way either, which allows for a shorter way to the kernel. */
  readonly tls: TlsOptions | 'never' | null;
}
type Phase = 'connect' | 'tls' | 'read';

/**
 * One conversation over one fresh connection. Connecting (TLS handshake included) has `timeout`, and all that follows
 * has `timeout` once more, as a whole: who drips wins no time. The descriptor is released when the result comes.
 * What a server did not pass over a shortened TLS handshake is asked once more over a full one, and only that counts.
 */
export function beginExchange(
  target: ConnectionTarget,
  dialogue: Dialogue,
  context: BeginContext,
  receiver: ResultReceiver,
): RunningCheck {
  return new Exchange(target, dialogue, context, receiver);
}

/** The promise of the same. */
export function exchange(target: ConnectionTarget, dialogue: Dialogue, context: ExchangeContext): Promise<CheckResult> {
  return checkByBeginning((_, ports: BeginContext, receiver) => beginExchange(target, dialogue, ports, receiver))(
    null,
    context,
  );
}

/** An object with methods, not closures: there are ten thousand a second of them. */
class Exchange implements ConnectionHandler, RunningCheck, Waiting {
  readonly #timeout: Ms;
  readonly #to: ConnectOptions;
  readonly #tls: ConnectionTarget['tls'];
  readonly #sockets: Sockets;
  readonly #clock: Clock;
  readonly #receiver: ResultReceiver;
  readonly #start: Ms;
  #dialogue: Dialogue;
  #connection: Connection;
  #repeated = false;
  #phase: Phase = 'connect';
  #deadline: Deadline;
  /** The first verdict counts; the result follows when the descriptor is released. */
  #verdict: Verdict | null = null;

  constructor(
    { connection: to, tls }: ConnectionTarget,
    dialogue: Dialogue,
    { clock, sockets }: BeginContext,
    receiver: ResultReceiver,
  ) {
    const preamble = to.proxyProtocol && proxyHeader(to.proxyProtocol);
    this.#timeout = to.timeout;
    this.#to = preamble ? { ...to, preamble } : to;
    this.#tls = allowShort(tls, dialogue, to);
    this.#sockets = sockets;
    this.#dialogue = dialogue;
    this.#clock = clock;
    this.#receiver = receiver;
    this.#start = clock.now();
    this.#deadline = startDeadline(clock, to.timeout, this, this.#start);
    this.#connection = sockets.connect(this.#to, this.#tls, this);
  }

  connected(): void {
    this.#phase = 'tls';
  }

  opened(open: Connection): void {
    if (this.#verdict) return;
    const isFirst = this.#phase !== 'read';
    this.#phase = 'read';
    this.#take(this.#dialogue.opened(open));
    // A change to TLS on the way is a part of the conversation. By now it may be another one.
    if (isFirst && !this.#verdict && this.#phase === 'read') this.#restartDeadline();
  }

  data(bytes: Uint8Array): void {
    if (!this.#verdict) this.#take(this.#dialogue.data?.(bytes) ?? 'wait');
  }

  ended(): void {
    if (this.#verdict) return;
    // A dialogue that has not begun cannot say that all was said.
    const last = this.#phase === 'read' ? this.#dialogue.ended?.() : closedEarly('in the TLS handshake');
    this.#decide(last ?? closedEarly('without an answer'));
  }

  closed(fault: SocketFault | null): void {
    if (!this.#verdict) this.#decide(judgeFault(this.#phase, fault, this.#dialogue));
    const verdict = this.#verdict;
    if (!verdict) return;
    if (this.#isDoubtful(verdict)) {
      this.#repeat();
      return;
    }
    const now = this.#clock.now();
    this.#receiver.finished(withTime(verdict, now - this.#start), now);
  }

  expired(late: string | null): void {
    this.#decide(judgeDeadline(this.#phase, this.#timeout, late));
  }

  abort(): void {
    // What waits for its descriptor to be released is not repeated any more.
    if (this.#verdict && this.#isDoubtful(this.#verdict)) this.#verdict = aborted;
    else this.#decide(aborted);
  }

  #take(turn: Turn): void {
    if (turn === 'wait') return;
    if ('send' in turn) this.#connection.write(turn.send);
    else if ('startTls' in turn) this.#connection.startTls(turn.startTls);
    else this.#decide(turn);
  }

  #decide(found: Verdict): void {
    if (this.#verdict) return;
    this.#verdict = found;
    this.#deadline.cancel();
    this.#connection.close(outcomeOf(found));
  }

  /** Of a server that is known to do with such handshakes a time-out is not waited for twice. */
  #isDoubtful(verdict: Verdict): boolean {
    const { shortened } = this.#connection;
    if (verdict.ok || !shortened || this.#repeated || this.#phase === 'connect') return false;
    if (verdict.reason.startsWith('timeout')) return shortened === 'untried';
    return verdict.reason !== 'internal';
  }

  /** Over a full handshake: the connection after one that failed is never shortened. */
  #repeat(): void {
    this.#repeated = true;
    this.#verdict = null;
    this.#phase = 'connect';
    this.#dialogue = this.#dialogue.again?.() ?? this.#dialogue;
    this.#deadline = startDeadline(this.#clock, this.#timeout, this);
    this.#connection = this.#sockets.connect(this.#to, this.#tls, this);
  }

  #restartDeadline(): void {
    this.#deadline.cancel();
    this.#deadline = startDeadline(this.#clock, this.#timeout, this);
  }
}

const aborted: Verdict = { ok: false, reason: 'internal', detail: 'aborted' };

function allowShort(
  tls: ConnectionTarget['tls'],
  { again }: Dialogue,
  { localPort }: ConnectionSpec,
): ConnectionTarget['tls'] {
  if (tls === null || tls === 'never') return tls;
  // From the same port the kernel makes no second connection for a while.
  const reuseSession = tls.reuseSession !== false && again !== undefined && localPort === undefined;
  // A spread to which something is added has a class of its own in Node.js 20, each time.
  return reuseSession === (tls.reuseSession ?? false) ? tls : Object.assign({}, tls, { reuseSession });
}

/** What we broke off ourselves is nobody's fault. */
function outcomeOf(verdict: Verdict): ConnectionOutcome {
  if (verdict.ok) return 'passed';
  return verdict.reason === 'internal' ? 'aborted' : 'failed';
}

/** Written out for what passes: a spread costs more than the rest of the check. */
function withTime(verdict: Verdict, took: Ms): CheckResult {
  if (!verdict.ok || verdict.weight !== undefined || verdict.warning !== undefined) return { ...verdict, took };
  return { ok: true, took, detail: verdict.detail };
}

/** The server has closed before it said what it should: `where` completes "closed ...". */
export function closedEarly(where: string): Verdict {
  return { ok: false, reason: 'protocol', detail: `closed ${where}` };
}

function judgeDeadline(phase: Phase, timeout: Ms, late: string | null): Verdict {
  if (late !== null) return { ok: false, reason: 'internal', detail: late };
  const limit = `within ${timeout / 1000} s`;
  switch (phase) {
    case 'connect':
      return { ok: false, reason: 'timeout_connect', detail: `no connection ${limit}` };
    case 'tls':
      return { ok: false, reason: 'timeout_tls', detail: `no TLS handshake ${limit}` };
    case 'read':
      return { ok: false, reason: 'timeout_read', detail: `no complete answer ${limit}` };
  }
}

function judgeFault(phase: Phase, fault: SocketFault | null, dialogue: Dialogue): Verdict {
  if (phase === 'read') {
    const verdict = dialogue.broken?.() ?? null;
    if (verdict) return verdict;
  }
  if (!fault) return closedEarly('without an answer');
  const reason = reasonOf(phase, fault);
  const when = reason === 'certificate' || reason === 'local' ? '' : during(phase);
  return { ok: false, reason, detail: `${fault.message}${when}` };
}

/**
 * Before anything went out, faults other than keepalived's list (core/layer4.c:socket_bind_connect) are ours: no
 * descriptor left, an address that is not on this host, a firewall of our own. What ICMP says is the server's.
 */
function reasonOf(phase: Phase, { code, remote, certificate }: SocketFault): FailureReason {
  if (certificate) return 'certificate';
  switch (code) {
    // A certificate, key or list of authorities of ours.
    case 'EFILE':
      return 'local';
    case 'ECONNREFUSED':
      return 'refused';
    case 'ECONNRESET':
    case 'ECONNABORTED':
    case 'EPIPE':
      return 'reset';
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
    case 'EHOSTDOWN':
    case 'ENETDOWN':
      return 'unreachable';
    case 'ETIMEDOUT':
      return phase === 'read' ? 'timeout_read' : 'timeout_connect';
    default:
      if (code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') || code === 'EPROTO') return 'tls';
      switch (phase) {
        case 'connect':
          return remote ? 'unreachable' : 'local';
        case 'tls':
          return 'tls';
        case 'read':
          return 'reset';
      }
  }
}

function during(phase: Phase): string {
  switch (phase) {
    case 'connect':
      return '';
    case 'tls':
      return ' in the TLS handshake';
    case 'read':
      return ' while waiting for the answer';
  }
}
