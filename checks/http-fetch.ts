import type { CheckContext, CheckResult } from '../src/model/check.ts';
import type { Connection, HttpHeaders } from '../src/model/ports.ts';
import type { ConnectionSpec } from './connect-params.ts';
import { exchange, type Verdict } from './exchange.ts';
import { exchangeThroughClient } from './http-client-exchange.ts';
import { createHttpDialogue, type HttpDialogueOptions, type HttpResponse } from './http-dialogue.ts';
import type { UrlSpec } from './http-plan.ts';

/** What is asked of an answer, whichever way it comes. */
export interface FetchOptions extends Pick<HttpDialogueOptions, 'digest' | 'keepBody' | 'judgeStatus'> {
  /** Gets the connection before the request goes out. */
  opened?(connection: Connection): void;
  /** `headers` are known where an HTTP client has read them. */
  judge(response: HttpResponse, headers: HttpHeaders | null): Verdict;
}
/** What fetching needs of a check's context. */
export type FetchContext = Pick<CheckContext, 'clock' | 'signal' | 'sockets' | 'http'>;

/** Fetches a URL of a check: with keepalived's bytes over our own sockets, or through an HTTP client where it says more. */
export function fetchUrl(
  connection: ConnectionSpec,
  { request, tls }: UrlSpec,
  options: FetchOptions,
  context: FetchContext,
): Promise<CheckResult> {
  const target = { connection, tls };
  if (typeof request !== 'string') return exchangeThroughClient(target, { ...options, request }, context);
  const dialogue = createHttpDialogue({ ...options, request, judge: response => options.judge(response, null) });
  const opened = (stream: Connection) => {
    options.opened?.(stream);
    return dialogue.opened(stream);
  };
  return exchange(target, { ...dialogue, opened }, context);
}
