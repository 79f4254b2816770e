import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { testCertificate } from './test-certificate.ts';

/** A server on loopback that does to each connection whatever a test wants. */
export interface FaultServer {
  readonly port: number;
  /** All that clients have sent, in order of arrival. */
  received(): string;
  connections(): number;
  /** Resolves when the clients have sent something that passes. */
  heard(passes: (text: string) => boolean): Promise<void>;
  /** Resolves when every connection so far is closed again. */
  released(): Promise<void>;
  /** Writes to every open connection, of which there must be one first. */
  say(text: string): Promise<void>;
  /** Resets every open connection. */
  reset(): void;
  close(): Promise<void>;
}

/** `behave` gets each new connection; for `tls` after the handshake, `true` with a certificate of its own. `host`: a loopback address. */
export async function startFaultServer(
  behave: (socket: Socket) => void,
  tls: boolean | TlsOptions = false,
  host = '127.0.0.1',
): Promise<FaultServer> {
  const sockets = new Set<Socket>();
  const talking = new Set<Socket>();
  let text = '';
  let accepted = 0;
  let waiters: (() => void)[] = [];
  const hold = (socket: Socket): void => {
    accepted++;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      wakeAll();
    });
  };
  const wakeAll = (): void => {
    for (const wake of waiters.splice(0)) wake();
  };
  const serve = (socket: Socket): void => {
    socket.on('data', bytes => {
      text += bytes.toString('latin1');
      wakeAll();
    });
    socket.on('error', () => {});
    socket.on('close', () => talking.delete(socket));
    talking.add(socket);
    wakeAll();
    behave(socket);
  };
  const server: Server = tls ? createTlsServer(tls === true ? testCertificate : tls, serve) : createServer(serve);
  server.on('connection', hold);
  server.on('tlsClientError', () => {});
  server.listen(0, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    received: () => text,
    connections: () => accepted,
    async heard(passes) {
      while (!passes(text)) await new Promise<void>(resolve => waiters.push(resolve));
    },
    async released() {
      while (sockets.size > 0) await new Promise<void>(resolve => waiters.push(resolve));
    },
    async say(words) {
      while (talking.size === 0) await new Promise<void>(resolve => waiters.push(resolve));
      for (const socket of talking) socket.write(words);
    },
    reset() {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    async close() {
      waiters = [];
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A port on which nothing listens. */
export async function findClosedPort(): Promise<number> {
  const server = await startFaultServer(() => {});
  await server.close();
  return server.port;
}

/** Answers each line (SMTP) or empty line (HTTP) with the next of `replies`; the first goes out at once if `greets`. */
export function answer(replies: readonly string[], options: { readonly greets: boolean; readonly until: string }) {
  return (socket: Socket): void => {
    const left = [...replies];
    let seen = '';
    if (options.greets) socket.write(left.shift() ?? '');
    socket.on('data', bytes => {
      seen += bytes.toString('latin1');
      while (seen.includes(options.until) && left.length > 0) {
        seen = seen.slice(seen.indexOf(options.until) + options.until.length);
        socket.write(left.shift() ?? '');
      }
    });
  };
}
