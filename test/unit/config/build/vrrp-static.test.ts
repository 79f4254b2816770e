import * as assert from 'uvu/assert';
import { suite } from '../../../support/suite.ts';
import { readText } from '../read-text.ts';
import { codesOf, readClean } from './vrrp-texts.ts';

const test = suite('config/vrrp addresses, routes and rules');
const addresses = (lines: string) => `static_ipaddress {\n${lines}\n}\n`;
const routes = (lines: string) => `static_routes {\n${lines}\n}\n`;
const rules = (lines: string) => `static_rules {\n${lines}\n}\n`;

test('an address is read with its options', () => {
  const line = '10.0.0.1/24 dev eth0 brd + scope global label eth0:1 home no_track preferred_lft forever';
  const [{ span: _span, ...found } = { span: null }] = readClean(addresses(line)).vrrp.staticAddresses;
  assert.equal(found, {
    address: '10.0.0.1',
    family: 'inet',
    prefix: 24,
    interface: 'eth0',
    broadcast: '+',
    scope: 'global',
    label: 'eth0:1',
    flags: ['home'],
    preferredLifetime: 'forever',
    track: false,
    useVmac: false,
  });
});
test('a route is read with its options and next hops', () => {
  const text = routes(
    'unreachable 10.2.0.0/16 no_track\n10.1.0.0/16 via 10.0.0.2 dev eth0 metric 5 mtu lock 1400\ndefault dev eth0 nexthop via 10.0.0.3 weight 2 nexthop via 10.0.0.4 dev eth1',
  );
  const [refused, plain, split] = readClean(text).vrrp.staticRoutes;
  assert.equal([refused?.to, refused?.type, refused?.track], ['10.2.0.0/16', 'unreachable', false]);
  assert.equal([plain?.via, plain?.interface], ['10.0.0.2', 'eth0']);
  assert.equal(plain?.options, [
    { name: 'metric', value: '5' },
    { name: 'mtu', value: '1400' },
  ]);
  assert.equal(
    split?.nextHops.map(({ via, interface: device }) => [via, device]),
    [
      ['10.0.0.3', null],
      ['10.0.0.4', 'eth1'],
    ],
  );
});
test('a rule is read with its selectors and its action', () => {
  const [rule] = readClean(rules('not from 10.0.0.0/8 fwmark 5/0xff table main preference 100')).vrrp.staticRules;
  assert.equal([rule?.invert, rule?.from, rule?.preference], [true, '10.0.0.0/8', 100]);
  assert.equal(rule?.action, { kind: 'table', table: 'main' });
  assert.equal(rule?.options, [{ name: 'fwmark', value: '5/0xff' }]);
});

const faults: readonly (readonly [text: string, codes: readonly string[]])[] = [
  [addresses('10.0.0.999'), ['bad-address']],
  [addresses('10.0.0.1/33'), ['out-of-range']],
  [addresses('10.0.0.1 foo'), ['bad-value']],
  [addresses('10.0.0.1 label'), ['missing-argument']],
  [addresses('10.0.0.1 label averyverylonglabel'), ['bad-value']],
  [addresses('10.0.0.1/32 brd +'), ['bad-value']],
  [addresses('10.0.0.1/24 brd + peer 10.0.0.2'), ['bad-value', 'bad-value']],
  [addresses('10.0.0.1 peer 10.0.0.2/24'), ['bad-address']],
  [addresses('10.0.0.1 scope galaxy'), ['bad-value']],
  [addresses('10.0.0.1 use_vmac'), ['bad-value']],
  [addresses('fe80::1 label x'), ['bad-value']],
  [addresses('fe80::1 brd +'), ['bad-address']],
  [addresses('fe80::1 scope link'), ['bad-value']],
  [addresses('10.0.0.1 track_group T'), ['unknown-name']],
  [routes('10.1.0.0/16 via 10.0.0.2'), ['bad-value']],
  [routes('10.1.0.0/16 gw 10.0.0.2 dev eth0'), ['bad-value']],
  [routes('10.1.0.0/16 via 10.0.0.2 proto static dev eth0'), ['bad-value']],
  [routes('10.1.0.0/16 via fe80::1 dev eth0'), ['bad-address']],
  [routes('via 10.0.0.2 default dev eth0'), ['bad-address']],
  [routes('dev eth0'), ['bad-value']],
  [routes('inet6 default dev eth0'), ['newer-value']],
  [routes('10.1.0.0/16 dev eth0 quickack 2'), ['bad-value']],
  [routes('10.1.0.0/16 dev eth0 encap ip ttl 5'), ['bad-value']],
  [routes('10.1.0.0/16 dev eth0 encap ip id 5 ttl 5'), []],
  [routes('10.1.0.0/16 dev eth0 protocol static'), ['bad-value']],
  [routes('10.1.0.0/16 dev eth0 nexthop via 10.0.0.3 weight 0'), ['out-of-range']],
  [routes('10.1.0.0/16 dev'), ['missing-argument']],
  [rules('from 10.0.0.1 table 5'), ['bad-value']],
  [rules('from 10.0.0.1 preference 5'), ['bad-value']],
  [rules('from 10.0.0.1 table 5 pref 5'), ['bad-value']],
  [rules('from 10.0.0.0/8 to all table 5 preference 5'), ['bad-address']],
  [rules('from all goto 5 preference 9'), ['bad-value']],
  [rules('from all goto 9 preference 5'), []],
  [rules('from all table 5 table 6 preference 5'), ['bad-value']],
  [rules('from all table 0 preference 5'), ['bad-value']],
  [rules('from all sport 5 table 6 preference 5'), ['bad-value']],
  [rules('from all blackhole realms 4 preference 5'), ['bad-value']],
  [rules('fwmark x table 6 preference 5'), ['bad-value']],
  ['garp_group {\ninterface eth0\n}\n', ['missing-keyword']],
  ['garp_group {\ngarp_interval 1\ninterface eth0\ninterfaces {\neth1 eth0\n}\n}\n', ['repeated-entry']],
  ['garp_group {\ngarp_interval 1\ninterfaces {\n}\n}\n', ['empty-list']],
  ['track_group T {\ngroup {\n}\n}\n', ['empty-list']],
  ['track_group {\n}\n', ['missing-argument']],
  ['linkbeat_interfaces {\neth0 MII\neth1 FOO\n}\n', ['bad-value']],
  ['interface_up_down_delays {\neth0 300\neth1 1.5 2\n}\n', ['out-of-range']],
  ['interface_up_down_delays {\neth0\n}\n', ['-surplus-words']],
];
for (const [text, codes] of faults) {
  test(`${text.trim().replaceAll('\n', ' ; ')}: ${codes.join(', ') || 'nothing is wrong'}`, () => {
    assert.equal(codesOf(text), codes);
  });
}
test('a static entry may follow a track_group that stands above', () => {
  const text = `track_group T {\ngroup {\nV\n}\n}\n${routes('10.1.0.0/16 dev eth0 track_group T')}`;
  assert.is(readClean(text).vrrp.staticRoutes[0]?.trackGroup, 'T');
});
test('a bad entry does not cost the others', () => {
  const { vrrp } = readText(addresses('x\n10.0.0.1')).config;
  assert.equal(
    vrrp.staticAddresses.map(({ address }) => address),
    ['10.0.0.1'],
  );
});

test.run();
