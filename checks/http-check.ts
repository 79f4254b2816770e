import type { CheckContext, CheckResult } from '../src/model/check.ts';
import { exchange } from './exchange.ts';
import { createHttpDialogue, type HttpDialogueOptions } from './http-dialogue.ts';
import type { HttpSpec, UrlSpec } from './http-plan.ts';

/**
 * Fetches all URLs, one after the other over a connection each; the first that fails is the result. keepalived fetches
 * one in each delay_loop, so that a fault of the last is seen only after as many of them.
 */
export async function checkUrls(spec: HttpSpec, context: CheckContext): Promise<CheckResult> {
  const start = context.clock.now();
  let detail = '';
  for (const url of spec.urls) {
    const target = { connection: spec.connection, tls: url.tls };
    const result = await exchange(target, createHttpDialogue(expectResponse(url)), context);
    detail = spec.urls.length > 1 ? `${url.path}: ${result.detail}` : result.detail;
    if (!result.ok) return { ...result, took: context.clock.now() - start, detail };
  }
  return {
    ok: true,
    took: context.clock.now() - start,
    detail: spec.urls.length > 1 ? `${spec.urls.length} URLs` : detail,
  };
}

/** What must come back. */
export function expectResponse(url: UrlSpec): HttpDialogueOptions {
  return {
    request: url.request,
    digest: url.digest === null ? null : 'md5',
    judgeStatus(status) {
      if (url.status.some(range => status >= range.from && status <= range.to)) return null;
      const expected = url.status.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(' ');
      return { ok: false, reason: 'status', detail: `status ${status}, expected ${expected}` };
    },
    judge({ status, bytes, digest, cut }) {
      if (cut !== null) return { ok: false, reason: 'body', detail: cut };
      if (digest === url.digest) return { ok: true, detail: `status ${status}, ${bytes} bytes` };
      return { ok: false, reason: 'digest', detail: `digest ${digest}, expected ${url.digest}` };
    },
  };
}
