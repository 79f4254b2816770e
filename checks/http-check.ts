import type { CheckContext, CheckResult } from '../src/model/check.ts';
import type { Connection, Patterns } from '../src/model/ports.ts';
import { warnOfExpiry } from './certificate-expiry.ts';
import { type FetchOptions, fetchUrl } from './http-fetch.ts';
import { judgeResponse, judgeStatus } from './http-judge.ts';
import type { HttpSpec, UrlSpec } from './http-plan.ts';

/**
 * Fetches all URLs, one after the other over a connection each; the first that fails is the result. keepalived fetches
 * one in each delay_loop, so that a fault of the last is seen only after as many of them.
 */
export async function checkUrls(spec: HttpSpec, context: CheckContext): Promise<CheckResult> {
  const start = context.clock.now();
  let detail = '';
  let warning: string | null = null;
  const look = (connection: Connection): void => {
    if (spec.expiryWarning === undefined) return;
    warning ??= warnOfExpiry(connection.certificate(), spec.expiryWarning, context.clock.wall());
  };
  for (const url of spec.urls) {
    const options = { ...expectResponse(url, context.patterns), opened: look };
    const result = await fetchUrl(spec.connection, url, options, context);
    detail = spec.urls.length > 1 ? `${url.path}: ${result.detail}` : result.detail;
    if (!result.ok) return { ...result, took: context.clock.now() - start, detail };
  }
  return {
    ok: true,
    took: context.clock.now() - start,
    detail: spec.urls.length > 1 ? `${spec.urls.length} URLs` : detail,
    ...(warning !== null && { warning }),
  };
}

/** What must come back. */
function expectResponse(url: UrlSpec, patterns: Patterns): FetchOptions {
  return {
    digest: url.digest === null ? null : 'md5',
    keepBody: url.regex !== undefined || (url.expect?.json.length ?? 0) > 0,
    judgeStatus: status => judgeStatus(url, status),
    judge: (response, headers) => judgeResponse(url, response, headers, patterns),
  };
}
