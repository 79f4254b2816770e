import { createHash } from 'node:crypto';
import type { CheckContext, CheckResult } from '../src/model/check.ts';
import { closedEarly, type Dialogue, exchange, type Turn, type Verdict } from './exchange.ts';
import type { HttpSpec, UrlSpec } from './http-plan.ts';
import { createResponseReader } from './http-response.ts';

/**
 * Fetches all URLs, one after the other over a connection each; the first that fails is the result. keepalived fetches
 * one in each delay_loop, so that a fault of the last is seen only after as many of them.
 */
export async function checkUrls(spec: HttpSpec, context: CheckContext): Promise<CheckResult> {
  const start = context.clock.now();
  let detail = '';
  for (const url of spec.urls) {
    const target = { connection: spec.connection, tls: url.tls };
    const result = await exchange(target, createHttpDialogue(url), context);
    detail = spec.urls.length > 1 ? `${url.path}: ${result.detail}` : result.detail;
    if (!result.ok) return { ...result, took: context.clock.now() - start, detail };
  }
  return {
    ok: true,
    took: context.clock.now() - start,
    detail: spec.urls.length > 1 ? `${spec.urls.length} URLs` : detail,
  };
}

/** One request and its response. */
function createHttpDialogue(url: UrlSpec): Dialogue {
  const hash = url.digest === null ? null : createHash('md5');
  const reader = createResponseReader(bytes => void hash?.update(bytes));

  const judgeStatus = (): Verdict | null => {
    const status = reader.status();
    if (status === null || url.status.some(range => status >= range.from && status <= range.to)) return null;
    const expected = url.status.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(' ');
    return { ok: false, reason: 'status', detail: `status ${status}, expected ${expected}` };
  };
  const judgeBody = (): Verdict => {
    const detail = `status ${reader.status()}, ${reader.bodyLength()} bytes`;
    const digest = hash?.digest('hex');
    if (digest === undefined || digest === url.digest) return { ok: true, detail };
    return { ok: false, reason: 'digest', detail: `digest ${digest}, expected ${url.digest}` };
  };
  const judgeEnd = (): Verdict => {
    if (reader.status() === null) return closedEarly('without a complete header');
    if (reader.endsWithConnection()) return judgeBody();
    const missing = reader.announced() === null ? ', before its last chunk' : ` of ${reader.announced()}`;
    return { ok: false, reason: 'body', detail: `body cut after ${reader.bodyLength()} bytes${missing}` };
  };

  return {
    opened: () => ({ send: url.request }),
    data(bytes): Turn {
      const state = reader.push(bytes);
      switch (state.kind) {
        case 'header':
          return 'wait';
        case 'fault':
          return { ok: false, reason: 'protocol', detail: state.detail };
        // What the body says does not matter when the status is wrong.
        case 'body':
          return judgeStatus() ?? 'wait';
        case 'complete':
          return judgeStatus() ?? judgeBody();
      }
    },
    ended: judgeEnd,
    // Servers that close with unread bytes send a reset behind a complete answer (keepalived issues 180 and 765):
    // a body that the connection ends is judged by its status and digest, a shorter one than announced is cut.
    broken: () => (reader.status() === null ? null : judgeEnd()),
  };
}
