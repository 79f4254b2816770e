import { Buffer } from 'node:buffer';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** A UDP server on loopback that answers each datagram as a test wants. */
export interface DatagramServer {
  readonly port: number;
  /** All that has come, in order. */
  received(): readonly Buffer[];
  /** Resolves when this many datagrams have come. */
  heard(count?: number): Promise<void>;
  /** Sends to whoever sent last, of whom there must be one first. */
  say(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** `answer`: what goes back for a datagram, in this order; nothing = silence. */
export async function startDatagramServer(
  answer: (request: Buffer) => readonly Uint8Array[] = () => [],
  host = '127.0.0.1',
): Promise<DatagramServer> {
  const server = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  const received: Buffer[] = [];
  let client: { readonly address: string; readonly port: number } | null = null;
  let waiters: (() => void)[] = [];
  server.on('message', (bytes, from) => {
    received.push(Buffer.from(bytes));
    client = from;
    for (const reply of answer(bytes)) server.send(reply, from.port, from.address);
    for (const wake of waiters.splice(0)) wake();
  });
  server.bind(0, host);
  await once(server, 'listening');
  const heard = async (count = 1): Promise<void> => {
    while (received.length < count) await new Promise<void>(resolve => waiters.push(resolve));
  };
  return {
    port: server.address().port,
    received: () => received,
    heard,
    async say(bytes) {
      await heard();
      if (client) server.send(bytes, client.port, client.address);
    },
    async close() {
      waiters = [];
      server.close();
      await once(server, 'close');
    },
  };
}

/** A port on which no UDP server is. */
export async function findClosedDatagramPort(host = '127.0.0.1'): Promise<number> {
  const server = await startDatagramServer(undefined, host);
  await server.close();
  return server.port;
}
