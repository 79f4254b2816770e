import { Buffer } from 'node:buffer';
import type { Connection, Patterns, TlsOptions } from '../src/model/ports.ts';
import type { Dialogue, Turn, Verdict } from './exchange.ts';
import { quoteBytes } from './quote.ts';
import { createReceived } from './received.ts';
import { patternOf, type TalkStep } from './tcp-steps.ts';

/** Of one connection; a server that says more has not understood. */
const answerLimit = 65_536;

/** What the connections of one check know of each other. */
export interface TcpMemory {
  /** Groups of the last match, from the first on. */
  groups: readonly (string | null)[];
}
export interface TcpDialogue extends Dialogue {
  /** Index of the step that is not done yet. */
  at(): number;
  /** What came since the last match, quoted; empty when nothing did. */
  heard(): string;
}
/** `stuck`: more must come first. */
type Outcome = 'done' | 'stuck' | 'starttls' | { readonly failed: string };

/** Goes through the steps of one connection, each as soon as it can be judged. */
export function createTcpDialogue(
  steps: readonly TalkStep[],
  tls: TlsOptions,
  patterns: Patterns,
  memory: TcpMemory,
): TcpDialogue {
  const received = createReceived(answerLimit);
  let connection: Connection | null = null;
  let next = 0;
  /** What the steps until now have matched ends here. */
  let from = 0;

  const goOn = (end: 'open' | 'closed'): Turn => {
    for (let step = steps[next]; step !== undefined; step = steps[next]) {
      const outcome = carryOut(step, end);
      if (outcome === 'stuck') return 'wait';
      if (typeof outcome === 'object') return { ok: false, reason: 'protocol', detail: outcome.failed };
      if (outcome === 'starttls') return { startTls: tls };
      next++;
    }
    return { ok: true, detail: '' };
  };
  const carryOut = (step: TalkStep, end: 'open' | 'closed'): Outcome => {
    switch (step.kind) {
      case 'send':
        connection?.write(fillIn(step.parts, memory.groups));
        return 'done';
      case 'starttls':
        return end === 'open' ? 'starttls' : 'stuck';
      case 'expect': {
        // A pattern that matches nothing at all would be content before the server has said anything.
        if (received.bytes().length === from) return 'stuck';
        const found = search(step.pattern, end);
        if (found.kind === 'failed') return { failed: `${found.detail}; write a simpler pattern` };
        if (found.kind === 'none') return 'stuck';
        memory.groups = found.groups;
        from = found.end;
        return 'done';
      }
      case 'expect_hex':
        return compareBytes(Buffer.from(step.bytes, 'latin1'));
      case 'refuse': {
        const found = search(step.pattern, end);
        if (found.kind === 'failed') return { failed: `${found.detail}; write a simpler pattern` };
        if (found.kind === 'match') return { failed: 'it matches' };
        return received.bytes().length - from >= step.min ? 'done' : 'stuck';
      }
    }
  };
  const search = (pattern: string, end: 'open' | 'closed') => {
    const compiled = patterns.compile(patternOf(pattern));
    if (!compiled.ok) throw new Error(`it could be compiled before: ${compiled.detail}`);
    return compiled.pattern.search(received.bytes(), from, end);
  };
  const compareBytes = (wanted: Buffer): Outcome => {
    const came = received.bytes().subarray(from, from + wanted.length);
    if (!came.equals(wanted.subarray(0, came.length))) return { failed: 'other bytes came' };
    if (came.length < wanted.length) return 'stuck';
    from += wanted.length;
    return 'done';
  };

  return {
    at: () => next,
    heard: () => (received.bytes().length > from ? quoteBytes(received.bytes().subarray(from)) : ''),
    opened(open) {
      if (connection !== null) {
        // The handshake is done. What was said in the clear before it could be anybody's.
        next++;
        received.clear();
        from = 0;
      }
      connection = open;
      return goOn('open');
    },
    data(bytes) {
      if (received.add(bytes)) return goOn('open');
      return { ok: false, reason: 'protocol', detail: `more than ${answerLimit} bytes came` };
    },
    ended() {
      const turn = goOn('closed');
      return isVerdict(turn) ? turn : { ok: false, reason: 'protocol', detail: 'the server closed the connection' };
    },
  };
}

function fillIn(parts: readonly (string | number)[], groups: readonly (string | null)[]): Buffer {
  const bytes = parts.map(part => (typeof part === 'string' ? part : (groups[part - 1] ?? '')));
  return Buffer.from(bytes.join(''), 'latin1');
}

function isVerdict(turn: Turn): turn is Verdict {
  return typeof turn === 'object' && 'ok' in turn;
}
