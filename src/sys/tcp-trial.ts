import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { ConnectOptions, SocketFault } from '../model/ports.ts';
import type { ConnectPlain } from './tcp-handles.ts';

/** In two pieces: the preamble, and a text of two bytes. */
const sent = Buffer.from('Aé');
/** A trial that takes longer is one that failed. */
const patience = 1_000;

/** Does `other` tell all that `known` tells of a conversation over loopback, and of a port where nobody listens? */
export async function worksAs(known: ConnectPlain, other: ConnectPlain): Promise<boolean> {
  const server = createServer(socket => {
    socket.on('error', () => {});
    let left = sent.length;
    socket.on('data', bytes => {
      socket.write(bytes);
      left -= bytes.length;
      if (left === 0) socket.end();
    });
  });
  try {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const talked = [await converse(known, port), await converse(other, port)];
    server.close();
    await once(server, 'close');
    const refused = [await converse(known, port), await converse(other, port)];
    return [talked, refused].every(([expected, told]) => told === expected) && talked[0] !== refused[0];
  } catch {
    server.close();
    return false;
  }
}

/** All that the handler is told, as one text. */
function converse(connect: ConnectPlain, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const told: string[] = [];
    const timer = setTimeout(() => reject(new Error('it takes too long')), patience);
    const to: ConnectOptions = { address: '127.0.0.1', port, preamble: sent.subarray(0, 1) };
    connect(to, {
      opened(connection) {
        told.push('opened');
        connection.write(sent.toString().slice(1));
      },
      data: bytes => told.push(...[...bytes].map(String)),
      ended: () => told.push('ended'),
      closed(fault: SocketFault | null) {
        clearTimeout(timer);
        resolve(`${told.join(' ')} ${JSON.stringify(fault)}`);
      },
    });
  });
}
