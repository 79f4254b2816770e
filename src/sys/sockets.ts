import { Buffer } from 'node:buffer';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, type SecureContext } from 'node:tls';
import { getSystemErrorMap } from 'node:util';
import type {
  Connection,
  ConnectionHandler,
  ConnectOptions,
  SocketFault,
  Sockets,
  TlsOptions,
} from '../model/ports.ts';

/** TCP and TLS sockets of the kernel. Certificates are not verified, as keepalived does not verify them. */
export const sockets: Sockets = {
  connect: (to, tls, handler) => (tls ? openTls(to, tls, handler) : openTcp(to, handler)),
};

/** Every plain connection reads into this; a handler is done with the bytes before the next read. */
const readBuffer = Buffer.allocUnsafeSlow(65_536);
let sharedContext: SecureContext | null = null;

function openTcp(to: ConnectOptions, handler: ConnectionHandler): Connection {
  const socket = connect({
    ...optionsOf(to),
    onread: {
      buffer: readBuffer,
      callback: (length, bytes) => {
        if (connection.isOpen()) handler.data(bytes.subarray(0, length));
        return true;
      },
    },
  });
  const connection = watchSocket(socket, handler);
  socket.once('connect', () => handler.opened(connection));
  return connection;
}

function openTls(to: ConnectOptions, tls: TlsOptions, handler: ConnectionHandler): Connection {
  const name = tls.serverName;
  const socket = connectTls({
    ...optionsOf(to),
    secureContext: getContext(),
    rejectUnauthorized: false,
    // An address is no server name (RFC 6066 section 3), and Node refuses it.
    ...(name !== null && isIP(name) === 0 && { servername: name }),
  });
  const connection = watchSocket(socket, handler);
  socket.once('connect', () => handler.connected?.());
  socket.once('secureConnect', () => handler.opened(connection));
  socket.on('data', bytes => {
    if (connection.isOpen()) handler.data(bytes);
  });
  return connection;
}

function optionsOf(to: ConnectOptions) {
  const { address, ...rest } = to;
  return { host: address, ...rest };
}

/** Old servers must pass, as they do with keepalived: it asks for no more than the linked OpenSSL allows. */
function getContext(): SecureContext {
  sharedContext ??= createSecureContext({ minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' });
  return sharedContext;
}

/** Tells the handler how the socket ends; what happens after `close()` is no fault. */
function watchSocket(socket: Socket, handler: ConnectionHandler): Connection & { isOpen(): boolean } {
  let open = true;
  let remote = false;
  let fault: SocketFault | null = null;
  // Not told when connect() itself fails. Some codes (EACCES) come both from this host and by ICMP.
  socket.once('connectionAttemptFailed', () => {
    remote = true;
  });
  socket.once('error', (error: NodeJS.ErrnoException) => {
    if (open) fault = { code: error.code ?? 'UNKNOWN', message: describe(error), ...(remote && { remote }) };
  });
  socket.once('end', () => {
    if (open) handler.ended();
  });
  socket.once('close', () => {
    open = false;
    handler.closed(fault);
  });
  return {
    write: text => void socket.write(text),
    close() {
      open = false;
      socket.destroy();
    },
    isOpen: () => open,
  };
}

/** In the system's words, without the address that Node puts behind them. */
function describe(error: NodeJS.ErrnoException & { readonly reason?: string }): string {
  const system = error.errno === undefined ? undefined : getSystemErrorMap().get(error.errno);
  return system?.[1] ?? error.reason ?? error.message;
}
