import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { formatEndpoint } from '../model/endpoint.ts';
import type { Ms } from '../model/time.ts';

export interface ListenAddress {
  readonly address: string;
  /** 0 takes any that is free. */
  readonly port: number;
}

export interface WebServer extends ListenAddress {
  /** Stops listening and ends every connection. */
  close(): Promise<void>;
}

export type Listening =
  | { readonly ok: true; readonly server: WebServer }
  /** `detail` is a sentence for the operator that says what to do. */
  | { readonly ok: false; readonly inUse: boolean; readonly detail: string };

/** Serves the app on a socket. A connection on which nothing moves for `patience` is ended, with what it asked for. */
export function listen(app: Hono, at: ListenAddress, patience: Ms = 30_000): Promise<Listening> {
  const server = createAdaptorServer({ fetch: app.fetch, hostname: at.address });
  if ('setTimeout' in server) server.setTimeout(patience);
  return new Promise(resolve => {
    server.once('error', (fault: NodeJS.ErrnoException) =>
      resolve({ ok: false, inUse: fault.code === 'EADDRINUSE', detail: describeFault(at, fault) }),
    );
    server.listen(at.port, at.address, () => {
      // A broken client must not end the agent.
      server.on('error', () => {});
      const { address, port } = server.address() as AddressInfo;
      resolve({ ok: true, server: { address, port, close: () => close(server) } });
    });
  });
}

/** `127.0.0.1:9650`, `[::1]:9650`. */
export function formatAddress({ address, port }: ListenAddress): string {
  return formatEndpoint(address, port);
}

function close(server: ReturnType<typeof createAdaptorServer>): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve());
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
}

function describeFault(at: ListenAddress, fault: NodeJS.ErrnoException): string {
  const where = formatAddress(at);
  switch (fault.code) {
    case 'EADDRINUSE':
      return `cannot listen on ${where}: another program has this port, maybe another checkalived; stop it, or take another with --listen ADDR:PORT (port 0 takes a free one)`;
    case 'EADDRNOTAVAIL':
      return `cannot listen on ${where}: this host has no address ${at.address}; give one of its own with --listen ADDR:PORT, such as 127.0.0.1:9650`;
    case 'EACCES':
      return `cannot listen on ${where}: no permission for port ${at.port}; take one above 1023 with --listen ADDR:PORT`;
    default:
      return `cannot listen on ${where}: ${fault.message}; give another address with --listen ADDR:PORT`;
  }
}
