import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type Answer, type DecodedPacket, decode, encode } from 'dns-packet';
import { startDatagramServer } from '../../testing/datagram-server.ts';

/** What a name server says to a query; `flags` besides those of an answer, `rcode` by number. */
export interface DnsReply {
  readonly rcode?: number;
  readonly flags?: number;
  readonly answers?: readonly Answer[];
  readonly authorities?: readonly Answer[];
  readonly additionals?: readonly Answer[];
}
export interface DnsServer {
  readonly port: number;
  /** Queries so far, each with how it came. */
  queries(): readonly { readonly over: 'udp' | 'tcp'; readonly query: DecodedPacket; readonly bytes: Buffer }[];
  close(): Promise<void>;
}

/** A name server on one port of loopback for UDP and TCP. */
export async function startDnsServer(
  reply: (query: DecodedPacket, over: 'udp' | 'tcp') => DnsReply,
): Promise<DnsServer> {
  const queries: { over: 'udp' | 'tcp'; query: DecodedPacket; bytes: Buffer }[] = [];
  const respond = (bytes: Buffer, over: 'udp' | 'tcp'): Buffer => {
    const query = decode(bytes);
    queries.push({ over, query, bytes: Buffer.from(bytes) });
    return writeReply(query, reply(query, over));
  };
  const udp = await startDatagramServer(bytes => [respond(bytes, 'udp')]);
  const tcp = createServer(socket => {
    socket.on('error', () => {});
    socket.once('data', bytes => {
      const message = respond(bytes.subarray(2), 'tcp');
      const length = Buffer.alloc(2);
      length.writeUInt16BE(message.length);
      socket.write(Buffer.concat([length, message]));
    });
  });
  tcp.listen(udp.port, '127.0.0.1');
  try {
    await once(tcp, 'listening');
  } catch {
    // Somebody else has this port for TCP.
    await udp.close();
    return startDnsServer(reply);
  }
  return {
    port: (tcp.address() as AddressInfo).port,
    queries: () => queries,
    async close() {
      await udp.close();
      tcp.close();
      await once(tcp, 'close');
    },
  };
}

function writeReply(query: DecodedPacket, { rcode = 0, flags = 0, ...records }: DnsReply): Buffer {
  return encode({
    type: 'response',
    id: query.id ?? 0,
    flags: flags | rcode,
    questions: query.questions ?? [],
    answers: [...(records.answers ?? [])],
    authorities: [...(records.authorities ?? [])],
    additionals: [...(records.additionals ?? [])],
  });
}
