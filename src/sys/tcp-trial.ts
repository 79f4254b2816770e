import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Connection, ConnectOptions } from '../model/ports.ts';
import type { Ms } from '../model/time.ts';
import type { ConnectPlain } from './tcp-handles.ts';
import { within } from './within.ts';

/** In two pieces: the preamble, and a text of two bytes. */
const sent = Buffer.from('Aé');
/** A conversation that takes longer is one that failed. */
const longest: Ms = 1_000;

/**
 * Does `other` tell all that `known` tells of a conversation over loopback, and of a port where nobody listens? What it
 * tells as closed must be closed.
 */
export async function worksAs(known: ConnectPlain, other: ConnectPlain, patience = longest): Promise<boolean> {
  const accepted = new Set<Socket>();
  const server = createServer(socket => {
    accepted.add(socket);
    socket.on('error', () => {});
    let left = sent.length;
    socket.on('data', bytes => {
      socket.write(bytes);
      left -= bytes.length;
      if (left === 0) socket.end();
    });
  });
  const closed = (): Promise<void> => new Promise(resolve => server.close(() => resolve()));
  try {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const talked = [await converse(known, port, patience), await converse(other, port, patience)];
    await within(patience, closed());
    const refused = [await converse(known, port, patience), await converse(other, port, patience)];
    return [talked, refused].every(([expected, told]) => told === expected) && talked[0] !== refused[0];
  } catch {
    return false;
  } finally {
    for (const socket of accepted) socket.destroy();
    await closed();
  }
}

/** All that the handler is told, as one text. */
function converse(connect: ConnectPlain, port: number, patience: Ms): Promise<string> {
  let connection: Connection | null = null;
  const told: string[] = [];
  const to: ConnectOptions = { address: '127.0.0.1', port, preamble: sent.subarray(0, 1) };
  const whole = new Promise<string>(resolve => {
    connection = connect(to, {
      opened(open) {
        told.push('opened');
        open.write(sent.toString().slice(1));
      },
      data: bytes => told.push(...[...bytes].map(String)),
      ended: () => told.push('ended'),
      closed: fault => resolve(`${told.join(' ')} ${JSON.stringify(fault)}`),
    });
  });
  return within(patience, whole).finally(() => connection?.close());
}
