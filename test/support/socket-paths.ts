import type { Sockets } from '../../src/model/ports.ts';
import { sockets, socketsOver } from '../../src/sys/sockets.ts';
import { findTcpHandles } from '../../src/sys/tcp-handles.ts';
import { findTlsHandles } from '../../src/sys/tls-handles.ts';

const buffer = Buffer.allocUnsafeSlow(65_536);
const connectPlain = findTcpHandles(buffer);
const connectSecure = findTlsHandles(buffer);
if (connectPlain === null || connectSecure === null) throw new Error('this Node has no such handles');

/** What is told of a connection must be the same on every path. */
export const socketPaths: readonly (readonly [path: string, sockets: Sockets])[] = [
  ["over Node's sockets", sockets],
  ["over Node's handles", socketsOver(connectPlain, connectSecure)],
];
