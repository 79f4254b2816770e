import * as assert from 'uvu/assert';
import { listDashboards } from '../../../dashboards/all.ts';
import { suite } from '../../support/suite.ts';
import { linterRules } from './linter-rules.ts';
import { ownRules } from './own-rules.ts';
import { expressionsOf, type Plain, panelsOf } from './plain.ts';

const test = suite('dashboards/lint');
const all: readonly Plain[] = [...listDashboards().values()];
/** That of SQLite has another data source, and no PromQL. */
const history = 'checkalived-event-history';
const ofBoth = ['panel-title-description', 'panel-units', 'uneditable'];
const notForSql = ['an override is for', 'a table is sorted'];

for (const { name, find, damage } of [...linterRules, ...ownRules]) {
  const isForSql = linterRules.some(rule => rule.name === name)
    ? ofBoth.some(word => name.startsWith(word))
    : !notForSql.some(word => name.startsWith(word));
  for (const dashboard of all) {
    if (dashboard['uid'] === history && !isForSql) continue;
    test(`${dashboard['uid']}: ${name}`, () => assert.equal(find(dashboard, all), []));
  }

  test(`seen where it does not hold: ${name}`, () => {
    const damaged = structuredClone(all[0]) as Plain;
    damage(damaged);
    assert.ok(find(damaged, all).length > 0);
  });
}

test('the rules see panels, expressions and annotations of every dashboard', () => {
  for (const dashboard of all.filter(({ uid }) => uid !== history)) {
    const expressions = expressionsOf(dashboard).map(({ place }) => place);
    assert.ok(panelsOf(dashboard).length >= 9);
    assert.ok(expressions.length > panelsOf(dashboard).length);
    assert.ok(expressions.includes('instance'));
  }
});

test('a variable of one value is compared as it is, for an IPv6 address is no regular expression of itself', () => {
  for (const dashboard of all) {
    for (const { name, multi, type } of dashboard['templating'].list) {
      if (type !== 'query') continue;
      const right = multi ? `${name}=~"$${name}"` : `${name}="$${name}"`;
      for (const { expression, place } of expressionsOf(dashboard)) {
        const uses = expression.match(new RegExp(`\\w+=~?"\\$${name}"`, 'g')) ?? [];
        for (const use of uses) assert.is(use, right, place);
      }
    }
  }
});

test.run();
