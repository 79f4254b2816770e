import type { CheckContext, CheckResult } from '../src/model/check.ts';
import type { Patterns } from '../src/model/ports.ts';
import { warnOfExpiry } from './certificate-expiry.ts';
import { type Dialogue, exchange } from './exchange.ts';
import { createHttpDialogue, type HttpDialogueOptions } from './http-dialogue.ts';
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
  for (const url of spec.urls) {
    const target = { connection: spec.connection, tls: url.tls };
    const dialogue = createHttpDialogue(expectResponse(url, context.patterns));
    const opened: Dialogue['opened'] = connection => {
      if (spec.expiryWarning !== undefined) {
        warning ??= warnOfExpiry(connection.certificate(), spec.expiryWarning, context.clock.wall());
      }
      return dialogue.opened(connection);
    };
    const result = await exchange(target, { ...dialogue, opened }, context);
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
function expectResponse(url: UrlSpec, patterns: Patterns): HttpDialogueOptions {
  return {
    request: url.request,
    digest: url.digest === null ? null : 'md5',
    keepBody: url.regex !== undefined,
    judgeStatus: status => judgeStatus(url, status),
    judge: response => judgeResponse(url, response, patterns),
  };
}
