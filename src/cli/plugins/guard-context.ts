import type { CheckContext } from '../../model/check.ts';
import type { Connection, ConnectionHandler, DatagramHandler, DatagramSocket } from '../../model/ports.ts';

/** What is thrown in a callback would end the process: it ends the check in its place. */
export function guardContext(context: CheckContext, fail: (fault: unknown) => void): CheckContext {
  const { clock, sockets, datagrams, files } = context;
  return {
    ...context,
    clock: {
      now: () => clock.now(),
      wall: () => clock.wall(),
      at: (due, run) => clock.at(due, () => attempt(run, fail)),
    },
    sockets: {
      connect(to, tls, handler) {
        let connection: Connection | null = null;
        const failAndClose = (fault: unknown): void => {
          fail(fault);
          connection?.close();
        };
        connection = sockets.connect(to, tls, guardHandler(handler, failAndClose));
        return connection;
      },
    },
    datagrams: {
      open(to, handler) {
        let socket: DatagramSocket | null = null;
        const failAndClose = (fault: unknown): void => {
          fail(fault);
          socket?.close();
        };
        socket = datagrams.open(to, guardDatagrams(handler, failAndClose));
        return socket;
      },
    },
    files: {
      read: (path, limit) => files.read(path, limit),
      watch: (path, changed) => files.watch(path, () => attempt(changed, fail)),
    },
  };
}

function guardHandler(handler: ConnectionHandler, fail: (fault: unknown) => void): ConnectionHandler {
  return {
    connected: () => attempt(() => handler.connected?.(), fail),
    opened: connection => attempt(() => handler.opened(connection), fail),
    data: bytes => attempt(() => handler.data(bytes), fail),
    ended: () => attempt(() => handler.ended(), fail),
    closed: fault => attempt(() => handler.closed(fault), fail),
  };
}

function guardDatagrams(handler: DatagramHandler, fail: (fault: unknown) => void): DatagramHandler {
  return {
    opened: socket => attempt(() => handler.opened(socket), fail),
    message: bytes => attempt(() => handler.message(bytes), fail),
    closed: fault => attempt(() => handler.closed(fault), fail),
  };
}

export function attempt(run: () => void, fail: (fault: unknown) => void): void {
  try {
    run();
  } catch (fault) {
    fail(fault);
  }
}
