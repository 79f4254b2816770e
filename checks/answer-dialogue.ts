import type { Buffer } from 'node:buffer';
import { closedEarly, type Dialogue, type Turn, type Verdict } from './exchange.ts';
import { quoteBytes } from './quote.ts';
import { createReceived } from './received.ts';

/** A conversation in which all that came so far is looked at anew with each piece: it is short. */
export interface AnswerReader {
  /** Sent as soon as the connection is there. */
  readonly request: Uint8Array | null;
  /** Bytes; a server that says more speaks another protocol. */
  readonly limit: number;
  read(bytes: Buffer): Turn;
  /** What an answer that ends with the connection means. */
  ended?(bytes: Buffer): Verdict;
}

export function createAnswerDialogue({ request, limit, read, ended }: AnswerReader): Dialogue {
  const received = createReceived(limit);
  return {
    opened: () => (request ? { send: request } : 'wait'),
    data(bytes) {
      if (received.add(bytes)) return read(received.bytes());
      return { ok: false, reason: 'protocol', detail: `an answer of more than ${limit} bytes` };
    },
    ended() {
      const bytes = received.bytes();
      if (bytes.length === 0) return closedEarly('without an answer');
      return ended?.(bytes) ?? closedEarly(`amid its answer ${quoteBytes(bytes)}`);
    },
  };
}

/** The server said something that is none of the protocol. */
export function notUnderstood(protocol: string, bytes: Uint8Array): Verdict {
  return { ok: false, reason: 'protocol', detail: `${quoteBytes(bytes)} is not ${protocol}` };
}
