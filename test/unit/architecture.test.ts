import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('architecture');
const root = resolve(import.meta.dirname, '../..');

/** Layer → layers (or files) that it may import from, besides itself. `node` = modules of Node, `npm` = packages. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'src/model': [],
  'src/config': ['src/model'],
  'src/config/load.ts': ['src/model', 'src/config', 'node'],
  'src/health': ['src/model'],
  'src/ipvs': ['src/model'],
  'src/notify': ['src/model', 'node'],
  'src/delivery': ['src/model'],
  'src/store': ['src/model', 'node', 'npm'],
  'src/metrics': ['src/model', 'src/metrics', 'npm'],
  'src/metrics/catalogue.ts': [],
  'src/web': ['src/model', 'node', 'npm'],
  'src/sys': ['src/model', 'node', 'npm'],
  checks: ['src/model', 'checks', 'node'],
  'checks/dns-message.ts': ['src/model', 'checks', 'node', 'npm'],
  'checks/dns-record.ts': ['node', 'npm'],
  alerts: ['src/model', 'node', 'npm'],
  'alerts/rules': ['src/metrics/catalogue.ts'],
  dashboards: ['src/metrics/catalogue.ts', 'npm'],
  testing: ['src/model', 'src/sys', 'node'],
  'src/engine': ['src/model', 'src/config', 'src/health', 'src/engine/probe-key.ts', 'npm'],
  // Digests.
  'src/engine/probe-key.ts': ['src/model', 'node'],
  'src/cli': [
    'src/model',
    'src/config',
    'src/health',
    'src/engine',
    'src/ipvs',
    'src/notify',
    'src/delivery',
    'src/store',
    'src/metrics',
    'src/web',
    'src/sys',
    'checks',
    'alerts',
    'node',
    'npm',
  ],
};
const sources = ['src', 'checks', 'alerts', 'dashboards', 'testing'].flatMap(folder =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts'))
    .map(file => join(folder, file)),
);

for (const file of sources) {
  test(`${file} imports only what its layer may see`, () => {
    const layer = layerOf(file);
    assert.ok(layer, `${file} is in no layer: add it to the table`);
    const may = allowed[layer] ?? [];
    for (const target of importsOf(file)) {
      const from = target.startsWith('.')
        ? layerOf(relative(root, resolve(root, dirname(file), target)))
        : target.startsWith('node:')
          ? 'node'
          : 'npm';
      const own = from === layer || (from !== undefined && layer.startsWith(`${from}/`));
      const seen = from !== undefined && may.some(other => from === other || from.startsWith(`${other}/`));
      assert.ok(own || seen, `${file} (${layer}) must not import ${target}`);
    }
  });
}

test('every layer of the table exists', () => {
  for (const layer of Object.keys(allowed)) {
    assert.ok(
      sources.some(file => file === layer || file.startsWith(`${layer}/`)),
      `${layer} has no file`,
    );
  }
});

/** The longest entry of the table that holds the file. */
function layerOf(file: string): string | undefined {
  return Object.keys(allowed)
    .filter(layer => file === layer || file.startsWith(`${layer}/`))
    .sort((a, b) => b.length - a.length)[0];
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [
    ...text.matchAll(/^\s*(?:import|export)\b[^'"]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm),
  ]
    .map(match => match[1] ?? match[2] ?? match[3])
    .filter(target => target !== undefined);
}

test.run();
