import { Buffer } from 'node:buffer';
import { connect, isIP, type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net';
import {
  type ConnectionOptions,
  checkServerIdentity,
  connect as connectTls,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import type {
  Connection,
  ConnectionHandler,
  ConnectOptions,
  PeerCertificate,
  SocketFault,
  Sockets,
  TlsOptions,
} from '../model/ports.ts';
import { openNativeSocket } from './native.ts';
import { hostOf, nativeRouteOf } from './native-route.ts';
import { findSecureContext } from './secure-contexts.ts';
import { describeSystemError } from './system-error.ts';
import { type ConnectPlain, findTcpHandles } from './tcp-handles.ts';
import { worksAs } from './tcp-trial.ts';

/** TCP and TLS sockets of the kernel. Certificates are not verified unless that is asked for: keepalived never does. */
export const sockets: Sockets = socketsWith(openTcp);

/**
 * The same sockets. Once `prepare` has seen that Node's TCP handles work as we know them, connections that are never to
 * speak TLS are made with those.
 */
export function createFastSockets(): Sockets & { prepare(): Promise<void> } {
  let current = sockets;
  return {
    async prepare() {
      const connectPlain = findTcpHandles(readBuffer);
      if (connectPlain !== null && (await worksAs(openTcp, connectPlain))) current = socketsWith(connectPlain);
    },
    connect: (to, tls, handler) => current.connect(to, tls, handler),
  };
}

function socketsWith(connectPlain: ConnectPlain): Sockets {
  return {
    connect(to, tls, handler) {
      if (tls === null) return openTcp(to, handler);
      if (tls !== 'never') return openTls(to, tls, handler);
      const isPlain = to.interface === undefined && to.mark === undefined && to.localPort === undefined;
      return isPlain ? connectPlain(to, handler) : openTcp(to, handler);
    },
  };
}

/** Every plain connection reads into this; a handler is done with the bytes before the next read. */
const readBuffer = Buffer.allocUnsafeSlow(65_536);

interface Watched extends Connection {
  /** Reads and reports what comes on this layer: the plain socket, or TLS over it. */
  watch(layer: Socket): void;
  isOpen(): boolean;
}

function openTcp(to: ConnectOptions, handler: ConnectionHandler): Connection {
  const opened = startSocket(to, {
    buffer: readBuffer,
    callback: (length, bytes) => {
      if (connection?.isOpen()) handler.data(bytes.subarray(0, length));
      return true;
    },
  });
  if (!opened.ok) return refuse(opened.fault, handler);
  const { socket } = opened;
  const connection: Watched = watchSocket(socket, handler);
  socket.once('connect', () => {
    if (to.preamble) socket.write(to.preamble);
    handler.opened(connection);
  });
  return connection;
}

function openTls(to: ConnectOptions, tls: TlsOptions, handler: ConnectionHandler): Connection {
  // The server is not bothered when we have nothing to show.
  const secure = findSecureContext(tls);
  if (!secure.ok) return refuse(secure.fault, handler);
  const opened = startSocket(to);
  if (!opened.ok) return refuse(opened.fault, handler);
  const { socket } = opened;
  const connection = watchSocket(socket, handler);
  socket.once('connect', () => {
    if (to.preamble) socket.write(to.preamble);
    handler.connected?.();
    connection.startTls(tls);
  });
  return connection;
}

/** A socket of Node that connects, over one of our own where Node's cannot do what is asked for. */
function startSocket(
  to: ConnectOptions,
  onread?: OnReadOpts,
): { readonly ok: true; readonly socket: Socket } | { readonly ok: false; readonly fault: SocketFault } {
  // Node knows it, its types do not.
  const reading: SocketConstructorOpts & { readonly onread?: OnReadOpts } = onread ? { onread } : {};
  // A socket made first and connected then costs a sixth more of the whole check.
  if (to.interface === undefined && to.mark === undefined)
    return { ok: true, socket: connect({ ...optionsOf(to), ...reading }) };
  const native = openNativeSocket({ ...nativeRouteOf(to), kind: 'stream', receiveErrors: false });
  if (!native.ok) return native;
  const socket = new Socket({ fd: native.descriptor, readable: true, writable: true, ...reading });
  return { ok: true, socket: socket.connect(optionsOf(to)) };
}

/** A connection that could not even be tried. */
function refuse(fault: SocketFault, handler: ConnectionHandler): Connection {
  queueMicrotask(() => handler.closed(fault));
  return { write: () => {}, startTls: () => {}, certificate: () => null, close: () => {} };
}

function optionsOf(to: ConnectOptions) {
  const { port, localAddress, localPort } = to;
  return {
    host: hostOf(to),
    port,
    ...(localAddress !== undefined && { localAddress }),
    ...(localPort !== undefined && { localPort }),
  };
}

/** Tells the handler how the socket ends; what happens after `close()` is no fault. */
function watchSocket(socket: Socket, handler: ConnectionHandler): Watched {
  let open = true;
  let remote = false;
  let fault: SocketFault | null = null;
  let current = socket;
  let secure: TLSSocket | null = null;
  let verifies = false;
  // Not told when connect() itself fails. Some codes (EACCES) come both from this host and by ICMP.
  socket.once('connectionAttemptFailed', () => {
    remote = true;
  });
  const fail = (found: SocketFault): void => {
    if (open) fault ??= found;
  };
  const watch = (layer: Socket): void => {
    current = layer;
    layer.on('error', (error: NodeJS.ErrnoException) => {
      const code = error.code ?? 'UNKNOWN';
      const certificate = verifies && secure !== null && isDistrust(secure);
      fail({
        code,
        message: describeSystemError(error),
        ...(remote && { remote }),
        ...(certificate && { certificate }),
      });
    });
    layer.once('end', () => {
      if (open && layer === current) handler.ended();
    });
    layer.once('close', () => {
      if (layer !== current) return;
      open = false;
      handler.closed(fault);
    });
  };
  const connection: Watched = {
    watch,
    write: bytes => void current.write(bytes),
    startTls(tls) {
      const found = findSecureContext(tls);
      if (!found.ok) {
        fail(found.fault);
        socket.destroy();
        return;
      }
      const layer = connectTls(tlsOptionsOf(tls, found.context, socket));
      secure = layer;
      verifies = tls.verify !== undefined;
      watch(layer);
      layer.once('secureConnect', () => {
        if (open) handler.opened(connection);
      });
      layer.on('data', bytes => {
        if (open) handler.data(bytes);
      });
    },
    certificate: () => secure && readCertificate(secure),
    close() {
      open = false;
      current.destroy();
    },
    isOpen: () => open && secure === null,
  };
  watch(socket);
  return connection;
}

function tlsOptionsOf({ serverName, protocols, verify }: TlsOptions, context: SecureContext, socket: Socket) {
  const options: ConnectionOptions = {
    socket,
    secureContext: context,
    rejectUnauthorized: verify !== undefined,
    // An address is no server name (RFC 6066 section 3), and Node refuses it.
    ...(serverName !== null && isIP(serverName) === 0 && { servername: serverName }),
    ...(protocols !== undefined && { ALPNProtocols: [...protocols] }),
    ...(verify !== undefined && { checkServerIdentity: (_, shown) => checkServerIdentity(verify.name, shown) }),
  };
  return options;
}

/** Node sets this before it breaks off a handshake because of the certificate. */
function isDistrust({ authorizationError }: TLSSocket): boolean {
  return authorizationError !== null && authorizationError !== undefined;
}

/** null before the handshake is done. */
function readCertificate(socket: TLSSocket): PeerCertificate | null {
  const { subject, valid_to: validTo } = socket.getPeerCertificate();
  const time = validTo === undefined ? Number.NaN : Date.parse(validTo);
  if (Number.isNaN(time)) return null;
  return { subject: [subject?.CN].flat().join(', '), validTo: time };
}
