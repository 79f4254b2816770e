import type { CheckContext, CheckResult, ResultReceiver, RunningCheck } from '../src/model/check.ts';
import type { TlsOptions } from '../src/model/ports.ts';
import { checkByBeginning } from './begin.ts';
import type { ConnectionSpec } from './connect-params.ts';
import { type BeginContext, beginExchange } from './exchange.ts';
import { exchangeThroughClient } from './http-client-exchange.ts';
import { createHttpDialogue, type HttpDialogueOptions } from './http-dialogue.ts';
import type { UrlSpec } from './http-plan.ts';

/** What is asked of an answer, whichever way it comes. */
export type FetchOptions = HttpDialogueOptions;
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
  const dialogue = createHttpDialogue(request, options);
  return beginExchange({ connection, tls: tls ?? 'never' }, dialogue, context, receiver);
}
