/** One series of an answer: a value at one time, or values over time. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [time: number, value: string];
  readonly values?: readonly (readonly [time: number, value: string])[];
}

/** The HTTP API of a Prometheus. */
export interface Prometheus {
  query(expression: string, time: number): Promise<readonly Series[]>;
  queryRange(expression: string, range: TimeRange): Promise<readonly Series[]>;
  labelValues(selector: string, label: string, range: TimeRange): Promise<readonly string[]>;
}

/** Seconds since 1970, and between two values. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** Rejects with what Prometheus says of the expression. */
export function openPrometheus(address: string): Prometheus {
  const get = async (path: string, parameters: Readonly<Record<string, string | number>>): Promise<never> => {
    const query = new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
    const response = await fetch(`${address}/api/v1/${path}?${query}`);
    const answer = await response.json();
    if (answer.status !== 'success') throw new Error(`${answer.error} (asked: ${Object.values(parameters)[0]})`);
    return answer.data as never;
  };
  return {
    query: async (query, time) => (await get('query', { query, time }))['result'],
    queryRange: async (query, { from, to, step }) =>
      (await get('query_range', { query, start: from, end: to, step }))['result'],
    labelValues: (selector, label, { from, to }) =>
      get(`label/${label}/values`, { 'match[]': selector, start: from, end: to }),
  };
}
