import type { Checker } from '../src/model/check.ts';
import type { Params, Values } from '../src/model/params.ts';
import { type ConnectionSpec, connectParams, planConnection } from './connect-params.ts';
import { type Dialogue, exchange } from './exchange.ts';

interface Hello {
  readonly keyword: string;
  readonly doc: string;
  /** Besides those of the connection. */
  readonly params: Params;
  /** What of these the conversation needs: a part of the check's identity. */
  settings?(values: Values): HelloSettings;
  converse(settings: HelloSettings): Dialogue;
}
type HelloSettings = Readonly<Record<string, string>>;
export interface HelloSpec {
  readonly connection: ConnectionSpec;
  readonly settings: HelloSettings;
}

/** A checker that exchanges a few words of one protocol with the real server. */
export function createHelloChecker({
  keyword,
  doc,
  params,
  settings = () => ({}),
  converse,
}: Hello): Checker<HelloSpec> {
  const name = keyword.replace('_', ' ');
  return {
    keyword,
    ours: true,
    doc,
    params: [...connectParams, ...params],
    defaultRetry: 1,
    defaultDelayBeforeRetry: 1000,
    pace: 'end',
    mail: { up: `${name} succeed on service`, down: `${name} failed on service : {detail}` },
    plan(values, target, report) {
      const connection = planConnection(values, target, report);
      return connection ? [{ connection, settings: settings(values) }] : [];
    },
    check: ({ connection, settings: own }, context) => exchange({ connection, tls: null }, converse(own), context),
    peer: spec => spec.connection,
    // The connection, and as long again the whole conversation.
    longest: ({ connection }) => 2 * connection.timeout,
  };
}
