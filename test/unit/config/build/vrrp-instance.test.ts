import * as assert from 'uvu/assert';
import { suite } from '../../../support/suite.ts';
import { readText } from '../read-text.ts';
import { codesOf, instance, readClean } from './vrrp-texts.ts';

const test = suite('config/vrrp instances');
const first = (text: string) => {
  const [found] = readText(text).config.vrrp.instances;
  if (found === undefined) throw new Error('there is no instance');
  return found;
};

test('an instance with the least that it needs has the defaults of keepalived', () => {
  const [found] = readClean(instance()).vrrp.instances;
  assert.is(found?.name, 'V');
  assert.equal([found?.state, found?.priority, found?.version, found?.family], ['BACKUP', 100, 2, 'inet']);
  assert.equal([found?.advertInterval, found?.preempt, found?.downTimerAdverts], [1000, true, 3]);
  assert.equal([found?.authentication, found?.virtualInterface, found?.transport.peers], [null, null, []]);
  assert.is(found?.transport.multicastAddress, '224.0.0.18');
});
test('MASTER without a priority owns the addresses, and priority 255 without a state is MASTER', () => {
  assert.is(first(instance('state MASTER')).priority, 255);
  assert.is(first(instance('priority 255')).state, 'MASTER');
});
test('IPv6 is version 3 and has a multicast group of its own', () => {
  const { version, family, transport } = first(instance('', { base: 'virtual_ipaddress {\nfe80::9\n}' }));
  assert.equal([version, family, transport.multicastAddress], [3, 'inet6', 'ff02::12']);
});
test('global_defs decides of what an instance leaves out', () => {
  const globals = 'global_defs {\nvrrp_version 3\nvrrp_strict\nvrrp_mcast_group4 224.0.0.77\n}\n';
  const { version, strict, transport } = first(globals + instance());
  assert.equal([version, strict, transport.multicastAddress], [3, true, '224.0.0.77']);
  assert.is(first(globals + instance('strict_mode off\nversion 2')).version, 2);
});
test('authentication is kept only with a type and a password', () => {
  const auth = (lines: string) => first(instance(`authentication {\n${lines}\n}`)).authentication;
  assert.equal(auth('auth_type PASS\nauth_pass secret')?.type, 'PASS');
  assert.is(auth('auth_type PASS\nauth_pass secret')?.password.reveal(), 'secret');
  assert.is(auth('auth_pass secret'), null);
});
test('several virtual_ipaddress blocks add up', () => {
  const { addresses } = first(instance('virtual_ipaddress {\n10.0.0.10\n10.0.0.11\n}'));
  assert.equal(
    addresses.map(({ address }) => address),
    ['10.0.0.9', '10.0.0.10', '10.0.0.11'],
  );
});
test('unicast has peers and no multicast group', () => {
  const { transport } = first(instance('unicast_src_ip 10.0.0.1\nunicast_peer {\n10.0.0.2 min_ttl 3\n}'));
  assert.equal([transport.sourceAddress, transport.multicastAddress], ['10.0.0.1', null]);
  assert.equal(
    transport.peers.map(({ address, minTtl, maxTtl }) => [address, minTtl, maxTtl]),
    [['10.0.0.2', 3, 255]],
  );
});

/** Lines of an instance, and what is said of them. */
const faults: readonly (readonly [what: string, lines: string, codes: readonly string[]])[] = [
  ['a state in small letters', 'state master', ['bad-value']],
  ['BACKUP behind MASTER', 'state MASTER\nstate BACKUP', ['conflicting-keywords']],
  ['a priority above 255', 'priority 256', ['out-of-range']],
  ['an advert_int of half a second in version 2', 'advert_int 0.5', ['out-of-range']],
  ['an advert_int of half a second in version 3', 'version 3\nadvert_int 0.5', []],
  ['an advert_int of 41 seconds in version 3', 'version 3\nadvert_int 41', ['out-of-range']],
  ['an advert_int with three decimals in version 3', 'version 3\nadvert_int 0.015', ['out-of-range']],
  ['two versions', 'version 2\nversion 3', ['conflicting-keywords']],
  ['a type without a password', 'authentication {\nauth_type PASS\n}', ['authentication-ignored']],
  ['an unknown type', 'authentication {\nauth_type pass\nauth_pass x\n}', ['bad-value']],
  [
    'authentication in version 3',
    'version 3\nauthentication {\nauth_type PASS\nauth_pass x\n}',
    ['authentication-ignored'],
  ],
  [
    'authentication in strict mode',
    'strict_mode\nauthentication {\nauth_type PASS\nauth_pass x\n}',
    ['authentication-ignored'],
  ],
  [
    'AH with MASTER',
    'state MASTER\npriority 9\nauthentication {\nauth_type AH\nauth_pass x\n}',
    ['conflicting-keywords'],
  ],
  ['nopreempt of an owner', 'state BACKUP\npriority 255\nnopreempt', ['conflicting-keywords']],
  ['preempt_delay and nopreempt', 'preempt_delay 5\nnopreempt', ['conflicting-keywords']],
  ['preempt_delay and MASTER', 'state MASTER\npriority 9\npreempt_delay 5', ['conflicting-keywords']],
  ['preempt_delay above its range', 'preempt_delay 1001', ['out-of-range']],
  ['unicast without a peer', 'unicast_src_ip 10.0.0.1', ['missing-keyword']],
  ['unicast_ttl without a peer', 'unicast_ttl 9', ['missing-keyword']],
  ['a multicast group beside unicast', 'mcast_dst_ip 224.0.0.9\nunicast_peer {\n10.0.0.2\n}', ['conflicting-keywords']],
  ['a multicast group that is none', 'mcast_dst_ip 10.0.0.1', ['bad-address']],
  ['a peer of another family', 'unicast_peer {\nfe80::2\n}', ['family-mismatch', 'missing-keyword']],
  ['a VIP of another family', 'virtual_ipaddress {\nfe80::2\n}', ['family-mismatch']],
  ['the loopback interface', 'interface lo', ['bad-value']],
  ['a vrf beside an interface', 'vrf red', ['conflicting-keywords']],
  ['vmac_xmit_base without use_vmac', 'vmac_xmit_base', ['conflicting-keywords']],
  ['use_vmac with unicast', 'use_vmac\nunicast_peer {\n10.0.0.2\n}', ['missing-keyword']],
  ['promote_secondaries with use_vmac', 'use_vmac\npromote_secondaries', ['conflicting-keywords']],
  ['use_ipvlan without an address', 'use_ipvlan', ['missing-keyword']],
  ['tracking its own interface', 'track_interface {\neth0\n}', ['conflicting-keywords']],
  ['an unknown tracker', 'track_script {\nnobody\n}', ['unknown-name']],
  ['an interface that is tracked twice', 'track_interface {\neth1\neth1\n}', ['repeated-entry']],
  ['a keyword of a newer keepalived', 'no_virtual_ipaddress', ['newer-keyword']],
  ['a MAC address of VRRP for use_vmac', 'use_vmac 00:00:5e:00:01:05', ['bad-value']],
  ['a group for use_vmac', 'use_vmac group 5', ['newer-value', 'newer-value']],
  ['words before the brace of a list', 'track_interface eth1 {\neth2\n}', ['surplus-words']],
];
for (const [what, lines, codes] of faults) {
  test(`${what}: ${codes.join(', ') || 'nothing is wrong'}`, () => {
    assert.equal(codesOf(instance(lines)), codes);
  });
}
/** What strict mode forbids, each with the line that asks for it. */
for (const line of [
  'state MASTER\npriority 9',
  'preempt_delay 5',
  'down_timer_adverts 5',
  'accept',
  'garp_lower_prio_repeat 1',
  'garp_lower_prio_delay 1',
  'lower_prio_no_advert off',
  'higher_prio_send_advert',
  'use_vmac vmac0 02:00:00:00:00:01',
  'use_vmac\nvmac_xmit_base',
]) {
  test(`strict mode forbids ${line.replace('\n', ' and ')}`, () => {
    assert.equal(codesOf(instance(`strict_mode\n${line}`)), ['strict-conflict']);
    assert.equal(codesOf(instance(line)), []);
  });
}
test('what is missing is told at the block', () => {
  const { diagnostics } = readText('\nvrrp_instance V {\n}\n');
  assert.equal(
    diagnostics.map(({ code, line }) => [code, line]),
    [
      ['missing-keyword', 2],
      ['missing-keyword', 2],
      ['no-virtual-address', 2],
    ],
  );
});
test('a second instance of a name, and one without a name of one word, are left out', () => {
  const text = instance() + instance('', { id: 6 });
  assert.equal(codesOf(text), ['repeated-name']);
  assert.is(readText(text).config.vrrp.instances.length, 1);
  assert.equal(codesOf(instance('', { name: 'A B' })), ['surplus-words']);
  assert.equal(codesOf(instance('', { name: '' })), ['missing-argument']);
});
test('faults of VRRP never keep anything from being checked', () => {
  const { diagnostics } = readText(`vrrp_instance {\n}\n${instance('state x\npriority y\nunicast_peer {\nz\n}')}`);
  assert.not(diagnostics.some(({ severity }) => severity === 'error'));
});

test.run();
