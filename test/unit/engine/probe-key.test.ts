import * as assert from 'uvu/assert';
import { checkers } from '../../../checks/index.ts';
import { probeKeyOf } from '../../../src/engine/probe-key.ts';
import type { CheckPlan } from '../../../src/model/check.ts';
import { secret } from '../../../src/model/secret.ts';
import { planCheck } from '../../support/plans.ts';
import { suite } from '../../support/suite.ts';
import { fakeChecker, readText } from '../config/read-text.ts';

const test = suite('engine/probe-key');
const fake = fakeChecker('FAKE_CHECK');
const keyOf = (over: Partial<CheckPlan>): string => probeKeyOf(planCheck('a', { spec: 'same', ...over }), fake);

test('id, warmup, alpha, watch and what is logged and mailed do not keep two checks apart', () => {
  const other = planCheck('b', {
    spec: 'same',
    warmup: 77,
    alpha: true,
    watch: true,
    logAllFailures: true,
    mail: { up: 'x', down: 'y' },
  });
  assert.is(probeKeyOf(other, fake), keyOf({}));
});

for (const [what, over] of [
  ['another spec', { spec: 'other' }],
  ['another type', { type: 'OTHER_CHECK' }],
  ['another interval', { schedule: { kind: 'interval', every: 2000 } }],
  ['a calendar', { schedule: { kind: 'cron', expression: '* * * * *' } }],
  ['another pace', { pace: 'start' }],
  ['another retry', { retry: 1 }],
  ['another delay_before_retry', { delayBeforeRetry: 101 }],
  ['another rise', { rise: 2 }],
] as const) {
  test(`${what} is another probe`, () => assert.is.not(keyOf(over), keyOf({})));
}

test('what is solitary, or of a checker that nobody knows, shares with none', () => {
  const solitary = fakeChecker('FAKE_CHECK', [], { solitary: 'it writes' });
  for (const checker of [solitary, undefined]) {
    const keys = ['a', 'b'].map(id => probeKeyOf(planCheck(id, { spec: 'same' }), checker));
    assert.is.not(keys[0], keys[1]);
  }
});

test('two passwords are two probes, though both are shown as <secret>', () => {
  const withPassword = (text: string) => keyOf({ spec: { headers: [{ name: 'Cookie', value: secret(text) }] } });
  assert.is(withPassword('one'), withPassword('one'));
  assert.is.not(withPassword('one'), withPassword('two'));
});

test('what looks like a secret that is shown is not the secret', () => {
  assert.is.not(keyOf({ spec: { password: secret('one') } }), keyOf({ spec: { password: 'one' } }));
});

/** The checks of two virtual servers over one real server, with these lines in it. */
function twoChecks(first: string, second: string): readonly CheckPlan[] {
  const text = [first, second]
    .map(
      (lines, index) =>
        `virtual_server 10.0.0.1 ${80 + index} {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\nreal_server 10.0.0.2 80 {\n${lines}\n}\n}`,
    )
    .join('\n');
  return readText(text).config.virtualServers.flatMap(vs => vs.realServers.flatMap(({ checks }) => checks));
}
function share(first: string, second = first): boolean {
  const plans = twoChecks(first, second);
  assert.is(plans.length, 2);
  const keys = plans.map(plan =>
    probeKeyOf(
      plan,
      checkers.find(({ keyword }) => keyword === plan.type),
    ),
  );
  return keys[0] === keys[1];
}

test('of our checkers all share but those that say why not', () => {
  assert.ok(share('TCP_CHECK { }'));
  assert.ok(share('HTTP_GET { url { path / } }'));
  assert.ok(share('SMTP_CHECK { }'));
  assert.not.ok(share('MISC_CHECK { misc_path /bin/true }'));
  assert.not.ok(share('TCP_CHECK { }', 'TCP_CHECK { connect_port 81 }'));
  assert.not.ok(share('TCP_CHECK { }', 'TCP_CHECK { bindto 127.0.0.2 }'));
  assert.not.ok(share('TCP_CHECK { }', 'TCP_CHECK { connect_timeout 3 }'));
  assert.not.ok(share('HTTP_GET { url { path / } }', 'HTTP_GET { virtualhost www.example.com\nurl { path / } }'));
});

test('two checks that send other cookies ask two things', () => {
  const withCookie = (text: string) => `HTTP_GET { url { path /\nheader Cookie "${text}" } }`;
  assert.ok(share(withCookie('user=one')));
  assert.not.ok(share(withCookie('user=one'), withCookie('user=two')));
});

test.run();
