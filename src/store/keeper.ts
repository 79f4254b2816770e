import type { Database } from 'better-sqlite3';
import type { Recollection } from '../model/store.ts';
import type { EpochMs } from '../model/time.ts';
import { codeOf, findCorruption, isCorrupt, moveAside, openDatabase, sizeOf } from './database.ts';
import type { OpenRequest, StoreReply, StoreRequest } from './messages.ts';
import { recollect } from './recollection.ts';
import { maintainStep } from './retention.ts';
import { createWriter, type Writer } from './writer.ts';

/** The database as the thread has it; null until it is open. */
interface Opened {
  readonly database: Database;
  readonly writer: Writer;
}

/**
 * Answers the requests of the main thread, one after the other; never throws. A damaged file is moved aside and a new
 * one begun, so that checks go on being kept.
 */
export function createKeeper(): (request: StoreRequest) => StoreReply {
  let opened: Opened | null = null;
  let opening: OpenRequest | null = null;
  const shut = (): void => {
    opened?.database.close();
    opened = null;
  };

  return request => {
    try {
      switch (request.kind) {
        case 'open': {
          shut();
          opening = request;
          const { notice, recollection, ...rest } = open(request);
          opened = rest;
          return { kind: 'opened', recollection, notice, size: sizeOf(opened.database) };
        }
        case 'write': {
          if (!opened) throw new Error('the database is not open');
          try {
            opened.writer.write(request.batch);
            return { kind: 'written', notice: null, size: sizeOf(opened.database) };
          } catch (fault) {
            if (!isCorrupt(fault) || !opening) throw fault;
            shut();
            const { database, writer, notice } = replace(opening, request.batch.alive, describe(fault));
            opened = { database, writer };
            writer.write(request.batch);
            return { kind: 'written', notice, size: sizeOf(database) };
          }
        }
        case 'maintain':
          if (!opened) throw new Error('the database is not open');
          return { kind: 'maintained', more: maintainStep(opened.database, request) };
        case 'close':
          opened?.writer.end(request.now);
          shut();
          return { kind: 'closed' };
      }
    } catch (fault) {
      return { kind: 'failed', busy: /^SQLITE_(BUSY|LOCKED)/.test(codeOf(fault)), message: describe(fault) };
    }
  };
}

type Opening = Opened & { readonly recollection: Recollection; readonly notice: string | null };

function open(request: OpenRequest): Opening {
  let database: Database | null = null;
  try {
    database = openDatabase(request.directory, request.now, request.maxPages);
    const corruption = stoppedCleanly(database) ? null : findCorruption(database);
    if (corruption === null) {
      const recollection = recollect(database, request);
      return { database, writer: createWriter(database, request.run, request.now), recollection, notice: null };
    }
    database.close();
    return replace(request, request.now, corruption);
  } catch (fault) {
    database?.close();
    if (!isCorrupt(fault)) throw fault;
    return replace(request, request.now, describe(fault));
  }
}

function replace(request: OpenRequest, now: EpochMs, corruption: string): Opening {
  const aside = moveAside(request.directory, now);
  const database = openDatabase(request.directory, now, request.maxPages);
  return {
    database,
    writer: createWriter(database, request.run, now),
    recollection: { virtualServers: new Map(), notifications: [] },
    notice: `The database is damaged (${corruption}): it was moved to ${aside}, and a new one begun.`,
  };
}

function stoppedCleanly(database: Database): boolean {
  const last = database.prepare<[], { clean: number }>('SELECT clean FROM run_rows ORDER BY id DESC LIMIT 1').get();
  return last === undefined || last.clean === 1;
}

function describe(fault: unknown): string {
  const code = codeOf(fault);
  const message = fault instanceof Error ? fault.message : String(fault);
  return code === '' || message.includes(code) ? message : `${message} (${code})`;
}
