import { Duplex } from 'node:stream';
import type { Connection } from '../model/ports.ts';

/** A connection as a stream; what comes from the server its owner pushes. */
export function createWire(connection: Connection): Duplex {
  const wire = new Duplex({
    read() {},
    write(bytes: Uint8Array, _, done) {
      connection.write(bytes);
      done();
    },
  });
  return wire.on('error', () => {});
}
