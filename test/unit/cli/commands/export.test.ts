import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { writeDashboards, writeRules } from '../../../../src/cli/commands/export.ts';
import { diskFiles } from '../../../../src/config/load.ts';
import { readFolder } from '../../../../src/sys/read-folder.ts';
import { writeFile } from '../../../../src/sys/write-file.ts';
import { suite } from '../../../support/suite.ts';
import { createFakeIo } from '../fake-io.ts';

const test = suite('cli/commands/export');
const root = resolve(import.meta.dirname, '../../../..');
let directory = '';
test.beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'checkalived-export-')), 'made');
});
test.afterEach(() => rmSync(resolve(directory, '..'), { recursive: true }));

const alerts = {
  'rules/servers.yml':
    'runbook_url: https://github.com/checkalived/checkalived/blob/main/docs/runbooks/RealServerDown.md\n',
  'rules/tests/servers.yml': 'a test of the rules\n',
  'alertmanager.yml': 'route: {}\n',
  'smtp.ts': 'source\n',
};

function filesOf(packaged: Readonly<Record<string, string>> | null = null) {
  return {
    readPackaged: (name: string) =>
      packaged === null ? readFolder(join(root, name)) : new Map(Object.entries(packaged)),
    readFile: diskFiles.read,
    writeFile,
  };
}

const read = (name: string): string => readFileSync(join(directory, name), 'utf8');

test('the dashboards are written as they are committed, and listed', async () => {
  const io = createFakeIo();
  assert.is(await writeDashboards({ directory, force: false }, io, filesOf()), 0);
  for (const name of ['json/overview.json', 'json/agent.json', 'optional/json/event-history.json']) {
    assert.is(read(name), readFileSync(join(root, 'dashboards', name), 'utf8'));
    assert.match(io.stdout.text, `${join(directory, name)}: written\n`);
  }
  assert.is(io.stderr.text, '');
  assert.equal(
    [...readFolder(directory).keys()].filter(name => !/\.(?:json|yaml)$/.test(name)),
    [],
    'no source is among them',
  );
});

test('the provisioning names the directory that was written to', async () => {
  await writeDashboards({ directory, force: false }, createFakeIo(), filesOf());
  const pathOf = (name: string): string => parse(read(name)).providers[0].options.path;
  assert.is(pathOf('provisioning/dashboards/checkalived.yaml'), join(directory, 'json'));
  assert.is(pathOf('optional/provisioning/dashboards/checkalived-history.yaml'), join(directory, 'optional/json'));
  const { datasources } = parse(read('optional/provisioning/datasources/checkalived-history.yaml'));
  assert.is(datasources[0].jsonData.path, '/var/lib/checkalived/checkalived.db', 'another path is left alone');
});

test('a second time nothing is written', async () => {
  await writeDashboards({ directory, force: false }, createFakeIo(), filesOf());
  const io = createFakeIo();
  const refusing = { ...filesOf(), writeFile: () => ({ ok: false, detail: 'not to be called' }) as const };
  assert.is(await writeDashboards({ directory, force: false }, io, refusing), 0);
  assert.not.match(io.stdout.text, ': written');
  assert.match(io.stdout.text, 'overview.json: there already\n');
});

test('a file that differs is not overwritten, and nothing else is written', async () => {
  const mine = join(directory, 'alertmanager.yml');
  mkdirSync(directory);
  writeFileSync(mine, 'mine\n');
  const io = createFakeIo();
  assert.is(await writeRules({ directory, force: false }, io, filesOf(alerts)), 1);
  assert.is(read('alertmanager.yml'), 'mine\n');
  assert.equal([...readFolder(directory).keys()], ['alertmanager.yml']);
  assert.is(
    io.stderr.text,
    `checkalived: ${mine} is there, and differs\ncheckalived: nothing is written, for 1 file would be lost: take another directory, or --force\n`,
  );
});

test('--force overwrites', async () => {
  mkdirSync(directory);
  writeFileSync(join(directory, 'alertmanager.yml'), 'mine\n');
  assert.is(await writeRules({ directory, force: true }, createFakeIo(), filesOf(alerts)), 0);
  assert.is(read('alertmanager.yml'), 'route: {}\n');
});

test('of the alerts the rules and the example are written, without tests and sources', async () => {
  assert.is(await writeRules({ directory, force: false }, createFakeIo(), filesOf(alerts)), 0);
  assert.equal([...readFolder(directory).keys()], ['alertmanager.yml', 'rules/servers.yml']);
  assert.is(read('rules/servers.yml'), alerts['rules/servers.yml']);
});

test('--runbooks puts another address in place of ours, with or without a slash at its end', async () => {
  for (const runbooks of ['https://wiki.example.net/lvs', 'https://wiki.example.net/lvs/']) {
    await writeRules({ directory, force: true, runbooks }, createFakeIo(), filesOf(alerts));
    assert.is(read('rules/servers.yml'), 'runbook_url: https://wiki.example.net/lvs/RealServerDown.md\n');
  }
});

test('what is in the way is told', async () => {
  mkdirSync(join(directory, 'alertmanager.yml'), { recursive: true });
  const io = createFakeIo();
  assert.is(await writeRules({ directory, force: true }, io, filesOf(alerts)), 1);
  assert.match(io.stderr.text, /^checkalived: nothing is written: .*alertmanager\.yml cannot be read: /);
  const full = { ...filesOf(alerts), writeFile: () => ({ ok: false, detail: 'no space left on device' }) as const };
  const other = createFakeIo();
  assert.is(await writeRules({ directory: `${directory}-2`, force: false }, other, full), 1);
  assert.match(other.stderr.text, 'cannot be written: no space left on device; see to the directory and start again\n');
});

test('an installation without the files says so', async () => {
  const io = createFakeIo();
  assert.is(await writeRules({ directory, force: false }, io, filesOf({})), 1);
  assert.match(io.stderr.text, 'install the whole package again');
});

test('the files that are copied are in the package', () => {
  const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const copied = ['json', 'optional', 'provisioning'].map(name => `dashboards/${name}`);
  for (const name of [...copied, 'alerts/rules/*.yml', 'alerts/alertmanager.yml'])
    assert.ok(files.includes(name), name);
});

test.run();
