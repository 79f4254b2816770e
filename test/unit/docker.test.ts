import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { suite } from '../support/suite.ts';

const test = suite('docker');
const folder = resolve(import.meta.dirname, '../../docker');

interface Service {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: readonly string[] | Readonly<Record<string, unknown>>;
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes?: Readonly<Record<string, unknown>>;
}

for (const file of readdirSync(folder).filter(name => /^compose.*\.yaml$/.test(name))) {
  const { services, volumes = {} } = parse(readFileSync(join(folder, file), 'utf8')) as Compose;
  for (const [name, service] of Object.entries(services)) {
    test(`${file}: what ${name} mounts is there`, () => {
      for (const mount of service.volumes ?? []) {
        const [source = ''] = mount.split(':');
        // Of the host that it is for.
        if (source.startsWith('/')) continue;
        assert.ok(source.startsWith('.') ? existsSync(join(folder, source)) : source in volumes, mount);
      }
      for (const other of Object.keys(service.depends_on ?? {})) {
        assert.ok(Array.isArray(service.depends_on) || other in services, other);
      }
      const { context = '..', dockerfile = 'docker/Dockerfile' } = service.build ?? {};
      assert.ok(existsSync(join(folder, context, dockerfile)));
    });

    test(`${file}: the version of ${name} is a fixed one, and its ports are this host's own`, () => {
      if (!service.build) assert.match(service.image, /^docker\.io\/[^:]+:v?\d+\.\d+\.\d+$/);
      for (const port of service.ports ?? []) assert.match(port, /^127\.0\.0\.1:/);
    });
  }
}

test('compose.yaml: grafana finds the dashboards, and the first one that it shows', () => {
  const { services } = parse(readFileSync(join(folder, 'compose.yaml'), 'utf8')) as Compose;
  const { volumes = [], environment = {} } = services['grafana'] ?? {};
  const provisioning = join(folder, '../dashboards/provisioning');
  const { providers } = parse(readFileSync(join(provisioning, 'dashboards/checkalived.yaml'), 'utf8'));
  const target: string = providers[0].options.path;
  assert.ok(volumes.includes('../dashboards/provisioning/dashboards:/etc/grafana/provisioning/dashboards:ro'));
  assert.ok(volumes.includes(`../dashboards/json:${target}:ro`));
  const home = environment['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH'] ?? '';
  assert.is(dirname(home), target);
  assert.ok(existsSync(join(folder, '../dashboards/json', basename(home))), home);
});

test('compose.yaml: grafana asks the prometheus beside it, and calls it as the dashboards do', () => {
  const read = (path: string) => parse(readFileSync(join(folder, path), 'utf8')).datasources[0];
  const [ours, committed] = [read('datasource.yaml'), read('../dashboards/provisioning/datasources/checkalived.yaml')];
  assert.equal([ours.uid, ours.type, ours.url], [committed.uid, committed.type, 'http://prometheus:9090']);
});

test('the image has of the built program what the npm package has', () => {
  const { files } = JSON.parse(readFileSync(join(folder, '../package.json'), 'utf8')) as { files: string[] };
  const copied = readFileSync(join(folder, 'Dockerfile'), 'utf8').matchAll(/^COPY --from=build \/src\/(dist\S*) /gm);
  assert.equal(
    [...copied].map(([, path]) => path),
    files.filter(path => path.startsWith('dist')),
  );
});

test.run();
