import type { CheckContext, CheckResult, ResultReceiver, RunningCheck } from '../src/model/check.ts';
import type { Connection, HttpHeaders, TlsOptions } from '../src/model/ports.ts';
import { checkByBeginning } from './begin.ts';
import type { ConnectionSpec } from './connect-params.ts';
import { type BeginContext, beginExchange, type Verdict } from './exchange.ts';
import { exchangeThroughClient } from './http-client-exchange.ts';
import { createHttpDialogue, type HttpDialogueOptions, type HttpResponse } from './http-dialogue.ts';
import type { UrlSpec } from './http-plan.ts';

/** What is asked of an answer, whichever way it comes. */
export interface FetchOptions extends Pick<HttpDialogueOptions, 'digest' | 'keepBody' | 'judgeStatus' | 'opened'> {
  /** `headers` are known where an HTTP client has read them. */
  judge(response: HttpResponse, headers: HttpHeaders | null): Verdict;
}
/** What fetching needs of a check's context. */
export type FetchContext = Pick<CheckContext, 'clock' | 'signal' | 'sockets' | 'http'>;

/** Fetches a URL of a check: with keepalived's bytes over our own sockets, or through an HTTP client where it says more. */
export function fetchUrl(
  connection: ConnectionSpec,
  url: UrlSpec,
  options: FetchOptions,
  context: FetchContext,
): Promise<CheckResult> {
  const { request, tls } = url;
  if (typeof request !== 'string') return exchangeThroughClient({ connection, tls }, options, request, context);
  return checkByBeginning((_, ports: BeginContext, receiver) =>
    beginFetching(connection, { request, tls }, options, ports, receiver),
  )(null, context);
}

/** The same with keepalived's bytes. */
export function beginFetching(
  connection: ConnectionSpec,
  { request, tls }: { readonly request: string; readonly tls: TlsOptions | null },
  options: FetchOptions,
  context: BeginContext,
  receiver: ResultReceiver,
): RunningCheck {
  const dialogue = createHttpDialogue(new OwnBytes(request, options));
  return beginExchange({ connection, tls: tls ?? 'never' }, dialogue, context, receiver);
}

/** Our own bytes go out, and no HTTP client has read the headers. */
class OwnBytes implements HttpDialogueOptions {
  readonly request: string;
  readonly digest: FetchOptions['digest'];
  readonly keepBody: boolean;
  readonly #options: FetchOptions;

  constructor(request: string, options: FetchOptions) {
    this.request = request;
    this.digest = options.digest;
    this.keepBody = options.keepBody === true;
    this.#options = options;
  }

  opened(connection: Connection): void {
    this.#options.opened?.(connection);
  }

  judgeStatus(status: number): Verdict | null {
    return this.#options.judgeStatus(status);
  }

  judge(response: HttpResponse): Verdict {
    return this.#options.judge(response, null);
  }
}
