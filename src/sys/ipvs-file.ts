import { readFile } from 'node:fs/promises';

/** The kernel's table as text, of our own network namespace; null where it cannot be read. */
export function readIpvsFile(): Promise<string | null> {
  return readFile('/proc/self/net/ip_vs', 'latin1').catch(() => null);
}
