import * as assert from 'uvu/assert';
import { file } from '../../../checks/file.ts';
import { applyResult, createChecker } from '../../../src/health/checker-state.ts';
import { judgeRealServer } from '../../../src/health/real-server.ts';
import type { CheckTarget } from '../../../src/model/check.ts';
import { checkFiles } from '../../../src/sys/check-files.ts';
import { blockValues } from '../../../testing/block-values.ts';
import { makeContext, makeTarget } from '../../../testing/check-context.ts';
import { planCheck, planRealServer } from '../../support/plans.ts';
import { conformPush } from '../../support/push-conformance.ts';
import { suite } from '../../support/suite.ts';
import { readText, realServer } from '../config/read-text.ts';

const test = suite('FILE_CHECK');

const span = { file: 'test.conf', line: 1, column: 1, length: 1 };
const trackFile: CheckTarget['trackFile'] = name =>
  name === 'load' ? { name, path: '/run/load', weight: { weight: 3, reverse: true }, init: null, span } : undefined;
type Weight = { readonly weight: number; readonly reverse: boolean };

function plan(given: Record<string, unknown>) {
  const faults: string[] = [];
  const values = blockValues(file.params, given);
  const [spec] = file.plan(values, makeTarget({ trackFile }), (severity, code, message) =>
    faults.push(`${severity} ${code}: ${message}`),
  );
  return spec ?? faults.join();
}

/** What the check says of a file with this text; null = there is none. */
function check(content: string | null | Error, { weight, reverse }: Weight = { weight: 1, reverse: false }) {
  const files = {
    read: async (_: string, limit: number) => {
      if (content instanceof Error) throw content;
      return content === null ? null : new TextEncoder().encode(content).subarray(0, limit);
    },
    watch: () => () => {},
  };
  return file.check({ path: '/run/load', weight, reverse }, makeContext({ files }));
}
const deltaOf = async (content: string | null, weight?: Weight): Promise<unknown> => {
  const result = await check(content, weight);
  if (result.ok) return result.weight ?? 'up';
  return result.inconclusive ? 'no verdict' : result.reason;
};

test('path comes from the track_file, weight and reverse together from the block, else from the track_file', () => {
  assert.equal(plan({ track_file: 'load' }), { path: '/run/load', weight: 3, reverse: true });
  const weight = { weight: -2, reverse: false };
  assert.equal(plan({ track_file: 'load', weight }), { path: '/run/load', ...weight });
});

test('a block without a track_file, or with one that is not there, is an error', () => {
  assert.is(plan({}), 'error no-track-file: FILE_CHECK cannot be used: it names no track_file.');
  assert.match(String(plan({ track_file: 'x' })), 'no track_file x stands before it');
});

const numbers: Readonly<Record<string, number | 'no verdict'>> = {
  '3\n': 3,
  ' \t\n-4 and more': -4,
  '+7': 7,
  '0x1F': 31,
  '-0Xff': -255,
  '0x': 0,
  '0xg': 0,
  '017': 15,
  '08': 0,
  '': 0,
  'up\n': 0,
  '5\x006': 5,
  '1e3': 1,
  '2147483648': 2_147_483_647,
  '2147483649': 'no verdict',
  '-2147483647': -2_147_483_647,
  '-2147483649': 'no verdict',
  '99999999999999999999999': 'no verdict',
};
for (const [text, number] of Object.entries(numbers)) {
  test(`${JSON.stringify(text)} is read as keepalived reads it: ${number}`, async () => {
    assert.equal(await deltaOf(text), typeof number === 'number' ? { delta: number } : number);
  });
}

test('only the first 127 bytes count', async () => {
  assert.equal(await deltaOf(`${' '.repeat(126)}45`), { delta: 4 });
  assert.equal(await deltaOf(`${' '.repeat(127)}45`), { delta: 0 });
});

test('the number times the weight is added, with reverse its negative, and no file is 0', async () => {
  assert.equal(await deltaOf('3', { weight: 2, reverse: false }), { delta: 6 });
  assert.equal(await deltaOf('3', { weight: 2, reverse: true }), { delta: -6 });
  assert.equal(await deltaOf('-3', { weight: -2, reverse: true }), { delta: -6 });
  assert.equal(await deltaOf(null, { weight: 2, reverse: true }), { delta: 0 });
  assert.equal(await deltaOf('2147483647', { weight: 254, reverse: false }), { delta: 2_147_483_647 });
});

test('what comes to -2^31 or less fails, whatever the weight is', async () => {
  assert.is(await deltaOf('-2147483648'), 'file');
  assert.is(await deltaOf('2147483648', { weight: 1, reverse: true }), 'file');
  assert.is(await deltaOf('-1073741824', { weight: 2, reverse: false }), 'file');
  assert.equal(await deltaOf('-1073741823', { weight: 2, reverse: false }), { delta: -2_147_483_646 });
});

test('with weight 0 another number than 0 fails, with 0 reverse 0 does', async () => {
  const results = await Promise.all(['0', '1', '-1', null].map(text => deltaOf(text, { weight: 0, reverse: false })));
  assert.equal(results, ['up', 'file', 'file', 'up']);
  const reversed = await Promise.all(['0', '1', '-1', null].map(text => deltaOf(text, { weight: 0, reverse: true })));
  assert.equal(reversed, ['file', 'up', 'up', 'file']);
});

test('what cannot be read is no verdict, and the detail says why', async () => {
  const result = await check(new Error('EACCES: permission denied, open'));
  assert.equal(result, {
    ok: false,
    inconclusive: true,
    took: 0,
    reason: 'file',
    detail: '/run/load: EACCES: permission denied, open',
  });
});

test('the weights of several files add up, one that has failed takes the server down and forgets its own', async () => {
  const checkPlan = planCheck('a');
  const up = createChecker('up');
  const server = planRealServer(2, { weight: 10, checks: [checkPlan, planCheck('b')] });
  const apply = async (content: string, state = up) =>
    applyResult(checkPlan, state, await check(content), 'at_once').state;
  const judge = (...checkers: (typeof up)[]) => {
    const { inService, weight } = judgeRealServer(server, { checkers, assumed: 'up' });
    return [inService, weight];
  };
  const plusSix = await apply('6');
  assert.equal(judge(plusSix, await apply('-4')), [true, 12]);
  assert.equal(judge(plusSix, await apply('-20')), [true, 0]);
  assert.equal(judge(plusSix, await apply('-2147483648')), [false, 16]);
  // A number beyond 32 bits changes nothing, in the beginning neither.
  assert.is(await apply('4294967296', plusSix), plusSix);
  assert.is(await apply('4294967296'), up);
});

const before = 'track_file tf {\nfile /run/x\n}\n';
const behind = 'track_file later {\nfile /run/y\n}\n';
/** Recorded from keepalived 2.2.7; `!` = its -t exits for it. */
const verdicts: Readonly<Record<string, string>> = {
  'FILE_CHECK {\ntrack_file tf\nweight 5 reverse\n}': '',
  'FILE_CHECK {\n}': '!no-track-file',
  'FILE_CHECK {\ntrack_file other\n}': '!no-track-file',
  'FILE_CHECK {\ntrack_file later\n}': '!no-track-file',
  'FILE_CHECK {\ntrack_file tf\nweight 5 foo\n}': '!bad-value',
  'FILE_CHECK {\ntrack_file tf\nretry 1\n}': '!unknown-keyword',
};
for (const [block, expected] of Object.entries(verdicts)) {
  test(`${block.replaceAll('\n', '; ')} is judged as keepalived does`, () => {
    const { diagnostics } = readText(before + realServer(block) + behind);
    const inBlock = diagnostics.filter(each => each.line > 5 && each.line < 15 && each.severity !== 'hint');
    assert.is(inBlock.map(each => (each.keepalived ? '!' : '') + each.code).join(' '), expected);
  });
}

test('retry, rise and alpha around it do not count, delay_loop does', () => {
  const block = 'retry 3\ndelay_loop 7\nalpha\n@checkalived rise 4\nFILE_CHECK {\ntrack_file tf\n}';
  const { config } = readText(before + realServer(block));
  const [plan] = config.virtualServers[0]?.realServers[0]?.checks ?? [];
  assert.equal(
    [plan?.retry, plan?.rise, plan?.alpha, plan?.schedule],
    [0, 1, false, { kind: 'interval', every: 7000 }],
  );
});

conformPush(test, file, {
  files: checkFiles,
  specOf: path => ({ path, weight: 1, reverse: false }),
  numberIn: result =>
    result.ok && typeof result.weight === 'object' && 'delta' in result.weight ? result.weight.delta : null,
});

test.run();
