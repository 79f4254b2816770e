import * as assert from 'uvu/assert';
import { verify } from '../../../src/ipvs/verify.ts';
import { suite } from '../../support/suite.ts';
import { desired, destination, destinations, service, tableOf } from './build.ts';

const test = suite('ipvs/verify');
const wanted = [desired({ destinations: destinations({ 2: 1, 3: 0 }) })];

test('a table that is as desired is ok', () => {
  assert.equal(verify('manage', wanted, tableOf(service({}), destinations({ 2: 1, 3: 0 }))), { ok: true });
});

for (const [title, entries, detail] of [
  ['missing', { 2: 1 }, 'destination 10.0.0.3:80 of tcp/10.0.0.1:80 is not in the table'],
  ['left over', { 2: 1, 3: 0, 4: 1 }, 'destination 10.0.0.4:80 of tcp/10.0.0.1:80 is still in the table'],
  [
    'of another weight',
    { 2: 1, 3: 5 },
    'destination 10.0.0.3:80 of tcp/10.0.0.1:80 is "NAT weight 5" instead of "NAT weight 0"',
  ],
] as const) {
  test(`a destination that is ${title} is named`, () => {
    assert.equal(verify('manage', wanted, tableOf(service({}), destinations(entries))), { ok: false, detail });
  });
}

test('forwarding and thresholds are named', () => {
  const actual = tableOf(service({}), [
    destination({ upperThreshold: 9, lowerThreshold: 3, forwarding: { kind: 'TUN' } }),
    destination({ address: '10.0.0.3', weight: 0 }),
  ]);
  assert.match(JSON.stringify(verify('manage', wanted, actual)), /TUN weight 1 upper 9 lower 3/);
});

test('a service is missing, otherwise than wanted, or still there', () => {
  assert.match(
    JSON.stringify(verify('manage', wanted, { services: [] })),
    /service tcp\/10.0.0.1:80 is not in the table/,
  );
  const other = tableOf(service({ scheduler: 'wlc', persistence: { timeout: 9 } }), destinations({ 2: 1, 3: 0 }));
  assert.equal(verify('manage', wanted, other), {
    ok: false,
    detail: 'service tcp/10.0.0.1:80 is "wlc persistent 9" instead of "rr"',
  });
  assert.equal(verify('manage', [desired({ absent: true })], other), {
    ok: false,
    detail: 'service tcp/10.0.0.1:80 is still in the table',
  });
});

test('a long list is cut', () => {
  const many = [desired({ destinations: destinations({ 2: 1, 3: 1, 4: 1, 5: 1, 6: 1 }) })];
  assert.match(JSON.stringify(verify('manage', many, tableOf(service({}), []))), /; and 2 more"/);
});

test('weights: what its owner took out is no failure', () => {
  assert.equal(verify('weights', wanted, { services: [] }), { ok: true });
  assert.equal(verify('weights', wanted, tableOf(service({}), destinations({ 2: 1 }))), { ok: true });
  assert.is(verify('weights', wanted, tableOf(service({}), destinations({ 3: 1 }))).ok, false);
});

test.run();
