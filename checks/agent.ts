import { Buffer } from 'node:buffer';
import type { Checker, CheckResult } from '../src/model/check.ts';
import { readAgentLine } from './agent-words.ts';
import { createAnswerDialogue, notUnderstood } from './answer-dialogue.ts';
import { type ConnectionSpec, connectParams, planConnection } from './connect-params.ts';
import { type Dialogue, exchange, type Verdict } from './exchange.ts';
import { readText } from './tcp-params.ts';

/** Bytes; HAProxy reads a line of one buffer. */
const longestLine = 4096;

export interface AgentSpec {
  readonly connection: ConnectionSpec;
  /** One character each byte. */
  readonly send: string | null;
}

/** Asks an agent on the real server how much it wants to carry; HAProxy calls this agent-check. */
export const agent: Checker<AgentSpec> = {
  keyword: 'AGENT_CHECK',
  ours: true,
  doc: "Asks an agent for weight and state, in the words of HAProxy's agent-check; an agent that gives no answer changes nothing.",
  params: [
    ...connectParams,
    {
      name: 'send',
      type: { kind: 'custom', syntax: 'TEXT', read: readText },
      doc: "Text to send first, HAProxy's agent-send; escapes as in TCP_CHECK.",
      ours: true,
    },
  ],
  defaultRetry: 0,
  defaultDelayBeforeRetry: 1000,
  pace: 'end',
  mail: { up: 'AGENT CHECK succeed on service', down: 'AGENT CHECK failed on service : {detail}' },
  plan(values, target, report) {
    const connection = planConnection(values, target, report);
    const parts = values.get<readonly (string | number)[]>('send');
    const isPlain = parts?.every(part => typeof part === 'string') ?? true;
    if (!isPlain) {
      const message = 'there is no expect whose group could be sent';
      report('error', 'group-without-expect', message, values.spanOf('send'), 'write \\\\ for a backslash');
    }
    return connection && isPlain ? [{ connection, send: parts?.join('') ?? null }] : [];
  },
  async check({ connection, send }, context) {
    return judge(await exchange({ connection, tls: null }, createAgentDialogue(send), context));
  },
  peer: spec => spec.connection,
  longest: spec => 2 * spec.connection.timeout,
};

/** One line, which the end of the connection ends as well. */
function createAgentDialogue(send: string | null): Dialogue {
  const readLine = (bytes: Buffer): Verdict =>
    readAgentLine(bytes.toString('latin1')) ?? notUnderstood('a word of an agent', bytes);
  return createAnswerDialogue({
    request: send === null ? null : Buffer.from(send, 'latin1'),
    limit: longestLine,
    read(bytes) {
      const end = bytes.findIndex(byte => byte === 0x0a || byte === 0x0d);
      return end < 0 ? 'wait' : readLine(bytes.subarray(0, end));
    },
    ended: readLine,
  });
}

/** That the agent cannot be asked says nothing of the server: what is known of it stays. */
function judge(result: CheckResult): CheckResult {
  if (result.ok || result.reason === 'status' || result.reason === 'internal') return result;
  return { ...result, inconclusive: true };
}
