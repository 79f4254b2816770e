/** Between two looks. */
const pause = 100;

/**
 * Looks again and again until `look` does not throw; after `limit` milliseconds it fails with what was wrong last. Says
 * how long it took.
 */
export async function until<Value>(what: string, look: () => Promise<Value> | Value, limit = 20_000): Promise<Value> {
  const begin = Date.now();
  for (;;) {
    try {
      const value = await look();
      console.log(`    ${((Date.now() - begin) / 1000).toFixed(1).padStart(4)} s  ${what}`);
      return value;
    } catch (fault) {
      if (Date.now() - begin > limit) {
        const why =
          fault instanceof Error ? `${fault.message}\n${(fault as { details?: string }).details ?? ''}` : fault;
        throw new Error(`${what}: not within ${limit} ms: ${why}`, { cause: fault });
      }
      await new Promise(resolve => setTimeout(resolve, pause));
    }
  }
}

/** What a hook throws uvu does not show. */
export function tell(fault: unknown): never {
  console.error(fault);
  throw fault;
}
