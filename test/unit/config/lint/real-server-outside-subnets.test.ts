import * as assert from 'uvu/assert';
import type { HostAddress } from '../../../../src/model/ports.ts';
import { suite } from '../../../support/suite.ts';
import { readText } from '../read-text.ts';

const test = suite('config/lint/real-server-outside-subnets');
const host = (device: string, address: string, prefix: number): HostAddress => ({ interface: device, address, prefix });
const service = (reals: readonly string[], virtual = '10.65.32.29 80', kind = 'DR') =>
  `virtual_server ${virtual} {\nlb_algo rr\nlb_kind ${kind}\n${virtual.startsWith('fwmark') ? '' : 'protocol TCP'}\n${reals
    .map(
      real => `real_server ${real} ${virtual.startsWith('fwmark') ? '' : '80'} {\nTCP_CHECK {\nconnect_port 80\n}\n}`,
    )
    .join('\n')}\n}\n`;

/** `line:column message | hint` of each. */
function told(text: string, addresses: readonly HostAddress[] = []): readonly string[] {
  return readText(text, { addresses })
    .diagnostics.filter(({ code }) => code === 'real-server-outside-subnets')
    .map(({ line, column, message, hint }) => `${line}:${column} ${message} | ${hint}`);
}

test('an address outside the subnets of the interface with the virtual address is told, with the likely typo', () => {
  const bond = [host('bond0', '10.65.32.5', 23), host('lo', '127.0.0.1', 8)];
  assert.equal(told(service(['10.65.32.22', '110.65.32.23']), bond), [
    '10:13 110.65.32.23 is in no subnet of bond0 (10.65.32.0/23), and DR reaches only what is on a link of the director. | Did you mean 10.65.32.23?',
  ]);
  assert.equal(told(service(['10.65.32.22', '10.65.33.200']), bond), []);
});
test('a subnet of any interface of this host will do', () => {
  const two = [host('eth0', '203.0.113.2', 24), host('eth1', '10.0.0.1', 16)];
  assert.equal(told(service(['10.0.7.2', '203.0.113.9'], '203.0.113.10 80'), two), []);
  assert.match(told(service(['10.1.7.2'], '203.0.113.10 80'), two)[0] ?? '', 'no subnet of eth0 (203.0.113.0/24)');
});
test('on another host than the director its addresses say nothing', () => {
  const desk = [host('wlan0', '192.168.1.7', 24)];
  assert.equal(told(service(['10.0.0.2', '10.0.1.2'], '203.0.113.10 80'), desk), []);
});
test('without any prefix length most of the real servers say which subnet it is', () => {
  assert.equal(told(service(['10.65.32.21', '10.65.32.22', '110.65.32.23'])), [
    '15:13 110.65.32.23 is not in 10.65.32.0/24 like the other addresses of [10.65.32.29]:tcp:80, and DR reaches only what is on a link of the director. | Did you mean 10.65.32.23?',
  ]);
  assert.is(told(service(['10.65.32.22', '110.65.32.23'])).length, 1, 'the virtual address votes too');
  assert.equal(told(service(['10.65.32.22', '110.65.32.23'], '203.0.113.1 80')), [], 'one against one');
});
test('with the virtual address in a VRRP instance the typo of the widely copied article is found', () => {
  const instance =
    'vrrp_instance A {\ninterface bond0\nvirtual_router_id 129\nvirtual_ipaddress {\n10.65.32.29/23 dev bond0\n}\n}\n';
  const [found = '', ...others] = told(instance + service(['10.65.32.22', '110.65.32.23']));
  assert.match(found, 'Did you mean 10.65.32.23?');
  assert.equal(others, []);
});
test('a transposed octet is found', () => {
  assert.match(
    told(service(['10.65.32.21', '10.65.32.22', '10.65.23.23']), [host('b', '10.65.32.1', 24)])[0] ?? '',
    'Did you mean 10.65.32.23?',
  );
});
test('an address that is used already is not what was meant', () => {
  const text = service(['10.65.32.21', '10.65.32.22', '110.65.32.22']);
  assert.match(told(text)[0] ?? '', 'Correct the address, or write lvs_method NAT or TUN');
});
test('NAT, TUN and the loopback need no link', () => {
  const reals = ['10.65.32.21', '10.65.32.22', '110.65.32.23'];
  assert.equal(told(service(reals, '10.65.32.29 80', 'NAT')), []);
  assert.equal(told(service(reals, '10.65.32.29 80', 'TUN')), []);
  assert.equal(told(service(['10.65.32.21', '10.65.32.22', '127.0.0.1'])), []);
});
test('IPv6 counts in /64, and fwmark services go by their real servers', () => {
  assert.match(told(service(['2001:db8:1::2', '2001:db8:1::3', '2001:db8:2::4'], '2001:db8:1::1 80'))[0] ?? '', '::4?');
  assert.is(told(service(['10.65.32.21', '10.65.32.22', '110.65.32.23'], 'fwmark 7')).length, 1);
});

test.run();
