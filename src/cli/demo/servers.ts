import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import type { Cancel, Clock, Ms } from '../../model/time.ts';

/** The demo's real servers, all in this process on loopback. */
export interface DemoServers {
  /** Ports that answer HTTP; the second one keeps failing and coming back. */
  readonly http: readonly number[];
  /** Ports that accept TCP connections. */
  readonly tcp: readonly number[];
  readonly sorry: number;
  close(): Promise<void>;
}

/** Long enough for the change to be seen and recorded, short enough to be waited for. */
const turnEvery: Ms = 6_000;
const failing = 1;

/** Opens the servers on free ports; one turns sick and well again by the clock. */
export async function openDemoServers(clock: Clock): Promise<DemoServers> {
  let sick = false;
  const http = [0, 1, 2].map(index => openHttp(() => sick && index === failing));
  const tcp = [0, 1, 2].map(() => createTcpServer(socket => socket.on('error', () => {}).end()));
  const sorry = openHttp(() => false);
  const all: Server[] = [...http, ...tcp, sorry];
  await Promise.all(all.map(listen));
  let cancel: Cancel = () => {};
  const turn = (): void => {
    cancel = clock.at(clock.now() + turnEvery, () => {
      sick = !sick;
      turn();
    });
  };
  turn();
  return {
    http: http.map(portOf),
    tcp: tcp.map(portOf),
    sorry: portOf(sorry),
    close: async () => {
      cancel();
      for (const server of [...http, sorry]) server.closeAllConnections();
      await Promise.all(all.map(server => new Promise(resolve => server.close(resolve))));
    },
  };
}

function openHttp(isSick: () => boolean): HttpServer {
  return createHttpServer((_, response) => {
    const sick = isSick();
    response.writeHead(sick ? 503 : 200, { 'Content-Type': 'text/plain', Connection: 'close' });
    response.end(sick ? 'out of order\n' : 'here I am\n');
  });
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
