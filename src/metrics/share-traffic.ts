import type { Log } from '../model/ports.ts';
import type { Clock, Ms } from '../model/time.ts';
import { waitUntil } from '../model/timing.ts';
import type { ReadTraffic, TrafficTable } from '../model/traffic.ts';

/** The traffic of now, for one scrape; null: not known. */
export type SeeTraffic = (takeTurn: () => Promise<void>) => Promise<TrafficTable | null>;

/** It is read no more often than this, however many scrapes ask. */
const apart: Ms = 3_000;
/** A scrape waits no longer for it, and has then what was read before. */
const patience: Ms = 1_000;
/** Nobody is shown older counters. */
const staleAfter: Ms = 30_000;

/** Reads when a scrape asks, once for all who ask; never twice at the same time. A failure is logged when it is new. */
export function shareTraffic({
  read,
  clock,
  log,
}: {
  readonly read: ReadTraffic;
  readonly clock: Clock;
  readonly log: Log;
}): SeeTraffic {
  let known: { readonly table: TrafficTable; readonly at: Ms } | null = null;
  let reading: Promise<void> | null = null;
  let begun: Ms = Number.NEGATIVE_INFINITY;
  let told = '';
  const refresh = async (takeTurn: () => Promise<void>): Promise<void> => {
    try {
      known = { table: await read(takeTurn), at: begun };
      told = '';
    } catch (fault) {
      known = null;
      const why = fault instanceof Error ? fault.message : String(fault);
      if (why !== told) log.info(`no metrics of the traffic through IPVS: ${why}`);
      told = why;
    }
    reading = null;
  };
  return async takeTurn => {
    const now = clock.now();
    if (reading === null && now - begun >= apart) {
      begun = now;
      reading = refresh(takeTurn);
    }
    if (reading !== null) await waitUntil(clock, now + patience, reading);
    return known && clock.now() - known.at < staleAfter ? known.table : null;
  };
}
