import { Buffer } from 'node:buffer';
import type { CheckContext, CheckResult, FailureReason } from '../src/model/check.ts';
import type { DatagramOptions, DatagramSocket, SocketFault } from '../src/model/ports.ts';
import type { ConnectionSpec } from './connect-params.ts';
import { type Deadline, startDeadline } from './deadline.ts';
import type { Verdict } from './exchange.ts';
import { proxyHeader } from './proxy-protocol.ts';

/** A checker's part of one conversation over datagrams. Once it gave a verdict it is not asked again. */
export interface DatagramDialogue {
  readonly request: Uint8Array;
  /** `wait`: it is no answer to the request. The bytes may be overwritten afterwards. */
  message(bytes: Uint8Array): 'wait' | Verdict;
  /** Nothing came in time that was an answer; without it that is a failure. */
  silence?(): Verdict;
}
export interface DatagramTarget {
  readonly connection: ConnectionSpec;
  readonly protocol: DatagramOptions['protocol'];
}

/**
 * Sends one request over one fresh socket and waits for what answers it, `timeout` in all. Whatever ICMP has to say ends
 * it at once. The descriptor is released when the promise settles.
 */
export function exchangeDatagrams(
  { connection: to, protocol }: DatagramTarget,
  dialogue: DatagramDialogue,
  { clock, signal, datagrams }: Pick<CheckContext, 'clock' | 'signal' | 'datagrams'>,
): Promise<CheckResult> {
  const start = clock.now();
  return new Promise(resolve => {
    let verdict: Verdict | null = null;
    let socket: DatagramSocket | null = null;
    let deadline: Deadline | null = null;

    // The first verdict counts; the result follows when the descriptor is released.
    const decide = (found: Verdict): void => {
      if (verdict) return;
      verdict = found;
      deadline?.cancel();
      signal.removeEventListener('abort', abort);
      socket?.close();
    };
    const abort = (): void => decide({ ok: false, reason: 'internal', detail: 'aborted' });

    if (signal.aborted) {
      resolve({ ok: false, took: 0, reason: 'internal', detail: 'aborted' });
      return;
    }
    signal.addEventListener('abort', abort, { once: true });
    deadline = startDeadline(clock, to.timeout, {
      expired(late) {
        if (late !== null) decide({ ok: false, reason: 'internal', detail: late });
        else decide(dialogue.silence?.() ?? unanswered(to));
      },
    });
    socket = datagrams.open(
      { ...to, protocol },
      {
        opened(open) {
          if (!verdict) open.send(withHeader(dialogue.request, to));
        },
        message(bytes) {
          if (verdict) return;
          const turn = dialogue.message(bytes);
          if (turn !== 'wait') decide(turn);
        },
        closed(fault) {
          if (!verdict) decide(judgeFault(fault));
          if (verdict) resolve({ ...verdict, took: clock.now() - start });
        },
      },
    );
  });
}

function withHeader(request: Uint8Array, { proxyProtocol }: ConnectionSpec): Uint8Array {
  return proxyProtocol === undefined ? request : Buffer.concat([proxyHeader(proxyProtocol), request]);
}

function unanswered({ timeout }: ConnectionSpec): Verdict {
  return { ok: false, reason: 'timeout_read', detail: `no answer within ${timeout / 1000} s` };
}

function judgeFault(fault: SocketFault | null): Verdict {
  if (fault === null) return { ok: false, reason: 'internal', detail: 'the socket was closed without a reason' };
  return { ok: false, reason: reasonOf(fault), detail: fault.message };
}

/**
 * As for connections, what a route or ICMP says is the server's, and the rest is ours: an address that is not on this
 * host, no descriptor left, a firewall of our own.
 */
function reasonOf({ code, remote }: SocketFault): FailureReason {
  switch (code) {
    case 'ECONNREFUSED':
      return 'refused';
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
    case 'EHOSTDOWN':
    case 'ENETDOWN':
      return 'unreachable';
    // Linux net/ipv4/icmp.c:icmp_err_convert and net/ipv6/icmp.c:icmpv6_err_convert.
    case 'ENOPROTOOPT':
    case 'EOPNOTSUPP':
    case 'ENONET':
    case 'EACCES':
    case 'EPROTO':
      return remote ? 'unreachable' : 'local';
    default:
      return 'local';
  }
}
