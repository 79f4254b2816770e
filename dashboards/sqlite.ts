import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import { DatasourceVariableBuilder, TextBoxVariableBuilder } from '@grafana/grafana-foundation-sdk/dashboard';

const plugin = 'frser-sqlite-datasource';
export const sqlite: DataSourceRef = { type: plugin, uid: '${sqlite}' };
export const sqliteVariable = new DatasourceVariableBuilder('sqlite').label('Database').type(plugin).build();
export const search = new TextBoxVariableBuilder('search').label('Server contains').defaultValue('').build();

/** Within the time that is shown. */
export function shown(column: string): string {
  return `${column} BETWEEN $__from AND $__to`;
}

/** Of the servers that are searched for; with nothing typed all of them. */
export const searched =
  "instr(coalesce(virtual_server, '') || ' ' || coalesce(real_server, ''), ${search:sqlstring}) > 0";

interface SqliteQuery {
  readonly refId: string;
  readonly datasource: DataSourceRef;
  readonly queryType: 'table' | 'time series';
  readonly rawQueryText: string;
  readonly queryText: string;
  /** Seconds since 1970 in the answer. */
  readonly timeColumns: readonly string[];
  _implementsDataqueryVariant(): void;
}

/** A query of the views in docs/reference/database.md; the SDK knows nothing of this data source. */
export function ask(
  sql: string,
  queryType: SqliteQuery['queryType'],
  timeColumns: readonly string[] = ['time'],
): { build(): SqliteQuery } {
  const text = sql.trim().replace(/\n\s+/g, '\n');
  return {
    build: () => ({
      refId: 'A',
      datasource: sqlite,
      queryType,
      rawQueryText: text,
      queryText: text,
      timeColumns,
      _implementsDataqueryVariant: () => {},
    }),
  };
}
