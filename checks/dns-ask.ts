import { Buffer } from 'node:buffer';
import type { CheckContext, CheckResult } from '../src/model/check.ts';
import type { ConnectionSpec } from './connect-params.ts';
import { exchangeDatagrams } from './datagram-exchange.ts';
import { type Expectation, judgeMessage } from './dns-judge.ts';
import { writeQuery } from './dns-message.ts';
import { closedEarly, exchange, type Turn } from './exchange.ts';

export interface DnsSpec extends Expectation {
  readonly connection: ConnectionSpec;
  readonly transport: 'udp' | 'tcp';
}

/** `truncated`: what is to be looked at has to be asked for again over TCP. */
export async function askOverUdp(
  spec: DnsSpec,
  id: number,
  context: CheckContext,
): Promise<{ readonly result: CheckResult; readonly truncated: boolean }> {
  let truncated = false;
  const result = await exchangeDatagrams(
    { connection: spec.connection, protocol: 'udp' },
    {
      request: writeQuery(spec.question, id),
      message(bytes) {
        const turn = judgeMessage(bytes, id, spec, context.patterns);
        if (turn !== 'truncated') return turn;
        truncated = true;
        return { ok: true, detail: 'truncated' };
      },
    },
    context,
  );
  return { result, truncated };
}

/** RFC 7766: each message has its length in front. */
export function askOverTcp(spec: DnsSpec, id: number, context: CheckContext): Promise<CheckResult> {
  const query = writeQuery(spec.question, id);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(query.length);
  let held = Buffer.alloc(0);
  return exchange(
    { connection: spec.connection, tls: null },
    {
      opened: () => ({ send: Buffer.concat([length, query]) }),
      data(bytes): Turn {
        held = Buffer.concat([held, bytes]);
        while (held.length >= 2 && held.length >= 2 + held.readUInt16BE()) {
          const end = 2 + held.readUInt16BE();
          const turn = judgeMessage(held.subarray(2, end), id, spec, context.patterns);
          held = held.subarray(end);
          if (turn === 'truncated') return { ok: false, reason: 'protocol', detail: 'truncated, though over TCP' };
          if (turn !== 'wait') return turn;
        }
        return 'wait';
      },
      ended: () => closedEarly(held.length === 0 ? 'without an answer' : 'amid its answer'),
    },
    context,
  );
}
