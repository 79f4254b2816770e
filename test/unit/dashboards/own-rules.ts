import { readPromql } from '../../support/promql.ts';
import { type Plain, panelsOf, pick, targetsOf } from './plain.ts';
import type { Rule } from './rule.ts';

/** Variables that Grafana itself has. */
const builtIn =
  /^(?:__all|__rate_interval|__interval|__range|__from|__to|__url_time_range|__data|__all_variables|__field|__value)$/;

/** What we ask for beyond the linter. */
export const ownRules: readonly Rule[] = [
  {
    name: 'ids of panels and rows are unique',
    find: ({ panels }) => repeated(panels.map(({ id }: Plain) => id)),
    damage: dashboard => {
      dashboard['panels'][3].id = dashboard['panels'][2].id;
    },
  },
  {
    name: 'every query has a refId of its own in its panel',
    find: dashboard =>
      panelsOf(dashboard).flatMap(({ title, targets }) =>
        repeated(targets.map(({ refId }: Plain) => refId)).map(refId => `${title}: ${refId}`),
      ),
    damage: dashboard => {
      delete pick(targetsOf(dashboard))['refId'];
    },
  },
  {
    name: 'no panel is outside of the grid, over another, or beside a hole',
    find: ({ panels }) => {
      const cells = new Map<string, number>();
      const faults: string[] = [];
      for (const { id, gridPos } of panels) {
        const { x, y, w, h } = gridPos;
        if (x < 0 || x + w > 24) faults.push(`${id} is outside`);
        for (let column = x; column < x + w; column++)
          for (let row = y; row < y + h; row++) {
            const cell = `${column},${row}`;
            if (cells.has(cell)) faults.push(`${id} is over ${cells.get(cell)}`);
            cells.set(cell, id);
          }
      }
      const height = Math.max(...panels.map(({ gridPos }: Plain) => gridPos.y + gridPos.h));
      if (cells.size !== height * 24) faults.push(`${height * 24 - cells.size} cells are empty`);
      return faults;
    },
    damage: dashboard => {
      dashboard['panels'][2].gridPos.w -= 1;
    },
  },
  {
    name: 'every variable that is used is one',
    find: dashboard => {
      const names = namesOf(dashboard);
      return usedIn(dashboard).filter(name => !names.includes(name) && !builtIn.test(name));
    },
    damage: dashboard => {
      pick(targetsOf(dashboard))['expr'] = 'up{job=~"$jobs"}';
    },
  },
  {
    name: 'every variable is used',
    find: dashboard => {
      const used = usedIn(dashboard);
      return namesOf(dashboard).filter(name => !used.includes(name));
    },
    damage: dashboard => {
      dashboard['templating'].list.push({ name: 'unused', type: 'textbox' });
    },
  },
  {
    name: 'a column that is renamed is a label of the query, or the values of one',
    find: dashboard =>
      panelsOf(dashboard).flatMap(panel =>
        renamedIn(panel)
          .filter(field => !fieldsOf(panel).includes(field))
          .map(field => `${panel['title']}: ${field}`),
      ),
    damage: dashboard => rename(dashboard, 'Value #Z'),
  },
  {
    name: 'an override is for a column that is there',
    find: dashboard =>
      panelsOf(dashboard).flatMap(({ title, fieldConfig, transformations = [] }) => {
        const names = transformations.flatMap(({ options }: Plain) => Object.values(options.renameByName ?? {}));
        return (fieldConfig?.overrides ?? [])
          .filter(({ matcher }: Plain) => matcher.id === 'byName' && !names.includes(matcher.options))
          .map(({ matcher }: Plain) => `${title}: ${matcher.options}`);
      }),
    damage: dashboard => {
      const table = panelsOf(dashboard).find(({ type }) => type === 'table');
      table?.['fieldConfig'].overrides.push({ matcher: { id: 'byName', options: 'Stat' }, properties: [] });
    },
  },
  {
    name: 'a table is sorted by a column of its own',
    find: dashboard =>
      panelsOf(dashboard).flatMap(({ title, options, transformations = [] }) => {
        const names = transformations.flatMap(({ options }: Plain) => Object.values(options.renameByName ?? {}));
        return (options?.sortBy ?? [])
          .filter(({ displayName }: Plain) => !names.includes(displayName))
          .map(({ displayName }: Plain) => `${title}: ${displayName}`);
      }),
    damage: dashboard => {
      const table = panelsOf(dashboard).find(({ type }) => type === 'table');
      if (table) table['options'].sortBy = [{ displayName: 'Nothing', desc: true }];
    },
  },
  {
    name: 'links lead to dashboards that exist, with variables and time',
    find: (dashboard, all) => {
      const uids = all.map(({ uid }) => uid);
      return [
        ...dashboard['links']
          .filter(({ includeVars, keepTime }: Plain) => !includeVars || !keepTime)
          .map(({ title }: Plain) => title),
        ...[...JSON.stringify(dashboard).matchAll(/"\/d\/([^"?/]+)/g)]
          .map(([, uid = '']) => uid)
          .filter(uid => !uids.includes(uid)),
      ];
    },
    damage: dashboard => {
      dashboard['links'][0].url = '/d/checkalived-nowhere';
    },
  },
  {
    name: 'a uid is at most 40 characters, and unique',
    find: ({ uid }, all) =>
      /^[a-z-]{1,40}$/.test(uid) && all.filter(other => other['uid'] === uid).length <= 1 ? [] : [uid],
    damage: dashboard => {
      dashboard['uid'] = 'x'.repeat(41);
    },
  },
  {
    name: 'there are no __inputs, which a file is never asked for',
    find: dashboard => ('__inputs' in dashboard ? ['__inputs'] : []),
    damage: dashboard => {
      dashboard['__inputs'] = [];
    },
  },
  {
    name: 'every panel has thresholds that begin without a value',
    find: dashboard =>
      panelsOf(dashboard)
        .filter(({ fieldConfig }) => {
          const { mode, steps = [] } = fieldConfig?.defaults?.thresholds ?? {};
          return mode !== 'absolute' || steps[0]?.value !== null || steps.some(({ color }: Plain) => !color);
        })
        .map(({ title }) => title),
    damage: dashboard => {
      delete pick(panelsOf(dashboard))['fieldConfig'].defaults.thresholds;
    },
  },
  {
    name: 'a table or a time line of real servers has a bound, or one virtual server',
    find: dashboard =>
      panelsOf(dashboard)
        .filter(({ type }) => type === 'table' || type === 'state-timeline')
        .flatMap(({ title, targets }) =>
          targets
            .filter(({ expr = '' }: Plain) => {
              const { groupings, selectors } = readPromql(expr);
              const isOne = selectors.some(({ matchers: { virtual_server: one, real_server: other } }) =>
                [one, other].some(matcher => matcher?.startsWith('="$')),
              );
              return groupings.includes('real_server') && !isOne && !/\b(?:top|bottom)k\(\d/.test(expr);
            })
            .map(({ refId }: Plain) => `${title} ${refId}`),
        ),
    damage: dashboard => {
      const table = panelsOf(dashboard).find(({ type }) => type === 'table');
      pick(table?.['targets'])['expr'] = 'max by (instance, virtual_server, real_server) (x{job=~"$job"})';
    },
  },
  {
    name: 'no panel is repeated for each server',
    find: dashboard =>
      panelsOf(dashboard)
        .filter(({ repeat }) => repeat !== undefined)
        .map(({ title }) => title),
    damage: dashboard => {
      pick(panelsOf(dashboard))['repeat'] = 'virtual_server';
    },
  },
  {
    name: 'a number has exactly one query, and one calculation',
    find: dashboard =>
      panelsOf(dashboard)
        .filter(
          ({ type, targets, options }) =>
            type === 'stat' && (targets.length !== 1 || options.reduceOptions.calcs.length !== 1),
        )
        .map(({ title }) => title),
    damage: dashboard => {
      pick(panelsOf(dashboard).filter(({ type }) => type === 'stat'))['options'].reduceOptions.calcs = [];
    },
  },
];

function namesOf(dashboard: Plain): string[] {
  return dashboard['templating'].list.map(({ name }: Plain) => name);
}

function usedIn(dashboard: Plain): string[] {
  const text = JSON.stringify(dashboard);
  return [...text.matchAll(/\$(?:(\w+)|\{(\w+))/g)].map(([, bare, braced]) => bare ?? braced ?? '');
}

function renamedIn({ transformations = [] }: Plain): string[] {
  return transformations.flatMap(({ options }: Plain) => Object.keys(options.renameByName ?? {}));
}

function rename(dashboard: Plain, field: string): void {
  const organize = panelsOf(dashboard)
    .flatMap(({ transformations = [] }) => transformations)
    .find(({ id }: Plain) => id === 'organize');
  organize.options.renameByName[field] = 'Nothing';
}

/** What the answers of a table's queries have for fields: the labels that all of them are grouped by, and values. */
function fieldsOf({ targets = [] }: Plain): string[] {
  return targets.flatMap(({ expr, refId }: Plain) => [
    ...readPromql(expr).groupings,
    targets.length > 1 ? `Value #${refId}` : 'Value',
  ]);
}

function repeated(values: readonly unknown[]): string[] {
  return values.filter((value, index) => value === undefined || values.indexOf(value) < index).map(String);
}
