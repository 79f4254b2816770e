import * as assert from 'uvu/assert';
import { compare, type Policy, reconcile } from '../../../src/ipvs/reconcile.ts';
import { commandText } from '../../../src/ipvs/save-format.ts';
import type { DesiredService, IpvsTable } from '../../../src/model/ipvs.ts';
import { suite } from '../../support/suite.ts';
import { desired, destination, destinations, service, tableOf, tcp } from './build.ts';

const test = suite('ipvs/reconcile');
const empty: IpvsTable = { services: [] };
const lines = (policy: Policy, wanted: readonly DesiredService[], actual: IpvsTable): readonly string[] =>
  reconcile(policy, wanted, actual).map(commandText);

test('manage: a service that is missing is added before its destinations', () => {
  assert.equal(lines('manage', [desired({ destinations: destinations({ 2: 3, 3: 0 }) })], empty), [
    '-A -t 10.0.0.1:80 -s rr',
    '-a -t 10.0.0.1:80 -r 10.0.0.2:80 -m -w 3',
    '-a -t 10.0.0.1:80 -r 10.0.0.3:80 -m -w 0',
  ]);
});

test('manage: what takes traffic comes first, what gives it up after, over the whole batch', () => {
  const other = service({ key: tcp(81) });
  const gone = service({ key: tcp(82) });
  const actual = {
    services: [
      { service: service({}), destinations: destinations({ 2: 5, 3: 5, 4: 1 }) },
      { service: other, destinations: destinations({ 2: 5 }) },
      { service: gone, destinations: destinations({ 2: 5 }) },
    ],
  };
  const wanted = [
    desired({ service: gone, absent: true }),
    desired({ destinations: destinations({ 3: 1, 4: 2, 5: 1 }) }),
    desired({ service: other, destinations: destinations({ 9: 1 }) }),
  ];
  assert.equal(lines('manage', wanted, actual), [
    '-e -t 10.0.0.1:80 -r 10.0.0.4:80 -m -w 2',
    '-a -t 10.0.0.1:80 -r 10.0.0.5:80 -m -w 1',
    '-a -t 10.0.0.1:81 -r 10.0.0.9:80 -m -w 1',
    '-e -t 10.0.0.1:80 -r 10.0.0.3:80 -m -w 1',
    '-d -t 10.0.0.1:80 -r 10.0.0.2:80',
    '-d -t 10.0.0.1:81 -r 10.0.0.2:80',
    '-D -t 10.0.0.1:82',
  ]);
});

test('manage: forwarding, tunnel and thresholds are edited where they differ', () => {
  const gue = { kind: 'TUN', tunnel: { type: 'gue', port: 6080 } } as const;
  const wanted = [
    desired({
      destinations: [
        destination({ address: '10.0.0.2', forwarding: gue }),
        destination({ address: '10.0.0.3', upperThreshold: 9 }),
        destination({ address: '10.0.0.4', forwarding: { kind: 'TUN' } }),
      ],
    }),
  ];
  const actual = tableOf(service({}), [
    destination({ address: '10.0.0.2', forwarding: { kind: 'TUN' } }),
    destination({ address: '10.0.0.3' }),
    destination({ address: '10.0.0.4', forwarding: { kind: 'TUN', tunnel: { type: 'ipip' } } }),
  ]);
  assert.equal(lines('manage', wanted, actual), [
    '-e -t 10.0.0.1:80 -r 10.0.0.2:80 -i --tun-type gue --tun-port 6080 --tun-nocsum -w 1',
    '-e -t 10.0.0.1:80 -r 10.0.0.3:80 -m -w 1 -x 9',
  ]);
});

test('manage: a service is edited when an attribute differs, not when it is written otherwise', () => {
  const wanted = desired({
    service: service({
      scheduler: 'sh',
      schedulerFlags: ['sh-port', 'flag-1', 'flag-3'],
      persistence: { timeout: 50, granularity: '255.255.255.255' },
    }),
  });
  const same = service({
    scheduler: 'sh',
    schedulerFlags: ['sh-fallback', 'sh-port'],
    persistence: { timeout: 50 },
  });
  assert.equal(lines('manage', [wanted], tableOf(same, [])), []);
  assert.equal(lines('manage', [wanted], tableOf({ ...same, persistence: null }, [])), [
    '-E -t 10.0.0.1:80 -s sh -p 50 -M 255.255.255.255 -b sh-port,flag-1,flag-3',
  ]);
  assert.equal(lines('manage', [desired({})], tableOf(service({ onePacket: true }), [])), ['-E -t 10.0.0.1:80 -s rr']);
});

test('a destination without a port has the port of its service, as ipvsadm gives it', () => {
  const wanted = [desired({ destinations: [destination({ port: 0 })] })];
  assert.equal(lines('manage', wanted, tableOf(service({}), [destination({})])), []);
  const key = { kind: 'fwmark', fwmark: 7, family: 'inet' } as const;
  const marked = [desired({ service: service({ key }), destinations: [destination({ port: 0 })] })];
  assert.equal(lines('manage', marked, tableOf(service({ key }), [])), ['-a -f 7 -r 10.0.0.2:0 -m -w 1']);
});

test('manage: services that are not ours are left alone', () => {
  const actual = tableOf(service({ key: tcp(99) }), destinations({ 2: 1 }));
  assert.equal(lines('manage', [], actual), []);
});

test('an IPv6 address is the same in every spelling', () => {
  const key = (address: string) => ({ kind: 'address', protocol: 'TCP', address, port: 80 }) as const;
  const wanted = desired({
    service: service({ key: key('2001:DB8:0:0::1') }),
    destinations: [destination({ address: '2001:0db8::0002' })],
  });
  const actual = tableOf(service({ key: key('2001:db8::1') }), [destination({ address: '2001:db8::2' })]);
  assert.equal(lines('manage', [wanted], actual), []);
});

test('weights: an edit keeps the forwarding and thresholds that it finds', () => {
  const found = destination({ forwarding: { kind: 'DR' }, weight: 4, upperThreshold: 100, lowerThreshold: 50 });
  const actual = tableOf(service({ scheduler: 'wlc', persistence: { timeout: 5 } }), [found]);
  assert.equal(lines('weights', [desired({ destinations: destinations({ 2: 0 }) })], actual), [
    '-e -t 10.0.0.1:80 -r 10.0.0.2:80 -g -w 0 -x 100 -y 50',
  ]);
});

test('weights: nothing is added, deleted or edited for another reason', () => {
  const actual = tableOf(service({}), destinations({ 2: 1, 3: 1 }));
  const wanted = [
    desired({ service: service({ scheduler: 'wlc' }), destinations: destinations({ 2: 1, 7: 5 }) }),
    desired({ service: service({ key: tcp(81) }), destinations: destinations({ 2: 1 }) }),
  ];
  assert.equal(lines('weights', wanted, actual), []);
  assert.equal(lines('weights', [desired({ absent: true })], actual), []);
});

test('weights: real servers are withheld for a sorry server that is in the table, and only then', () => {
  const wanted = desired({
    destinations: destinations({ 2: 0, 3: 0, 9: 1 }),
    otherwise: { missing: { address: '10.0.0.9', port: 80 }, destinations: destinations({ 2: 5, 3: 0 }) },
  });
  const without = tableOf(service({}), destinations({ 2: 5, 3: 5 }));
  assert.equal(lines('weights', [wanted], without), ['-e -t 10.0.0.1:80 -r 10.0.0.3:80 -m -w 0']);
  const withIt = tableOf(service({}), destinations({ 2: 5, 3: 5, 9: 0 }));
  assert.equal(lines('weights', [wanted], withIt), [
    '-e -t 10.0.0.1:80 -r 10.0.0.9:80 -m -w 1',
    '-e -t 10.0.0.1:80 -r 10.0.0.2:80 -m -w 0',
    '-e -t 10.0.0.1:80 -r 10.0.0.3:80 -m -w 0',
  ]);
});

test('weights: a sorry server is raised before the last real server is lowered', () => {
  const actual = tableOf(service({}), destinations({ 2: 1, 9: 0 }));
  assert.equal(lines('weights', [desired({ destinations: destinations({ 2: 0, 9: 1 }) })], actual), [
    '-e -t 10.0.0.1:80 -r 10.0.0.9:80 -m -w 1',
    '-e -t 10.0.0.1:80 -r 10.0.0.2:80 -m -w 0',
  ]);
});

test('of several wishes for one service the last counts', () => {
  const actual = tableOf(service({}), destinations({ 2: 1, 3: 1 }));
  const first = desired({ destinations: destinations({ 2: 0 }) });
  const second = desired({ destinations: destinations({ 3: 5 }) });
  assert.equal(lines('manage', [first, second], actual), [
    '-e -t 10.0.0.1:80 -r 10.0.0.3:80 -m -w 5',
    '-d -t 10.0.0.1:80 -r 10.0.0.2:80',
  ]);
  assert.equal(lines('weights', [first, second], actual), [
    '-e -t 10.0.0.1:80 -r 10.0.0.3:80 -m -w 5',
    '-e -t 10.0.0.1:80 -r 10.0.0.2:80 -m -w 0',
  ]);
});

test('how far the tables are apart is counted: what is missing, too much, or otherwise', () => {
  const other = service({ key: tcp(81) });
  const gone = service({ key: tcp(82) });
  const actual = {
    services: [
      { service: service({ scheduler: 'wlc' }), destinations: destinations({ 2: 5, 3: 5, 4: 1 }) },
      { service: gone, destinations: destinations({ 2: 5 }) },
    ],
  };
  const forwarding = { kind: 'DR' } as const;
  const wanted = [
    desired({
      destinations: [destination({ address: '10.0.0.2', weight: 5, forwarding }), ...destinations({ 3: 1, 5: 0 })],
    }),
    desired({ service: other, destinations: destinations({ 9: 1 }) }),
    desired({ service: gone, absent: true }),
  ];
  // 10.0.0.4 and the service with its destination; 10.0.0.5 and the other service with its own.
  assert.equal(compare('manage', wanted, actual).drift, { missing: 3, extra: 3, weight: 1, other: 2 });
  assert.equal(compare('manage', [], actual).drift, { missing: 0, extra: 0, weight: 0, other: 0 });
});

test('weights: who should have traffic and is not in the table is missing, though another would have to add it', () => {
  const wanted = [desired({ destinations: destinations({ 2: 1, 3: 0, 4: 7 }) })];
  const drift = (actual: IpvsTable) => compare('weights', wanted, actual).drift;
  assert.equal(drift(tableOf(service({ scheduler: 'wlc' }), destinations({ 4: 1, 9: 1 }))), {
    missing: 1,
    extra: 0,
    weight: 1,
    other: 0,
  });
  assert.equal(drift(empty), { missing: 3, extra: 0, weight: 0, other: 0 });
  assert.equal(compare('weights', wanted, empty).commands, []);
});

test('weights: a sorry server that nobody put there is not missing', () => {
  const wanted = desired({
    destinations: destinations({ 2: 0, 9: 1 }),
    otherwise: { missing: { address: '10.0.0.9', port: 80 }, destinations: destinations({ 2: 1 }) },
  });
  assert.is(compare('weights', [wanted], tableOf(service({}), destinations({ 2: 1 }))).drift.missing, 0);
});

test.run();
