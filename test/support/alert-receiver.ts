import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { testAuthority } from './test-authority.ts';

/** A request that a receiver has read to its end. */
interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A server on a free port of loopback that alerts are sent to. */
export interface Receiver {
  readonly port: number;
  readonly received: readonly Received[];
  /** Connections so far. */
  connections(): number;
  /** Resolves when that many requests were read. */
  heard(count: number): Promise<void>;
  close(): Promise<void>;
}

type Answer = (request: Received, response: ServerResponse, index: number) => void;

/** `answer` is asked when a request was read; it may leave it without an answer. */
export async function startReceiver(
  answer: Answer = (_, response) => void response.end('ok'),
  { secure = false, port = 0 }: { readonly secure?: boolean; readonly port?: number } = {},
): Promise<Receiver> {
  const received: Received[] = [];
  let connections = 0;
  let wake = (): void => {};
  const listener: RequestListener = (request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const seen = { method, url, headers, body: Buffer.concat(pieces).toString() };
      received.push(seen);
      answer(seen, response, received.length - 1);
      wake();
    });
  };
  const server = secure
    ? createSecureServer({ key: testAuthority.serverKey, cert: testAuthority.server }, listener)
    : createServer(listener);
  server.on('connection', () => {
    connections++;
  });
  // A client that does not trust us breaks off.
  server.on('tlsClientError', () => {});
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    received,
    connections: () => connections,
    async heard(count) {
      while (received.length < count) {
        await new Promise<void>(resolve => {
          wake = resolve;
        });
      }
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
