import type { Checker } from '../src/model/check.ts';
import { type ConnectionSpec, connectParams, planConnection } from './connect-params.ts';
import { exchange } from './exchange.ts';

/** Passes when the connection is made; sends nothing and closes at once. */
export const tcp: Checker<ConnectionSpec> = {
  keyword: 'TCP_CHECK',
  doc: 'Connects to the real server; a connection made is a check passed.',
  params: connectParams,
  defaultRetry: 1,
  defaultDelayBeforeRetry: 1000,
  pace: 'end',
  mail: { up: 'TCP CHECK succeed on service', down: 'TCP CHECK failed on service' },
  plan(values, target, report) {
    const connection = planConnection(values, target, report);
    return connection ? [connection] : [];
  },
  check: (spec, context) =>
    exchange({ connection: spec, tls: null }, { opened: () => ({ ok: true, detail: 'connected' }) }, context),
  longest: spec => spec.timeout,
};
