// Does `keepalived -t` complain exactly where we say that it does?
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { agreesWithCommand } from './command.ts';
import { type Comparison, compare, isSilent } from './compare.ts';
import { type Input, listInputs } from './inputs.ts';
import { type Keepalived, startKeepalived, whyNoKeepalived } from './keepalived.ts';
import { makeMutations, mutate } from './mutations.ts';
import { agreement, describeDifference, formatTallies, group, listStale, type Tally, tally } from './summary.ts';

/** Replays a run: DIFFERENTIAL_SEED=N; DIFFERENTIAL_COUNT=N makes another number of mutations. */
const seed = Number(process.env['DIFFERENTIAL_SEED'] ?? Math.trunc(Math.random() * 0x7fffffff));
const count = Number(process.env['DIFFERENTIAL_COUNT'] ?? 2000);
/** Where every difference is written in full, with the mutated files. */
const details = process.env['DIFFERENTIAL_DETAILS'];
const sampleSize = 20;
const shownChanges = 6;
const shownGroups = 15;
/** Its sequences make 30,000 real servers: a mutation takes seconds, and keepalived hangs on many. */
const notMutated: readonly string[] = ['corpus/128.conf'];

const test = suite('differential/config', 600_000);
const missing = whyNoKeepalived();
if (missing !== null) {
  test('keepalived is here to compare with', () => {
    throw new Error(`Nothing can be compared: ${missing}.`);
  });
} else compareAll();

function compareAll(): void {
  const workers = [startKeepalived(), startKeepalived()];
  const sets = listInputs();
  const compared = new Map<string, readonly Comparison[]>();
  const tallies: Tally[] = [];
  const take = (set: string, comparisons: readonly Comparison[]): Tally => {
    const result = tally(set, comparisons);
    compared.set(set, comparisons);
    tallies.push(result);
    report(result);
    return result;
  };
  test.after(async () => {
    await Promise.all(workers.map(worker => worker.close()));
    console.log(`\n${formatTallies(tallies)}`);
  });

  for (const [set, inputs] of sets)
    test(`${set}: the same files are complained of, but for the known differences`, async () => {
      const { unexplained } = take(set, await compareInputs(inputs, workers));
      assert.equal(
        unexplained.map(({ input }) => input.name),
        [],
      );
    });

  test('the command says what the reader says', async () => {
    const all = [...sets.values()].flat();
    const sample = all.filter((_, index) => index % Math.ceil(all.length / sampleSize) === 0);
    const wrong = await Promise.all(sample.map(async input => ((await agreesWithCommand(input)) ? [] : [input.name])));
    assert.equal(wrong.flat(), []);
  });

  const measured = ['malformed', 'corpus'].filter(set => sets.has(set));
  if (measured.length > 0)
    test(`${measured.join(' and ')}: at least 98 % agree`, () => {
      const all = tally(
        '',
        measured.flatMap(set => compared.get(set) ?? []),
      );
      assert.ok(agreement(all) >= 98, `${agreement(all).toFixed(2)} %`);
    });

  test('every known difference is still met', () => {
    assert.equal(listStale(compared), []);
  });

  test(`${count} mutations of seed ${seed}: at least 97 % agree, of those of good files too`, async () => {
    const directory = mkdtempSync(join(tmpdir(), 'checkalived-differential-'));
    try {
      const mutated = writeMutations(listBases(sets), directory);
      const comparisons = await compareInputs(mutated, workers);
      const good = new Set(
        [...compared.values()]
          .flat()
          .filter(isSilent)
          .map(({ input }) => input),
      );
      // Where the file was bad before, a mutation shows little: both go on complaining.
      const ofGood = comparisons.filter(({ input }) => input.base !== undefined && good.has(input.base));
      for (const result of [take('mutations', comparisons), take('of good files', ofGood)])
        assert.ok(agreement(result) >= 97, `${result.set}: ${agreement(result).toFixed(2)} %`);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
}

/** All files, on all workers; the comparisons come in the order of the files. */
async function compareInputs(inputs: readonly Input[], workers: readonly Keepalived[]): Promise<readonly Comparison[]> {
  const comparisons: Comparison[] = [];
  const left = inputs.entries();
  await Promise.all(
    workers.map(async worker => {
      for (const [index, input] of left)
        comparisons[index] = compare(input, await worker.test(input.path, input.options));
    }),
  );
  return comparisons;
}

function listBases(sets: ReadonlyMap<string, readonly Input[]>): readonly Input[] {
  return [...sets].flatMap(([set, inputs]) => inputs.filter(({ name }) => !notMutated.includes(`${set}/${name}`)));
}

function writeMutations(bases: readonly Input[], directory: string): readonly Input[] {
  const texts = bases.map(({ path }) => readFileSync(path, 'latin1'));
  const keywords = listKeywords(texts);
  return makeMutations(seed, count).map(({ file, edits }, number) => {
    const index = file % bases.length;
    const base = bases[index];
    const path = join(directory, `${number}.conf`);
    const before = texts[index] ?? '';
    const after = mutate(before, edits, keywords);
    writeFileSync(path, after, 'latin1');
    const name = `${number}: ${base?.name} (${edits.map(({ kind }) => kind).join(', ')})`;
    const changes = listChanges(before, after);
    return { name, path, options: base?.options ?? [], ...(base && { base }), changes };
  });
}

/** The words that begin a line anywhere: not from our tables, so that a seed stays the same when they grow. */
function listKeywords(texts: readonly string[]): readonly string[] {
  const words = texts.flatMap(text => [...text.matchAll(/^\s*([a-z_]{2,})\b/gim)].map(match => match[1] ?? ''));
  return [...new Set(words)].sort();
}

/** The lines that are gone and those that have come, without their order, as far as a reader can take them in. */
function listChanges(before: string, after: string): readonly string[] {
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  const gone = old.flatMap((line, index) => (fresh.includes(line) ? [] : [`- ${index + 1}: ${line}`]));
  const come = fresh.flatMap((line, index) => (old.includes(line) ? [] : [`+ ${index + 1}: ${line}`]));
  return [...gone.slice(0, shownChanges), ...come.slice(0, shownChanges)];
}

function report({ set, explained, unexplained }: Tally): void {
  const groups = group(unexplained);
  if (groups.length > 0) console.log(`\n${set}: ${unexplained.length} unexplained differences, by kind:`);
  for (const { title, members } of groups.slice(0, shownGroups)) {
    console.log(`${String(members.length).padStart(5)}  ${title}\n         such as ${members[0]?.input.name}`);
  }
  if (groups.length > shownGroups) console.log(`       and ${groups.length - shownGroups} kinds more`);
  if (details === undefined) return;
  const folder = join(details, set);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const sections = groups.map(({ title, members }) =>
    [`## ${members.length} × ${title}`, ...members.map(describeDifference)].join('\n'),
  );
  const known = explained.length > 0 ? [['## Explained', ...explained.map(describeDifference)].join('\n')] : [];
  writeFileSync(join(folder, 'differences.txt'), `${[...sections, ...known].join('\n\n')}\n`);
  for (const { input } of unexplained)
    writeFileSync(join(folder, input.path.split('/').at(-1) ?? ''), readFileSync(input.path));
}

test.run();
