import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { generateDashboards } from '../../../dashboards/all.ts';
import { suite } from '../../support/suite.ts';

const test = suite('dashboards/files');
const root = resolve(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

test('the dashboards that are committed are what npm run docs writes', () => {
  for (const [path, text] of generateDashboards()) assert.is(read(path), text, `${path} is stale: run npm run docs`);
});

test('no other dashboard is committed', () => {
  const committed = ['dashboards/json', 'dashboards/optional/json'].flatMap(folder =>
    readdirSync(join(root, folder)).map(name => `${folder}/${name}`),
  );
  assert.equal(committed.sort(), [...generateDashboards().keys()].sort());
});

test('two runs give the same bytes', () => {
  assert.equal([...generateDashboards()], [...generateDashboards()]);
});

test('every file for the provisioning is YAML of its kind', () => {
  const kinds = { datasources: 'datasources', dashboards: 'providers' };
  for (const folder of ['dashboards/provisioning', 'dashboards/optional/provisioning']) {
    for (const [kind, list] of Object.entries(kinds)) {
      const names = readdirSync(join(root, folder, kind));
      assert.is(names.length, 1);
      for (const name of names) {
        const { apiVersion, [list]: entries } = parse(read(`${folder}/${kind}/${name}`));
        assert.is(apiVersion, 1);
        assert.is(entries.length, 1);
        assert.ok(entries[0].name && entries[0].type);
      }
    }
  }
});

test('the provisioning finds the dashboards where the command writes them', () => {
  const places = {
    'dashboards/provisioning/dashboards/checkalived.yaml': 'json',
    'dashboards/optional/provisioning/dashboards/checkalived-history.yaml': 'optional/json',
  };
  for (const [file, folder] of Object.entries(places)) {
    const [{ options }] = parse(read(file)).providers;
    assert.is(options.path, `/var/lib/grafana/dashboards/checkalived/${folder}`);
    assert.ok(readdirSync(join(root, 'dashboards', folder)).length > 0);
  }
});

test('the data sources are of the types that the dashboards ask for', () => {
  const typeOf = (file: string): string => parse(read(file)).datasources[0].type;
  const asked = (file: string): string =>
    JSON.parse(read(file)).templating.list.find(({ type }: { type: string }) => type === 'datasource').query;
  assert.is(typeOf('dashboards/provisioning/datasources/checkalived.yaml'), asked('dashboards/json/overview.json'));
  assert.is(
    typeOf('dashboards/optional/provisioning/datasources/checkalived-history.yaml'),
    asked('dashboards/optional/json/event-history.json'),
  );
});

test.run();
