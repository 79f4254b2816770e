import Sqlite from 'better-sqlite3';

/** A check that Prometheus keeps by name. */
export interface Exemplar {
  /** Of the result in SQLite. */
  readonly event: number;
  readonly realServer: string;
  readonly seconds: number;
}

/** A row of the view `results`. */
interface Run {
  readonly virtual_server: string;
  readonly check_type: string;
  readonly reason: string;
  readonly duration_us: number;
}

interface Answer {
  readonly data: readonly {
    readonly seriesLabels: Readonly<Record<string, string>>;
    readonly exemplars: readonly {
      readonly labels: Readonly<Record<string, string>>;
      readonly value: string;
      readonly timestamp: number;
    }[];
  }[];
}

/** The latest check of one of these real servers that is an exemplar; rejects where there is none. */
export async function lastExemplar(
  prometheus: string,
  virtualServer: string,
  realServers: readonly string[],
): Promise<Exemplar> {
  const now = Date.now() / 1000;
  const query = new URLSearchParams({
    query: 'checkalived_check_duration_seconds_bucket',
    start: `${now - 60}`,
    end: `${now}`,
  });
  const { data }: Answer = await (await fetch(`${prometheus}/api/v1/query_exemplars?${query}`)).json();
  const [last] = data
    .filter(({ seriesLabels }) => seriesLabels['virtual_server'] === virtualServer)
    .flatMap(({ exemplars }) => exemplars)
    .filter(({ labels }) => realServers.includes(labels['real_server'] ?? ''))
    .sort((one, other) => other.timestamp - one.timestamp);
  if (!last) throw new Error(`no exemplar of ${realServers.join(', ')}: ${JSON.stringify(data)}`);
  const { event_id: event, real_server: realServer = '' } = last.labels;
  return { event: Number(event), realServer, seconds: Number(last.value) };
}

/** What the agent's database has of it. */
export function findRuns(file: string, { event, realServer }: Exemplar): readonly Run[] {
  const database = new Sqlite(file, { readonly: true });
  try {
    const sql = 'SELECT * FROM results WHERE time_ms = ? AND real_server = ?';
    return database.prepare<unknown[], Run>(sql).all(event, realServer);
  } finally {
    database.close();
  }
}
