import * as units from '@grafana/grafana-foundation-sdk/units';
import { readPromql } from '../../support/promql.ts';
import { expressionsOf, type Plain, panelsOf, pick, targetsOf } from './plain.ts';
import type { Rule } from './rule.ts';

const variable = (dashboard: Plain, name: string): Plain | undefined =>
  dashboard['templating'].list.find((each: Plain) => each['name'] === name);
const known = new Set<unknown>(Object.values(units));
/** Sums over directors ask for all of them on purpose. */
const ofInstance = ['=~"$instance"', '=~".+"'];

/** What grafana/dashboard-linter asks for (docs/rules), restated. */
export const linterRules: readonly Rule[] = [
  {
    name: 'template-datasource: a variable is the data source',
    find: dashboard => {
      const { type, query } = variable(dashboard, 'datasource') ?? {};
      return type === 'datasource' && query === 'prometheus' ? [] : ['no variable datasource'];
    },
    damage: dashboard => dashboard['templating'].list.shift(),
  },
  ...['job', 'instance'].map(
    (name): Rule => ({
      name: `template-${name}: there is a variable of several values, or all`,
      find: dashboard => {
        const { type, multi, includeAll, allValue } = variable(dashboard, name) ?? {};
        return type === 'query' && multi && includeAll && allValue === '.+' ? [] : [`variable ${name}`];
      },
      damage: dashboard => {
        const found = variable(dashboard, name);
        if (found) found['multi'] = false;
      },
    }),
  ),
  {
    name: 'template-label-promql: what variables are asked for parses',
    find: dashboard =>
      dashboard['templating'].list
        .filter(({ type }: Plain) => type === 'query')
        .filter(({ query }: Plain) => {
          const [, selector = '{'] = /^label_values\((.+), \w+\)$/s.exec(query.query) ?? [];
          return readPromql(selector).errors.length > 0;
        })
        .map(({ name }: Plain) => name),
    damage: dashboard => {
      const found = variable(dashboard, 'instance');
      if (found) found['query'].query = 'label_values(up{job=, instance)';
    },
  },
  {
    name: 'template-on-time-change-reload: variables follow the time range',
    find: dashboard =>
      dashboard['templating'].list
        .filter(({ type, refresh }: Plain) => type === 'query' && refresh !== 2)
        .map(({ name }: Plain) => name),
    damage: dashboard => {
      const found = variable(dashboard, 'job');
      if (found) found['refresh'] = 1;
    },
  },
  {
    name: 'uneditable: what is provisioned is not edited',
    find: dashboard => (dashboard['editable'] === false ? [] : ['editable']),
    damage: dashboard => {
      dashboard['editable'] = true;
    },
  },
  {
    name: 'panel-datasource: panels and queries use the variable',
    find: dashboard =>
      [...panelsOf(dashboard), ...targetsOf(dashboard)]
        .filter(({ datasource }) => datasource?.uid !== '${datasource}' || datasource.type !== 'prometheus')
        .map(({ title, expr }) => title ?? expr),
    damage: dashboard => {
      pick(targetsOf(dashboard), 3)['datasource'].uid = 'prometheus';
    },
  },
  {
    name: 'panel-title-description: every panel says what it is, and what it shows',
    find: dashboard =>
      panelsOf(dashboard)
        .filter(({ title, description }) => !title || !/^[A-Z0-9].{5,}\.$/.test(description ?? ''))
        .map(({ title }) => title),
    damage: dashboard => {
      pick(panelsOf(dashboard), 2)['description'] = '';
    },
  },
  {
    name: 'panel-units: every unit is one of the list',
    find: dashboard =>
      panelsOf(dashboard).flatMap(({ title, fieldConfig }) =>
        [
          fieldConfig?.defaults?.unit,
          ...(fieldConfig?.overrides ?? []).flatMap(({ properties }: Plain) =>
            properties.filter(({ id }: Plain) => id === 'unit').map(({ value }: Plain) => value),
          ),
        ]
          .filter(unit => !known.has(unit))
          .map(unit => `${title}: ${unit}`),
      ),
    damage: dashboard => {
      delete pick(panelsOf(dashboard), 1)['fieldConfig'].defaults.unit;
    },
  },
  {
    name: 'target-promql: every expression parses',
    find: dashboard =>
      expressionsOf(dashboard).flatMap(({ place, expression }) =>
        readPromql(expression).errors.map(error => `${place}: ${error}`),
      ),
    damage: dashboard => {
      pick(targetsOf(dashboard))['expr'] += ')';
    },
  },
  {
    name: 'target-rate-interval: ranges are those of the dashboard, never a fixed one',
    find: dashboard =>
      expressionsOf(dashboard).flatMap(({ place, expression }) =>
        readPromql(expression)
          .ranges.filter(range => range !== '$__rate_interval' && range !== '$__range')
          .map(range => `${place}: ${range}`),
      ),
    damage: dashboard => {
      pick(targetsOf(dashboard))['expr'] = 'rate(up{job=~"$job",instance=~"$instance"}[1m])';
    },
  },
  {
    name: 'target-job: every selector has the job',
    find: dashboard => findSelectors(dashboard, ({ job }) => job === '=~"$job"'),
    damage: dashboard => {
      pick(targetsOf(dashboard))['expr'] = 'up{instance=~"$instance"}';
    },
  },
  {
    name: 'target-instance: every selector has the instance, or all on purpose',
    find: dashboard =>
      findSelectors(
        { ...dashboard, templating: { list: [] } },
        ({ instance }) => instance !== undefined && ofInstance.includes(instance),
      ),
    damage: dashboard => {
      pick(targetsOf(dashboard))['expr'] = 'up{job=~"$job"}';
    },
  },
];

/** Selectors that do not hold; that of the variable job has no job yet. */
function findSelectors(
  dashboard: Plain,
  holds: (matchers: Readonly<Record<string, string>>) => boolean,
): readonly string[] {
  return expressionsOf(dashboard)
    .filter(({ place }) => place !== 'job')
    .flatMap(({ place, expression }) =>
      readPromql(expression)
        .selectors.filter(({ matchers }) => !holds(matchers))
        .map(({ metric }) => `${place}: ${metric}`),
    );
}
