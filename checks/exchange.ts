import type { CheckContext, CheckResult, FailureReason, WeightWish } from '../src/model/check.ts';
import type { Connection, SocketFault, TlsOptions } from '../src/model/ports.ts';
import type { Cancel, Ms } from '../src/model/time.ts';
import type { ConnectionSpec } from './connect-params.ts';
import { setDeadline } from './deadline.ts';
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
}
/** What a conversation needs of a check's context. */
export type ExchangeContext = Pick<CheckContext, 'clock' | 'signal' | 'sockets'>;
export interface ConnectionTarget {
  readonly connection: ConnectionSpec;
  readonly tls: TlsOptions | null;
}
type Phase = 'connect' | 'tls' | 'read';

/**
 * One conversation over one fresh connection. Connecting (TLS handshake included) has `timeout`, and all that follows
 * has `timeout` once more, as a whole: who drips wins no time. The descriptor is released when the promise settles.
 */
export function exchange(target: ConnectionTarget, dialogue: Dialogue, context: ExchangeContext): Promise<CheckResult> {
  const { connection: to, tls } = target;
  const { clock, signal } = context;
  const start = clock.now();
  return new Promise(resolve => {
    let phase: Phase = 'connect';
    let verdict: Verdict | null = null;
    let connection: Connection | null = null;
    let cancelDeadline: Cancel = () => {};

    // The first verdict counts; the result follows when the descriptor is released.
    const decide = (found: Verdict): void => {
      if (verdict) return;
      verdict = found;
      cancelDeadline();
      signal.removeEventListener('abort', abort);
      connection?.close(found.ok);
    };
    const abort = (): void => decide({ ok: false, reason: 'internal', detail: 'aborted' });
    const startPhase = (): void => {
      cancelDeadline();
      cancelDeadline = setDeadline(clock, to.timeout, late => decide(judgeDeadline(phase, to.timeout, late)));
    };
    const take = (turn: Turn): void => {
      if (turn === 'wait') return;
      if ('send' in turn) connection?.write(turn.send);
      else if ('startTls' in turn) connection?.startTls(turn.startTls);
      else decide(turn);
    };

    if (signal.aborted) {
      resolve({ ok: false, took: 0, reason: 'internal', detail: 'aborted' });
      return;
    }
    signal.addEventListener('abort', abort, { once: true });
    startPhase();
    const preamble = to.proxyProtocol && proxyHeader(to.proxyProtocol);
    connection = context.sockets.connect(preamble ? { ...to, preamble } : to, tls, {
      connected() {
        phase = 'tls';
      },
      opened(open) {
        if (verdict) return;
        // A change to TLS on the way is a part of the conversation.
        if (phase !== 'read') {
          phase = 'read';
          startPhase();
        }
        take(dialogue.opened(open));
      },
      data(bytes) {
        if (!verdict) take(dialogue.data?.(bytes) ?? 'wait');
      },
      ended() {
        if (verdict) return;
        // A dialogue that has not begun cannot say that all was said.
        const last = phase === 'read' ? dialogue.ended?.() : closedEarly('in the TLS handshake');
        decide(last ?? closedEarly('without an answer'));
      },
      closed(fault) {
        if (!verdict) decide(judgeFault(phase, fault, dialogue));
        if (verdict) resolve({ ...verdict, took: clock.now() - start });
      },
    });
  });
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
