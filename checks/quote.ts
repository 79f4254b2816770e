import { Buffer } from 'node:buffer';

/** The first bytes of an answer, printable. */
export function quoteBytes(bytes: Uint8Array, most = 32): string {
  const head = Buffer.from(bytes.subarray(0, most)).toString('latin1');
  return `"${head.replace(/[^ -~]/g, '.')}"${bytes.length > most ? '...' : ''}`;
}
