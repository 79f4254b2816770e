import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { codeOf, makeDirectory } from './database.ts';

/**
 * Two agents on one state directory would send each other's mails a second time and run each other's scripts. The lock
 * ends with the process, however that ends. Throws a sentence when another agent has it; a directory that cannot be
 * used is the store's to tell of. Returns what releases it.
 */
export function lockDirectory(directory: string): () => void {
  try {
    makeDirectory(directory);
    const lock = new Sqlite(join(directory, 'checkalived.lock'), { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
    return () => lock.close();
  } catch (fault) {
    if (!codeOf(fault).startsWith('SQLITE_BUSY')) return () => {};
    const advice = 'stop it, or give this one its own with --state-dir DIR';
    throw new Error(`another checkalived runs with the state directory ${directory}; ${advice}`);
  }
}
