import { Buffer } from 'node:buffer';
import type { CheckContext, Checker } from '../src/model/check.ts';
import type { Params } from '../src/model/params.ts';
import { type ConnectionSpec, datagramParams, planRoute } from './connect-params.ts';
import { exchangeDatagrams } from './datagram-exchange.ts';
import { fill } from './filler.ts';

/** keepalived check_ping.c:ICMP_BUFSIZE. */
const payloadLength = 128;
const headerLength = 8;
const nonceLength = 8;
/** ICMP knows none: it only stands for "there is one". */
const anyPort = 1;
// RFC 792 and RFC 4443.
const types = {
  ipv4: { request: 8, reply: 0 },
  ipv6: { request: 128, reply: 129 },
};

/** ICMP knows no ports. */
const ownDocs: Readonly<Partial<Record<string, string>>> = {
  connect_port: 'Has no effect: ICMP has no ports.',
  bind_port: 'Identifier of the echo request, with bindto.',
};
const pingParams: Params = datagramParams
  .filter(param => param.name !== 'proxy_protocol')
  .map(param => ({ ...param, doc: ownDocs[param.name] ?? param.doc }));

/** One echo request over a datagram socket: the kernel chooses the identifier, and no process is started. */
export const ping: Checker<ConnectionSpec> = {
  keyword: 'PING_CHECK',
  doc: 'Sends an ICMP or ICMPv6 echo request, and waits for the reply to it.',
  params: pingParams,
  defaultRetry: 1,
  defaultDelayBeforeRetry: 1000,
  pace: 'end',
  mail: { up: 'ICMP CHECK succeed on service', down: 'ICMP CHECK failed on service' },
  plan(values, target, report) {
    const connection = planRoute(values, { ...target, port: anyPort }, report);
    return connection === null ? [] : [{ ...connection, port: anyPort }];
  },
  check(spec, context) {
    const { request, reply } = spec.address.includes(':') ? types.ipv6 : types.ipv4;
    const sent = makeEcho(request, context);
    return exchangeDatagrams(
      { connection: spec, protocol: 'icmp' },
      {
        request: sent,
        message: bytes => (isEcho(bytes, reply, sent) ? { ok: true, detail: 'echo reply' } : 'wait'),
      },
      context,
    );
  },
  longest: spec => spec.timeout,
};

/** With a random sequence number and, at the end of keepalived's text, random bytes; the kernel fills in the rest. */
function makeEcho(type: number, { random }: CheckContext): Buffer {
  const echo = Buffer.concat([Buffer.alloc(headerLength), fill(payloadLength)]);
  echo[0] = type;
  for (const at of [6, 7, ...Array.from({ length: nonceLength }, (_, index) => echo.length - 1 - index)]) {
    echo[at] = Math.floor(random() * 0x100);
  }
  return echo;
}

/** A reply of another type, sequence number or payload belongs to another request. */
function isEcho(bytes: Uint8Array, type: number, sent: Buffer): boolean {
  return bytes[0] === type && bytes[1] === 0 && sent.subarray(6).equals(bytes.subarray(6));
}
