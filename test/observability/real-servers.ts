import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { testAuthority } from '../support/test-authority.ts';

const certificate = { cert: testAuthority.server, key: testAuthority.serverKey };

/** A web server, with TLS, that can be taken away and brought back. */
export interface RealServer {
  /** `127.0.0.21:40000`, as we name it. */
  readonly id: string;
  readonly address: string;
  readonly port: number;
  /** Whoever connects is refused, and those who are connected are cut off. */
  goDown(): Promise<void>;
  comeBack(): Promise<void>;
}

/** `address`: of its own, so that nobody takes its port while it is away. */
export async function startRealServer(address: string): Promise<RealServer> {
  const server: Server = createServer(certificate, (_, response) => response.end('well'));
  const listen = async (port: number): Promise<void> => {
    server.listen(port, address);
    await once(server, 'listening');
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    id: `${address}:${port}`,
    address,
    port,
    async goDown() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
    async comeBack() {
      if (!server.listening) await listen(port);
    },
  };
}
