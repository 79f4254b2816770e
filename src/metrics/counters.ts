import { type CheckResult, failureReasons } from '../model/check.ts';
import type { CheckObserver, Meter, ObservedCheck } from '../model/observer.ts';
import type { EpochMs, Ms } from '../model/time.ts';
import { catalogue } from './catalogue.ts';
import { Histogram } from './histogram.ts';

/** Place of a result in a row of counters. */
const places: Readonly<Record<string, number>> = Object.fromEntries(
  ['ok', ...failureReasons].map((result, place) => [result, place]),
);
/** Names of the places. */
export const results: readonly string[] = Object.keys(places);

/** What the checks of one type count together in a virtual server. */
interface CheckTally {
  readonly checkType: string;
  /** By `results`. */
  readonly ended: Float64Array;
  readonly duration: Histogram;
  /** Checks that count here; without any it goes. */
  users: number;
}

/** What the checks of one real server count together. */
interface FailureTally {
  readonly virtualServer: string;
  readonly realServer: string;
  /** By `results`; null until one fails: most never do. */
  failed: Float64Array | null;
  /** Of both servers, as text; made when it is first written. */
  labels: string | null;
  /** When the certificates end that its checks saw last; null until one sees one. */
  certificates: Map<CheckObserver, EpochMs> | null;
  users: number;
}

/** What is counted in one virtual server. */
export interface ServerTally {
  readonly checks: Map<string, CheckTally>;
  readonly failures: Map<string, FailureTally>;
}

/** Counts results. What is counted goes with the last check that counted there, and survives a reload that keeps one. */
export class Counters implements Pick<Meter, 'observe' | 'started'> {
  readonly schedulerLag = new Histogram(catalogue.schedulerLag.buckets);
  readonly #servers = new Map<string, ServerTally>();

  observe({ virtualServer, realServer, checkType }: ObservedCheck): CheckObserver {
    const server = this.#servers.get(virtualServer) ?? { checks: new Map(), failures: new Map() };
    this.#servers.set(virtualServer, server);
    const check = server.checks.get(checkType) ?? newCheckTally(checkType);
    server.checks.set(checkType, check);
    const failure = server.failures.get(realServer) ?? newFailureTally(virtualServer, realServer);
    server.failures.set(realServer, failure);
    check.users++;
    failure.users++;
    return new TallyObserver(check, failure, this.#servers);
  }

  started(lag: Ms): void {
    this.schedulerLag.observe(lag / 1000);
  }

  /** undefined: it has no checks. */
  of(virtualServer: string): ServerTally | undefined {
    return this.#servers.get(virtualServer);
  }
}

class TallyObserver implements CheckObserver {
  readonly #check: CheckTally;
  readonly #failure: FailureTally;
  readonly #servers: Map<string, ServerTally>;

  constructor(check: CheckTally, failure: FailureTally, servers: Map<string, ServerTally>) {
    this.#check = check;
    this.#failure = failure;
    this.#servers = servers;
  }

  finished(startedAt: EpochMs, result: CheckResult, kept = false): boolean {
    const { ended, duration } = this.#check;
    if (result.certificateEnds !== undefined) this.#saw(result.certificateEnds);
    const value = result.took / 1000;
    const bucket = duration.observe(value);
    // Few passing results are kept, and what is not cannot be looked up.
    if (kept) duration.exemplify(bucket, { realServer: this.#failure.realServer, startedAt, value });
    if (result.ok) {
      (ended[0] as number) += 1;
      return false;
    }
    const place = places[result.reason] as number;
    (ended[place] as number) += 1;
    this.#failure.failed ??= new Float64Array(results.length);
    (this.#failure.failed[place] as number) += 1;
    return false;
  }

  close(): void {
    this.#failure.certificates?.delete(this);
    const { checkType } = this.#check;
    const { virtualServer, realServer } = this.#failure;
    const server = this.#servers.get(virtualServer);
    if (--this.#check.users === 0) server?.checks.delete(checkType);
    if (--this.#failure.users === 0) server?.failures.delete(realServer);
    if (server?.failures.size === 0) this.#servers.delete(virtualServer);
  }

  #saw(certificateEnds: EpochMs): void {
    this.#failure.certificates ??= new Map();
    this.#failure.certificates.set(this, certificateEnds);
  }
}

function newFailureTally(virtualServer: string, realServer: string): FailureTally {
  return { virtualServer, realServer, failed: null, labels: null, certificates: null, users: 0 };
}

function newCheckTally(checkType: string): CheckTally {
  return {
    checkType,
    ended: new Float64Array(results.length),
    duration: new Histogram(catalogue.checkDuration.buckets),
    users: 0,
  };
}
