import { Buffer } from 'node:buffer';
import { connect, isIP, type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net';
import type { ConnectionOptions, SecureContext, TLSSocket } from 'node:tls';
import type {
  Connection,
  ConnectionHandler,
  ConnectionOutcome,
  ConnectOptions,
  PeerCertificate,
  SocketFault,
  Sockets,
  TlsOptions,
} from '../model/ports.ts';
import { openNativeSocket } from './native.ts';
import { hostOf, nativeRouteOf } from './native-route.ts';
import { toPeerCertificate } from './peer-certificate.ts';
import { Resumption, type SecuredLayer } from './resumption.ts';
import { findSecureContext } from './secure-contexts.ts';
import { describeSystemError } from './system-error.ts';
import { type ConnectPlain, findTcpHandles } from './tcp-handles.ts';
import { worksAs } from './tcp-trial.ts';
import { loadTls } from './tls.ts';
import { type ConnectSecure, findTlsHandles } from './tls-handles.ts';
import { worksAsTls } from './tls-trial.ts';

/** TCP and TLS sockets of the kernel. Certificates are not verified unless that is asked for: keepalived never does. */
export const sockets: Sockets = socketsOver(openTcp, null);

/**
 * The same sockets. Once `prepare` has seen that Node's TCP handles work as we know them, those are used where they can be. So are
 * its TLS handles, which are tried when the first connection asks for TLS: most configurations never do.
 */
export function createFastSockets(): Sockets & {
  prepare(): Promise<void>;
  /** Resolves when no trial is under way. */
  settled(): Promise<void>;
} {
  let current = sockets;
  let tryTls = (): void => {};
  let trial = Promise.resolve();
  return {
    async prepare() {
      const connectPlain = findTcpHandles(readBuffer);
      if (connectPlain === null || !(await worksAs(openTcp, connectPlain))) return;
      current = socketsOver(connectPlain, null);
      const direct = socketsOver(connectPlain, findTlsHandles(readBuffer));
      tryTls = () => {
        tryTls = () => {};
        trial = worksAsTls(sockets.connect, direct.connect).then(works => {
          if (works) current = direct;
        });
      };
    },
    settled: () => trial,
    connect(to, tls, handler) {
      if (tls !== null && tls !== 'never') tryTls();
      return current.connect(to, tls, handler);
    },
  };
}

/** Over handles where they can do what is asked for. */
export function socketsOver(connectPlain: ConnectPlain, connectSecure: ConnectSecure | null): Sockets {
  return {
    connect(to, tls, handler) {
      if (tls === null) return openTcp(to, handler);
      const isDirect = to.interface === undefined && to.mark === undefined && to.localPort === undefined;
      if (tls === 'never') return isDirect ? connectPlain(to, handler) : openTcp(to, handler);
      const isSimple = to.preamble === undefined && tls.verify === undefined && tls.protocols === undefined;
      return openTls(to, tls, handler, isDirect && isSimple ? connectSecure : null);
    },
  };
}

/** Every plain connection reads into this; a handler is done with the bytes before the next read. */
const readBuffer = Buffer.allocUnsafeSlow(65_536);

interface Watched extends Connection {
  /** Reads and reports what comes on this layer: the plain socket, or TLS over it. */
  watch(layer: Socket): void;
  /** From here on it is this layer of TLS; the socket itself where that speaks TLS from its start. */
  secure(layer: TLSSocket, tls: TlsOptions): void;
  /** It is the socket that was opened, without a layer over it, whose bytes count. */
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

function openTls(
  to: ConnectOptions,
  tls: TlsOptions,
  handler: ConnectionHandler,
  connectSecure: ConnectSecure | null,
): Connection {
  // The server is not bothered when we have nothing to show.
  const secure = findSecureContext(tls);
  if (!secure.ok) return refuse(secure.fault, handler);
  const { context } = secure;
  const resumption = tls.reuseSession === true ? new Resumption(to, tls, context) : null;
  if (connectSecure !== null) return connectSecure(to, tls, context, resumption, handler);
  const { interface: device, mark, preamble } = to;
  // Two sockets cost a tenth more of the whole check.
  if (device === undefined && mark === undefined && preamble === undefined) {
    const options: ConnectionOptions & { readonly onread: OnReadOpts } = {
      ...optionsOf(to),
      ...tlsOptionsOf(tls, context, resumption),
      onread: {
        buffer: readBuffer,
        callback: (length, bytes) => {
          if (connection.isOpen()) handler.data(bytes.subarray(0, length));
          return true;
        },
      },
    };
    const layer = loadTls().connect(options);
    const connection = watchSocket(layer, handler, resumption);
    connection.secure(layer, tls);
    layer.once('connect', () => {
      resumption?.begin();
      handler.connected?.();
    });
    return connection;
  }
  const opened = startSocket(to);
  if (!opened.ok) return refuse(opened.fault, handler);
  const { socket } = opened;
  const connection = watchSocket(socket, handler, resumption);
  socket.once('connect', () => {
    if (preamble) socket.write(preamble);
    resumption?.begin();
    handler.connected?.();
    connection.secure(loadTls().connect({ socket, ...tlsOptionsOf(tls, context, resumption) }), tls);
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

/** Tells the handler how the socket ends; what happens after `close()` is no fault. `resumption`: of the TLS that it is opened for. */
function watchSocket(socket: Socket, handler: ConnectionHandler, resumption: Resumption | null = null): Watched {
  let open = true;
  let remote = false;
  let fault: SocketFault | null = null;
  let current = socket;
  let secure: TLSSocket | null = null;
  let verifies = false;
  let certificate: PeerCertificate | null = null;
  let outcome: ConnectionOutcome = 'failed';
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
      resumption?.ended(outcome);
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
      connection.secure(loadTls().connect({ socket, ...tlsOptionsOf(tls, found.context, null) }), tls);
    },
    secure(layer, tls) {
      verifies = tls.verify !== undefined;
      secure = layer;
      if (layer !== socket) {
        watch(layer);
        layer.on('data', bytes => {
          if (open) handler.data(bytes);
        });
      }
      layer.once('secureConnect', () => {
        if (!open) return;
        if (resumption) certificate = resumption.secured(layerOf(layer), () => readCertificate(layer));
        handler.opened(connection);
      });
    },
    get shortened() {
      return resumption?.shortened ?? false;
    },
    certificate: () => certificate ?? (secure && readCertificate(secure)),
    close(found = 'aborted') {
      open = false;
      outcome = found;
      current.destroy();
    },
    isOpen: () => open && current === socket,
  };
  watch(socket);
  return connection;
}

function tlsOptionsOf(
  { serverName, protocols, verify }: TlsOptions,
  context: SecureContext,
  resumption: Resumption | null,
): ConnectionOptions {
  return {
    secureContext: resumption?.context ?? context,
    rejectUnauthorized: verify !== undefined,
    ...(resumption?.session && { session: resumption.session }),
    // An address is no server name (RFC 6066 section 3), and Node refuses it.
    ...(serverName !== null && isIP(serverName) === 0 && { servername: serverName }),
    ...(protocols !== undefined && { ALPNProtocols: [...protocols] }),
    ...(verify !== undefined && {
      checkServerIdentity: (_, shown) => loadTls().checkServerIdentity(verify.name, shown),
    }),
  };
}

/** Node sets this before it breaks off a handshake because of the certificate. */
function isDistrust({ authorizationError }: TLSSocket): boolean {
  return authorizationError !== null && authorizationError !== undefined;
}

function readCertificate(socket: TLSSocket): PeerCertificate | null {
  return toPeerCertificate(socket.getPeerCertificate());
}

function layerOf(socket: TLSSocket): SecuredLayer {
  return {
    isSessionReused: () => socket.isSessionReused(),
    getProtocol: () => socket.getProtocol(),
    getSession: () => socket.getSession(),
    onceSession: take => void socket.once('session', take),
  };
}
