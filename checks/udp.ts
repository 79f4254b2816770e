import { Buffer } from 'node:buffer';
import type { Checker, Report } from '../src/model/check.ts';
import type { Values } from '../src/model/params.ts';
import { type ConnectionSpec, datagramParams, planConnection } from './connect-params.ts';
import { exchangeDatagrams } from './datagram-exchange.ts';
import type { Verdict } from './exchange.ts';
import { fill } from './filler.ts';
import type { HexString } from './hex-string.ts';
import { quoteBytes } from './quote.ts';
import { udpParams } from './udp-params.ts';

export interface UdpSpec {
  readonly connection: ConnectionSpec;
  readonly payload: readonly number[];
  /** Whether silence fails. */
  readonly required: boolean;
  readonly reply: HexString;
  readonly shortest: number;
  readonly longest: number;
}

const defaultPayload = [...fill(32)];
/** keepalived check_udp.c:udp_check_handler; it looks at lengths only where there are digits to compare. */
const longestWithDigits = 255;
const anyLength = 65_535;

/** Sends a datagram; what passes is a reply as required, or without such a word whatever is not refused. */
export const udp: Checker<UdpSpec> = {
  keyword: 'UDP_CHECK',
  doc: 'Sends a datagram, and looks at the reply or at what ICMP says; without require_reply silence passes.',
  params: [...datagramParams, ...udpParams],
  defaultRetry: 1,
  defaultDelayBeforeRetry: 1000,
  pace: 'end',
  mail: { up: 'UDP CHECK succeed on service', down: 'UDP CHECK failed on service' },
  plan(values, target, report) {
    const connection = planConnection(values, target, report);
    const reply = values.get<HexString>('require_reply');
    const least = values.get<number>('min_reply_length') ?? 0;
    const compares = reply !== undefined && reply.bytes.length > 0;
    const most = values.get<number>('max_reply_length') ?? (compares ? longestWithDigits : anyLength);
    const possible = reportLengths(values, report);
    if (connection === null || !possible) return [];
    return [
      {
        connection,
        payload: values.get<HexString>('payload')?.bytes ?? defaultPayload,
        required: reply !== undefined,
        reply: reply ?? { bytes: [], mask: [] },
        shortest: least,
        longest: most,
      },
    ];
  },
  check: (spec, context) =>
    exchangeDatagrams(
      { connection: spec.connection, protocol: 'udp' },
      {
        request: Buffer.from(spec.payload),
        message: bytes => judgeReply(bytes, spec),
        ...(!spec.required && { silence: () => trustSilence(spec) }),
      },
      context,
    ),
  longest: spec => spec.connection.timeout,
};

/** keepalived check_udp.c:udp_check_end_handler. */
function reportLengths(values: Values, report: Report): boolean {
  const least = values.get<number>('min_reply_length') ?? 0;
  const most = values.get<number>('max_reply_length') ?? longestWithDigits;
  if (least <= most) return true;
  const message = `no reply has at least ${least} and at most ${most} bytes`;
  report('error', 'reply-length', message, values.spanOf('min_reply_length'), 'write max_reply_length above it');
  return false;
}

/** keepalived check_udp.c:check_udp_reply, but that all of the digits must have come. */
function judgeReply(bytes: Uint8Array, { reply, shortest, longest }: UdpSpec): Verdict {
  const count = `${bytes.length} ${bytes.length === 1 ? 'byte' : 'bytes'} in reply`;
  if (bytes.length < shortest) return { ok: false, reason: 'body', detail: `${count}, expected at least ${shortest}` };
  if (bytes.length > longest) return { ok: false, reason: 'body', detail: `${count}, expected at most ${longest}` };
  if (bytes.length < reply.bytes.length) {
    return { ok: false, reason: 'body', detail: `${count}, expected ${reply.bytes.length} to compare` };
  }
  const wrong = reply.bytes.findIndex((byte, at) => (((bytes[at] ?? 0) ^ byte) & ~(reply.mask[at] ?? 0)) !== 0);
  if (wrong < 0) return { ok: true, detail: count };
  return { ok: false, reason: 'body', detail: `byte ${wrong + 1} of the reply is another: ${quoteBytes(bytes)}` };
}

function trustSilence({ connection: { timeout } }: UdpSpec): Verdict {
  const detail = `unproven: within ${timeout / 1000} s nothing answered, and nothing refused`;
  return { ok: true, detail, warning: detail };
}
