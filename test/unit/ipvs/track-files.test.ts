import * as assert from 'uvu/assert';
import { createDryRunFiles } from '../../../src/ipvs/dry-run-files.ts';
import { createTrackFileDriver } from '../../../src/ipvs/track-files.ts';
import { rsId, vsId } from '../../../src/model/ids.ts';
import type { DesiredVerdict, IpvsChange } from '../../../src/model/ipvs.ts';
import type { ValueFiles } from '../../../src/model/ports.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { suite } from '../../support/suite.ts';
import { desired, service, tcp } from './build.ts';

const test = suite('ipvs/track-files');
const name = 'tcp_10.0.0.1:80_10.0.0.2:80';

/** Files in memory; `writes` has them in the order of writing, `broken` names those that cannot be written. */
function memoryFiles(initial: Readonly<Record<string, string>> = {}, broken: readonly string[] = []) {
  const found = new Map(Object.entries(initial));
  const writes: string[] = [];
  const files: ValueFiles = {
    open: async () => {},
    read: async file => found.get(file) ?? null,
    async write(file, text) {
      if (broken.includes(file)) throw new Error('EROFS: read-only file system');
      found.set(file, text);
      writes.push(`${file} ${text}`);
    },
  };
  return { files, found, writes };
}

function change(verdict: Partial<DesiredVerdict>, more: readonly DesiredVerdict[] = []): IpvsChange {
  const whole = {
    virtualServer: vsId('tcp/10.0.0.1:80'),
    realServer: rsId('10.0.0.2:80'),
    up: true,
    weightChange: 0,
    ...verdict,
  };
  return { desired: [desired({ verdicts: [whole, ...more] })] };
}

test('up is 0, down is 1, and a weight as configured needs no file', async () => {
  const { files, writes } = memoryFiles();
  const driver = createTrackFileDriver({ files });
  assert.equal((await driver.apply([change({ up: true })])).outcomes, [{ ok: true }]);
  await driver.apply([change({ up: false })]);
  assert.equal(writes, [`${name} 0\n`, `${name} 1\n`]);
});

test('who comes has its weight before, who goes leaves before its weight is taken back', async () => {
  const { files, writes } = memoryFiles();
  const driver = createTrackFileDriver({ files });
  await driver.apply([change({ up: true, weightChange: -7 })]);
  await driver.apply([change({ up: false })]);
  assert.equal(writes, [`${name}.weight -7\n`, `${name} 0\n`, `${name} 1\n`, `${name}.weight 0\n`]);
});

test('what the files say already is not written, however the line ends', async () => {
  const { files, writes } = memoryFiles({ [name]: ' 1', [`${name}.weight`]: '4\n' });
  const driver = createTrackFileDriver({ files });
  const applied = await driver.apply([change({ up: false, weightChange: 4 })]);
  assert.equal(applied, { outcomes: [{ ok: true }], written: [], table: { services: [] } });
  assert.equal(writes, []);
});

test('what is written is told with its meaning and its service', async () => {
  const driver = createTrackFileDriver({ files: memoryFiles({ [name]: '0\n' }).files });
  const { written } = await driver.apply([change({ up: false, weightChange: 3 })]);
  const value = { service: tcp(80), operation: 'set-value', ok: true };
  assert.equal(written, [
    { ...value, text: `value file ${name}: 1 (down)` },
    { ...value, text: `value file ${name}.weight: 3 (change of the weight)` },
  ]);
});

test('a file that cannot be written fails its own change, and the others are written', async () => {
  const { files, found } = memoryFiles({}, [name]);
  const driver = createTrackFileDriver({ files });
  const third = { virtualServer: vsId('tcp/10.0.0.1:80'), realServer: rsId('10.0.0.3:80'), up: false, weightChange: 0 };
  const other = { ...third, virtualServer: vsId('tcp/10.0.0.1:81') };
  const second = { desired: [desired({ service: service({ key: tcp(81) }), verdicts: [other] })] };
  const { outcomes } = await driver.apply([change({}, [third]), second]);
  assert.equal(outcomes, [
    { ok: false, detail: `the value file ${name} cannot be written (EROFS: read-only file system)` },
    { ok: true },
  ]);
  assert.equal(
    [...found],
    [
      ['tcp_10.0.0.1:80_10.0.0.3:80', '1\n'],
      ['tcp_10.0.0.1:81_10.0.0.3:80', '1\n'],
    ],
  );
});

test('of many files that cannot be written one is named, and how many more', async () => {
  const driver = createTrackFileDriver({ files: memoryFiles({}, [name, `${name}.weight`]).files });
  const [outcome] = (await driver.apply([change({ weightChange: 1 })])).outcomes;
  assert.match(outcome?.ok === false ? outcome.detail : '', /\.weight cannot be written .*; and 1 more$/);
});

test('a directory that cannot be used is a sentence for the operator', async () => {
  const files = { ...memoryFiles().files, open: () => Promise.reject(new Error('EACCES: permission denied')) };
  const fault = await createTrackFileDriver({ files })
    .open()
    .catch((error: Error) => error.message);
  assert.is(
    fault,
    'The directory of the value files cannot be used (EACCES: permission denied): name another one by track_dir, or run as a user who may write there',
  );
});

test('a rehearsal says each value once and writes none', async () => {
  const { files, writes } = memoryFiles({ [name]: '0\n' });
  const log = new RecordingLog();
  const driver = createTrackFileDriver({ files: createDryRunFiles({ files, log }) });
  await driver.open();
  await driver.apply([change({ up: false })]);
  await driver.apply([change({ up: false })]);
  assert.equal(writes, []);
  assert.equal(
    log.lines.map(line => line.message),
    [`Dry run, not done: value file ${name}: 1`],
  );
});

test.run();
