import { Buffer } from 'node:buffer';

/** What has come on a connection, kept up to a limit. */
export interface Received {
  /** Copies the bytes; false when they are more than may be kept. */
  add(bytes: Uint8Array): boolean;
  bytes(): Buffer;
  clear(): void;
}

/** Grows as needed: of most conversations a few dozen bytes are kept. */
export function createReceived(limit: number): Received {
  let buffer = Buffer.alloc(0);
  let length = 0;
  return {
    add(bytes) {
      if (length + bytes.length > limit) return false;
      if (length + bytes.length > buffer.length) {
        const larger = Buffer.alloc(Math.min(limit, Math.max(256, 2 * (length + bytes.length))));
        buffer.copy(larger, 0, 0, length);
        buffer = larger;
      }
      buffer.set(bytes, length);
      length += bytes.length;
      return true;
    },
    bytes: () => buffer.subarray(0, length),
    clear() {
      length = 0;
    },
  };
}
