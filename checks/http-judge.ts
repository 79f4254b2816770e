import type { HttpHeaders, Patterns } from '../src/model/ports.ts';
import type { Verdict } from './exchange.ts';
import type { HttpResponse } from './http-dialogue.ts';
import { judgeExpectations } from './http-expectations.ts';
import type { UrlSpec } from './http-plan.ts';
import { judgeRegex } from './http-regex.ts';

/** null = a status that passes. */
export function judgeStatus({ status }: UrlSpec, found: number): Verdict | null {
  if (status.some(range => found >= range.from && found <= range.to)) return null;
  const expected = status.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(' ');
  return { ok: false, reason: 'status', detail: `status ${found}, expected ${expected}` };
}

/**
 * Of an answer whose status passes: keepalived check_http.c:http_handle_response has the same order. `headers` are known
 * where an HTTP client has read them.
 */
export function judgeResponse(
  url: UrlSpec,
  response: HttpResponse,
  headers: HttpHeaders | null,
  patterns: Patterns,
): Verdict {
  const { status, bytes, digest, body, cut } = response;
  if (cut !== null) return { ok: false, reason: 'body', detail: cut };
  if (digest !== url.digest) {
    return { ok: false, reason: 'digest', detail: `digest ${digest}, expected ${url.digest}` };
  }
  const mismatch = url.regex !== undefined && body !== null ? judgeRegex(url.regex, body, patterns) : null;
  const fault = mismatch ?? (url.expect && headers ? judgeExpectations(url.expect, { headers, body }, patterns) : null);
  return fault ?? { ok: true, detail: `status ${status}, ${bytes} bytes` };
}
