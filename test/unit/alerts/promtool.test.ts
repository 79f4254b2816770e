import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as assert from 'uvu/assert';
import { parse, stringify } from 'yaml';
import { isInstalled } from '../../support/installed.ts';
import { type Mutant, mutateRule, type YamlRule } from '../../support/rule-mutants.ts';
import { suite } from '../../support/suite.ts';

interface RuleGroup {
  readonly name: string;
  readonly rules: readonly YamlRule[];
}
interface AlertCase {
  readonly alertname: string;
  readonly eval_time: string;
  readonly exp_alerts: readonly { readonly exp_labels: Readonly<Record<string, string>> }[];
}
interface TestFile {
  readonly evaluation_interval: string;
  readonly tests: readonly {
    readonly alert_rule_test?: readonly AlertCase[];
    readonly promql_expr_test?: readonly unknown[];
  }[];
}

const test = suite('alerts/promtool', 180_000);
const folder = resolve(import.meta.dirname, '../../../alerts/rules');
const rulesFile = join(folder, 'checkalived.rules.yml');
const { groups }: { groups: readonly RuleGroup[] } = parse(readFileSync(rulesFile, 'utf8'));
const recordings = groups.flatMap(group => group.rules).filter(rule => rule.record);
const alerts = groups.flatMap(group => group.rules).filter(rule => rule.alert);
const testNames = readdirSync(join(folder, 'tests'));
const testFiles: readonly TestFile[] = testNames.map(name =>
  parse(readFileSync(join(folder, 'tests', name), 'utf8'), { merge: true }),
);
const cases = testFiles.flatMap(file => file.tests).flatMap(({ alert_rule_test }) => alert_rule_test ?? []);

/** Changes that no test can see, for they change nothing; each with its reason. */
const harmless: readonly (readonly [alert: string, change: RegExp])[] = [
  // What always fires goes on for nothing.
  ['CheckalivedWatchdog', /keep_firing_for/],
  // Of what stands behind `unless` only the labels count.
  ['CheckalivedQuorumNear', /sum → max at 206 of/],
];

test('every alert fires in a test, with each of its severities', () => {
  for (const { alert, labels } of alerts) {
    const fires = cases.some(
      ({ alertname, exp_alerts }) =>
        alertname === alert && exp_alerts.some(({ exp_labels }) => exp_labels['severity'] === labels?.['severity']),
    );
    assert.ok(fires, `${alert} ${labels?.['severity']}`);
  }
});

test('every alert but the one that always fires is silent in a test before and after it fires', () => {
  for (const alert of new Set(alerts.map(rule => rule.alert))) {
    if (alert === 'CheckalivedWatchdog') continue;
    const ended = testFiles
      .flatMap(file => file.tests)
      .some(({ alert_rule_test = [] }) => {
        const own = alert_rule_test.filter(({ alertname }) => alertname === alert);
        const states = own.map(({ exp_alerts }) => (exp_alerts.length > 0 ? 'fires' : 'silent'));
        return states[0] === 'silent' && states.includes('fires') && states.at(-1) === 'silent';
      });
    assert.ok(ended, String(alert));
  }
});

if (isInstalled('promtool', 'prometheus')) {
  test('promtool finds nothing in the rules, lint included', async () => {
    const { code, output } = await runPromtool(['check', 'rules', '--lint=all', '--lint-fatal', rulesFile]);
    assert.is(code, 0, output);
  });

  for (const name of testNames) {
    test(`promtool: ${name}`, async () => {
      const { code, output } = await runPromtool(['test', 'rules', join(folder, 'tests', name)]);
      assert.is(code, 0, output);
    });
  }

  test('a change of any threshold, time, comparison or matcher fails in a test', async () => {
    const home = mkdtempSync(join(tmpdir(), 'checkalived-rules-'));
    try {
      const mutants = [...alerts, ...recordings].flatMap(rule =>
        [...mutateRule(rule)].map(mutant => ({ of: rule, ...mutant })),
      );
      const written = mutants.flatMap((mutant, index) => writeMutant(home, index, mutant.of, mutant));
      const passed = await findPassing(written.map(({ path }) => path));
      const survivors = mutants
        .filter((_, index) => written.filter(({ mutant }) => mutant === index).every(({ path }) => passed.has(path)))
        .map(({ of, change }) => `${of.alert ?? of.record} ${of.labels?.['severity'] ?? ''}: ${change}`);
      const missed = survivors.filter(
        line => !harmless.some(([name, change]) => line.startsWith(`${name} `) && change.test(line)),
      );
      console.log(`${mutants.length - survivors.length} of ${mutants.length} mutants of rules fail in a test`);
      assert.equal(missed, []);
    } finally {
      rmSync(home, { recursive: true });
    }
  });
}

/** The rules with the mutant in place of its origin, and the tests that speak of it. */
function writeMutant(home: string, index: number, of: YamlRule, { rule }: Mutant): { mutant: number; path: string }[] {
  const others = of.alert ? alerts.filter(({ alert }) => alert === of.alert) : [];
  const rules = {
    groups: [
      { name: 'recordings', rules: recordingsFor(of).map(each => (each === of ? rule : each)) },
      { name: 'alerts', rules: others.map(each => (each === of ? rule : each)) },
    ],
  };
  writeFileSync(join(home, `${index}.rules.yml`), stringify(rules, { aliasDuplicateObjects: false }));
  return testFiles.flatMap(({ evaluation_interval, tests }, place) => {
    const own = of.alert
      ? tests
          .map(each => ({ ...each, alert_rule_test: each.alert_rule_test?.filter(one => one.alertname === of.alert) }))
          .filter(each => each.alert_rule_test?.length)
      : tests.filter(each => each.promql_expr_test);
    if (own.length === 0) return [];
    const path = join(home, `${index}.${place}.test.yml`);
    const file = {
      rule_files: [`${index}.rules.yml`],
      evaluation_interval,
      group_eval_order: ['recordings', 'alerts'],
      tests: own,
    };
    writeFileSync(path, stringify(file, { aliasDuplicateObjects: false }));
    return [{ mutant: index, path }];
  });
}

/** What the rule reads of what is recorded; of a recorded one everything. A second saved for each hundred mutants. */
function recordingsFor({ alert, expr }: YamlRule): readonly YamlRule[] {
  if (!alert) return recordings;
  const own = alerts.filter(rule => rule.alert === alert).map(rule => rule.expr);
  const read = recordings.filter(({ record = '' }) => [expr, ...own].some(text => text.includes(record)));
  return recordings.filter(({ record = '' }) =>
    read.some(rule => rule.record === record || rule.expr.includes(record)),
  );
}

/** The test files that pass: many in one process, for most of a run is promtool's start. */
async function findPassing(paths: readonly string[]): Promise<ReadonlySet<string>> {
  const halves = [paths.filter((_, place) => place % 2 === 0), paths.filter((_, place) => place % 2 === 1)];
  const outputs = await Promise.all(halves.map(half => runPromtool(['test', 'rules', ...half])));
  const found = outputs.flatMap(({ stdout }) => [...stdout.matchAll(/Unit Testing:\s+(\S+)\n\s*(SUCCESS)?/g)]);
  assert.is(found.length, paths.length, 'promtool must say something of each file');
  return new Set(found.filter(([, , success]) => success).map(([, path = '']) => path));
}

function runPromtool(arguments_: readonly string[]): Promise<{ code: number; stdout: string; output: string }> {
  return new Promise(done => {
    execFile('promtool', [...arguments_], { maxBuffer: 64 << 20 }, (fault, stdout, stderr) => {
      done({ code: fault ? 1 : 0, stdout, output: `${stdout}\n${stderr}` });
    });
  });
}

test.run();
