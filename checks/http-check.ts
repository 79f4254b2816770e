import type { CheckContext, CheckResult, ResultReceiver, RunningCheck } from '../src/model/check.ts';
import type { Connection, HttpHeaders, Patterns, PeerCertificate } from '../src/model/ports.ts';
import type { EpochMs } from '../src/model/time.ts';
import { firstEnd, tellEnd, warnOfExpiry } from './certificate-expiry.ts';
import type { BeginContext, Verdict } from './exchange.ts';
import type { HttpResponse } from './http-dialogue.ts';
import { beginFetching, type FetchOptions, fetchUrl } from './http-fetch.ts';
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
  let ends: EpochMs | null = null;
  for (const url of spec.urls) {
    let certificate: PeerCertificate | null = null;
    const look = (connection: Connection): void => {
      if (spec.expiryWarning !== undefined) certificate = connection.certificate();
    };
    const result = await fetchUrl(spec.connection, url, new Expectation(url, context.patterns, look), context);
    if (spec.expiryWarning !== undefined) {
      ends = firstEnd(ends, certificate);
      warning ??= warnOfExpiry(certificate, spec.expiryWarning, context.clock.wall());
    }
    detail = spec.urls.length > 1 ? `${url.path}: ${result.detail}` : result.detail;
    if (!result.ok) return { ...result, took: context.clock.now() - start, detail, ...tellEnd(ends) };
  }
  return {
    ok: true,
    took: context.clock.now() - start,
    detail: spec.urls.length > 1 ? `${spec.urls.length} URLs` : detail,
    ...(warning !== null && { warning }),
    ...tellEnd(ends),
  };
}

/** The same for one URL with keepalived's bytes and no certificate to look at, which nearly all are. */
export function beginUrl(
  spec: HttpSpec,
  context: BeginContext & PatternContext,
  receiver: ResultReceiver,
): RunningCheck | null {
  const [url] = spec.urls;
  if (url === undefined || spec.urls.length > 1 || spec.expiryWarning !== undefined) return null;
  const { request, tls } = url;
  if (typeof request !== 'string') return null;
  return beginFetching(spec.connection, { request, tls }, new Expectation(url, context.patterns), context, receiver);
}

type PatternContext = Pick<CheckContext, 'patterns'>;

/** What must come back. */
class Expectation implements FetchOptions {
  readonly digest: FetchOptions['digest'];
  readonly keepBody: boolean;
  readonly #url: UrlSpec;
  readonly #patterns: Patterns;
  readonly #look: ((connection: Connection) => void) | null;

  constructor(url: UrlSpec, patterns: Patterns, look: ((connection: Connection) => void) | null = null) {
    this.digest = url.digest === null ? null : 'md5';
    this.keepBody = url.regex !== undefined || (url.expect?.json.length ?? 0) > 0;
    this.#url = url;
    this.#patterns = patterns;
    this.#look = look;
  }

  opened(connection: Connection): void {
    this.#look?.(connection);
  }

  judgeStatus(status: number): Verdict | null {
    return judgeStatus(this.#url, status);
  }

  judge(response: HttpResponse, headers: HttpHeaders | null): Verdict {
    return judgeResponse(this.#url, response, headers, this.#patterns);
  }
}
