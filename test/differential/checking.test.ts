// Do the real keepalived and checkalived do the same with the same real servers? See README.md.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { type Run, runs, scenariosOf } from './checking/batches.ts';
import { listDocumented } from './checking/documented.ts';
import type { Judgement } from './checking/judge.ts';
import { type Played, playRun } from './checking/play.ts';
import { formatReport } from './checking/report.ts';
import type { Scenario } from './checking/scenario.ts';
import { whyNotHere } from './checking/start-side.ts';
import { whyNoKeepalived } from './keepalived.ts';

/** Plays only scenarios whose theme and name, as the tests are called, match. */
const filter = new RegExp(process.env['DIFFERENTIAL_SCENARIO'] ?? '', 'i');
/** Prints the traces of each scenario, and both logs. */
const isLoud = process.env['DIFFERENTIAL_TRACES'] === '1';

const test = suite('differential/checking', 600_000);
const missing = whyNoKeepalived() ?? whyNotHere();
if (missing !== null) {
  test('keepalived is here to compare with', () => {
    throw new Error(`Nothing can be compared: ${missing}.`);
  });
} else compareAll(runs.map(pick).filter(({ themes }) => themes.length > 0));

function pick(run: Run): Run {
  const themes = run.themes.map(({ name, scenarios }) => ({
    name,
    scenarios: scenarios.filter(scenario => filter.test(`${name}: ${scenario.name}`)),
  }));
  return { ...run, themes: themes.filter(({ scenarios }) => scenarios.length > 0) };
}

function compareAll(chosen: readonly Run[]): void {
  const played = playAll(chosen);
  const judgements = new Map<string, Judgement[]>();
  for (const [index, { themes }] of chosen.entries()) {
    for (const { name, scenarios } of themes) {
      const ofTheme: Judgement[] = [];
      judgements.set(name, ofTheme);
      for (const scenario of scenarios)
        test(`${name}: ${scenario.name}`, async () => {
          const { judgement, traces, logs } = await played(index, scenario);
          ofTheme.push(judgement);
          const isWrong = judgement.outcome === 'unexplained';
          if (isLoud || isWrong) console.log(`\n${name}: ${scenario.name}\n${traces}`);
          if (isLoud) console.log(logs);
          if (isWrong) throw new Error(judgement.complaints.join('\n    '));
        });
    }
  }

  test('every documented difference stands in docs/differences.md and is shown by a scenario', () => {
    const text = readFileSync(join(import.meta.dirname, '../../docs/differences.md'), 'utf8');
    const used = new Set(scenariosOf().flatMap(({ scenario }) => (scenario.differs ?? []).map(({ id }) => id)));
    for (const { id, line } of listDocumented()) {
      assert.ok(text.includes(line), `docs/differences.md does not say "${line}"`);
      assert.ok(used.has(id), `no scenario shows "${id}"`);
    }
  });

  test.after(() => console.log(`\n${formatReport(judgements)}`));
}

/** Begins with the first test that asks. One run after the other: the start of one would make the times of another uncertain. */
function playAll(chosen: readonly Run[]): (run: number, scenario: Scenario) => Promise<Played> {
  const played: Promise<ReadonlyMap<Scenario, Played>>[] = [];
  return async (index, scenario) => {
    for (const run of chosen.slice(played.length)) {
      const before: Promise<unknown> = played.at(-1) ?? Promise.resolve();
      const next = before.catch(() => {}).then(() => playRun(run));
      // The test that asks for it hears of it.
      next.catch(() => {});
      played.push(next);
    }
    const answer = (await played[index])?.get(scenario);
    if (!answer) throw new Error(`"${scenario.name}" was not played.`);
    return answer;
  };
}

test.run();
