import { Buffer } from 'node:buffer';
import { closeSync, openSync, readSync } from 'node:fs';

const enough = 65_536;
/** Kept, and as large as the table has been: with a new one of 64 KiB for each page the reading took seven times as long. */
let bytes = Buffer.allocUnsafeSlow(enough);

/**
 * The kernel's table as text, of our own network namespace; null where it cannot be read. In one go, as the kernel gives a page at
 * a time: each would wait for a turn of the loop, which is long when many real servers die.
 */
export function readIpvsFile(path = '/proc/self/net/ip_vs'): Promise<string | null> {
  try {
    return Promise.resolve(readWhole(path));
  } catch {
    return Promise.resolve(null);
  }
}

function readWhole(path: string): string {
  const file = openSync(path, 'r');
  try {
    for (let length = 0; ; ) {
      const read = readSync(file, bytes, length, bytes.length - length, null);
      if (read === 0) return bytes.toString('latin1', 0, length);
      length += read;
      if (length < bytes.length) continue;
      const larger = Buffer.allocUnsafeSlow(2 * bytes.length);
      bytes.copy(larger);
      bytes = larger;
    }
  } finally {
    closeSync(file);
  }
}
