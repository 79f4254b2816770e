import { readFileSync } from 'node:fs';

/**
 * The kernel's table as text, of our own network namespace; null where it cannot be read. In one go, as the kernel gives a page at
 * a time: each would wait for a turn of the loop, which is long when many real servers die.
 */
export function readIpvsFile(): Promise<string | null> {
  try {
    return Promise.resolve(readFileSync('/proc/self/net/ip_vs', 'utf8'));
  } catch {
    return Promise.resolve(null);
  }
}
