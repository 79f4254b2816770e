import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';

let servers = 0;

/** On an address that nothing else of this process has had: by it the sessions of TLS are remembered, and the kernel gives a port twice. */
export async function listenApart(server: Server): Promise<{ readonly address: string; readonly port: number }> {
  const address = `127.77.${servers >> 8}.${servers++ & 255}`;
  server.listen(0, address);
  await once(server, 'listening');
  return { address, port: (server.address() as AddressInfo).port };
}
