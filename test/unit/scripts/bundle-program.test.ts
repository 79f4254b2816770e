import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Metafile } from 'esbuild';
import * as assert from 'uvu/assert';
import { bundleProgram } from '../../../scripts/bundle/bundle-program.ts';
import { suite } from '../../support/suite.ts';

const test = suite('bundle-program');
let directory = '';
let outputs: Metafile['outputs'] = {};

test.before(() => {
  directory = mkdtempSync(join(tmpdir(), 'checkalived-bundle-'));
  const all = Object.entries(bundleProgram(directory).outputs);
  outputs = Object.fromEntries(all.map(([path, output]) => [basename(path), output]));
});
test.after(() => rmSync(directory, { recursive: true }));

test('program, thread and helper process lie beside each other, by the names that they are started by', () => {
  for (const name of ['main.js', 'worker.js', 'command-helper.js']) assert.ok(existsSync(join(directory, name)), name);
  assert.equal(readdirSync(directory).sort(), Object.keys(outputs).sort());
});

test('what the agent does not do it does not load: commands and packages that are imported on use', () => {
  const { files, modules, outside } = loadedAtStart('main.js');
  assert.ok(files.length < 40, files.join(' '));
  assert.ok(modules.includes('src/cli/program.ts'));
  assert.equal(
    modules.filter(path => path.startsWith('src/cli/commands/')),
    [],
  );
  const onUse = /^(?:undici|nodemailer|dns-packet|koffi|pino-pretty|node-cron|node:tls|node:https|node:http2)(?:\/|$)/;
  assert.equal(
    outside.filter(name => onUse.test(name)),
    [],
  );
});

test('the thread and the helper process load little of the program', () => {
  for (const [name, most] of [
    ['worker.js', 100_000],
    ['command-helper.js', 50_000],
  ] as const) {
    const { bytes } = loadedAtStart(name);
    assert.ok(bytes < most, `${name}: ${bytes} bytes`);
  }
});

test('no module is in two files, for its state would be there twice', () => {
  const homes = Object.entries(outputs).flatMap(([name, { inputs }]) =>
    Object.keys(inputs).map(path => [path, name] as const),
  );
  assert.equal(
    homes.filter(([path], index) => homes.findIndex(([other]) => other === path) !== index),
    [],
  );
});

/** The files that come with this one, the modules in them, and what they import from Node and from packages. */
function loadedAtStart(entry: string) {
  const files = [entry];
  const outside = new Set<string>();
  // What is added to the list while it is gone through is gone through too.
  for (const file of files) {
    for (const { path, kind, external } of outputs[file]?.imports ?? []) {
      if (kind !== 'import-statement') continue;
      if (external) outside.add(path);
      else if (!files.includes(basename(path))) files.push(basename(path));
    }
  }
  const loaded = files.map(file => outputs[file]);
  const modules = loaded.flatMap(output => Object.keys(output?.inputs ?? {}));
  return {
    files,
    modules,
    outside: [...outside],
    bytes: loaded.reduce((sum, output) => sum + (output?.bytes ?? 0), 0),
  };
}

test.run();
