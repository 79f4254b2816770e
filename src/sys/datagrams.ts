import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { DatagramHandler, DatagramOptions, DatagramSocket, Datagrams, SocketFault } from '../model/ports.ts';
import { openNativeSocket } from './native.ts';
import { hostOf, nativeRouteOf } from './native-route.ts';
import { describeSystemError } from './system-error.ts';

/** Has no meaning for ICMP, but Node connects to no port 0. */
const anyPort = 1;

/** Datagram sockets of the kernel, connected to their peer. */
export const datagrams: Datagrams = { open: openDatagram };

function openDatagram(to: DatagramOptions, handler: DatagramHandler): DatagramSocket {
  const native = openNativeSocket({
    ...nativeRouteOf(to),
    kind: to.protocol === 'icmp' ? 'icmp' : 'datagram',
    ...(to.localAddress !== undefined && { local: { address: to.localAddress, port: to.localPort ?? 0 } }),
    receiveErrors: true,
  });
  if (!native.ok) {
    queueMicrotask(() => handler.closed(native.fault));
    return { send: () => {}, close: () => {} };
  }
  const socket = createSocket({ type: isIPv6(to.address) ? 'udp6' : 'udp4' });
  let open = true;
  let connected = false;
  let fault: SocketFault | null = null;
  const close = (): void => {
    if (!open) return;
    open = false;
    socket.close();
  };
  const fail = (error: NodeJS.ErrnoException): void => {
    if (!open) return;
    // What comes once packets are out is the network's answer.
    fault = {
      code: error.code ?? 'UNKNOWN',
      message: describeSystemError(error),
      ...(connected && { remote: true }),
    };
    close();
  };
  const datagram: DatagramSocket = {
    send: bytes => {
      if (open) socket.send(bytes, error => error && fail(error));
    },
    close,
  };
  socket.on('error', fail);
  socket.on('message', bytes => {
    if (open) handler.message(bytes);
  });
  socket.once('close', () => handler.closed(fault));
  socket.bind({ fd: native.descriptor }, () =>
    connect(socket, to, error => {
      if (error) fail(error);
      if (!open) return;
      connected = true;
      handler.opened(datagram);
    }),
  );
  return datagram;
}

function connect(socket: Socket, to: DatagramOptions, done: (error?: NodeJS.ErrnoException) => void): void {
  // Node hands a failure to it too, which its types do not say.
  socket.connect(to.protocol === 'icmp' ? anyPort : to.port, hostOf(to), done);
}
