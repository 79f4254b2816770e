import { catalogue } from '../src/metrics/catalogue.ts';
import { byRealServer, byVirtualServer, only, type Select } from './promql.ts';
import { stateCode } from './states.ts';

/** What is asked of real servers on more than one dashboard. */
export interface ServerQueries {
  /** The state as a number; without `metrics_detail full` up and down alone. */
  readonly state: string;
  /** 1 for each that is down. */
  readonly down: string;
  /** 1 for each that is up with weight 0. */
  readonly draining: string;
  /** Milliseconds, for the units of a date. */
  readonly since: string;
  readonly secondsInState: string;
  /** One series for each real server that ever failed, with the reason that counts now. */
  readonly reason: string;
  /** Weight in the table that is not the wanted one. */
  readonly drift: string;
  /** Weight in service of each virtual server: what the quorum is compared with. */
  readonly weightInService: string;
  readonly certificateSeconds: string;
}

/** The queries with the selectors of a dashboard. */
export function askServers(select: Select): ServerQueries {
  const up = select(catalogue.realServerUp);
  const weight = select(catalogue.weight);
  const since = select(catalogue.lastTransition);
  return {
    state: only(byRealServer, `${select(catalogue.stateCode)} or ${up}`),
    down: only(byRealServer, `${up} == ${stateCode.down}`),
    draining: only(byRealServer, `${up} == 1 and ${weight} == 0`),
    since: only(byRealServer, `${since} * 1000`),
    secondsInState: only(byRealServer, `time() - ${since}`),
    reason: lastReason(select(catalogue.checkFailures)),
    drift: `${weight} != ${select(catalogue.desiredWeight)}`,
    // Where none is in the table there is no weight to sum: it is 0.
    weightInService: `(sum by (${byVirtualServer}) (${weight}) or ${only(byVirtualServer, `${select(catalogue.availableRealServers)} == 0`)})`,
    certificateSeconds: only(byRealServer, `${select(catalogue.certificateExpiry)} - time()`),
  };
}

/**
 * The reason that was counted most just now, or else in the time that is shown, or else any: checks that failed at long
 * intervals have one too, and so has a reason that was counted once and has no increase.
 */
function lastReason(failures: string): string {
  const now = `(increase(${failures}[$__rate_interval]) > 0) * 1e6`;
  const shown = `increase(${failures}[$__range]) > 0`;
  return only(`${byRealServer}, reason`, `topk by (${byRealServer}) (1, ${now} or ${shown} or ${failures} * 0)`);
}

/** Of a query for all real servers the answer for those that are down. */
export function whereDown({ down }: ServerQueries, query: string): string {
  return `${query} and on (${byRealServer}) ${down}`;
}
