import { Buffer } from 'node:buffer';

/** The first bytes of an answer that makes no sense, printable. */
export function quoteBytes(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 32)).toString('latin1');
  return `"${head.replace(/[^ -~]/g, '.')}"${bytes.length > 32 ? '...' : ''}`;
}
