import { Buffer } from 'node:buffer';

/** A body, or its first bytes. */
export interface KeptBody {
  readonly bytes: Uint8Array;
  readonly whole: boolean;
}
export interface BodyKeeper {
  /** Takes a copy. */
  push(bytes: Uint8Array): void;
  kept(): KeptBody;
}

/** What a server can make one check keep in memory. */
export const bodyLimit = 4 * 1024 * 1024;

/** Keeps a body that is to be looked at, up to the limit. */
export function createBodyKeeper(): BodyKeeper {
  const pieces: Uint8Array[] = [];
  let length = 0;
  let whole = true;
  return {
    push(bytes) {
      const piece = Buffer.from(bytes.subarray(0, bodyLimit - length));
      whole &&= piece.length === bytes.length;
      length += piece.length;
      if (piece.length > 0) pieces.push(piece);
    },
    kept: () => ({ bytes: Buffer.concat(pieces, length), whole }),
  };
}
