import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv, type ErrorObject } from 'ajv';
import * as assert from 'uvu/assert';
import { listDashboards } from '../../../dashboards/all.ts';
import { suite } from '../../support/suite.ts';
import { type Plain, panelsOf, pick } from './plain.ts';

const test = suite('dashboards/schema');
const schemas = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../fixtures/grafana/schema.json'), 'utf8'));
const ajv = new Ajv({ allErrors: true, strict: false });
const validateDashboard = ajv.compile(schemas.dashboard);
const validatePanel = {
  stat: ajv.compile(schemas.stat),
  table: ajv.compile(schemas.table),
  'state-timeline': ajv.compile(schemas.statetimeline),
  timeseries: ajv.compile(schemas.timeseries),
};
/** What Prometheus' data source reads of an annotation; Grafana's own types do not know it. */
const ofAnnotations = ['expr', 'titleFormat', 'textFormat', 'tagKeys', 'step', 'useValueForTime'];
const all = [...listDashboards().values()] as unknown as Plain[];

function findFaults(dashboard: Plain): string[] {
  validateDashboard(dashboard);
  const faults = (validateDashboard.errors ?? []).filter(error => !isAllowed(error)).map(describe);
  for (const { type, title, options, fieldConfig } of panelsOf(dashboard)) {
    const validate = validatePanel[type as keyof typeof validatePanel];
    if (!validate) faults.push(`${title}: no schema for ${type}`);
    else if (!validate({ options, ...(type !== 'stat' && { custom: fieldConfig?.defaults?.custom ?? {} }) }))
      faults.push(...(validate.errors ?? []).map(error => `${title}: ${describe(error)}`));
  }
  return faults;
}

function isAllowed({ keyword, instancePath, params }: ErrorObject): boolean {
  return (
    keyword === 'additionalProperties' &&
    instancePath.startsWith('/annotations/list/') &&
    ofAnnotations.includes(params['additionalProperty'])
  );
}

function describe({ instancePath, message, params }: ErrorObject): string {
  return `${instancePath} ${message} ${JSON.stringify(params)}`;
}

for (const dashboard of all) {
  test(`${dashboard['uid']} is what Grafana's types say of a dashboard`, () => {
    assert.equal(findFaults(dashboard), []);
  });
}

const damages: Readonly<Record<string, (dashboard: Plain) => void>> = {
  'a number that none of its enum is': dashboard => {
    dashboard['graphTooltip'] = 7;
  },
  'a mode of thresholds that there is not': dashboard => {
    pick(panelsOf(dashboard))['fieldConfig'].defaults.thresholds.mode = 'abs';
  },
  'a key that there is not': dashboard => {
    dashboard['paneles'] = [];
  },
  'another key of an annotation': dashboard => {
    dashboard['annotations'].list[1].colour = 'red';
  },
  'an option that a stat has not': dashboard => {
    pick(panelsOf(dashboard))['options'].colourMode = 'value';
  },
  'a field option that a table has not': dashboard => {
    pick(panelsOf(dashboard).filter(({ type }) => type === 'table'))['fieldConfig'].defaults.custom.align = 'middle';
  },
};
for (const [name, damage] of Object.entries(damages)) {
  test(`seen: ${name}`, () => {
    const damaged = structuredClone(all[0]) as Plain;
    damage(damaged);
    assert.ok(findFaults(damaged).length > 0);
  });
}

test.run();
