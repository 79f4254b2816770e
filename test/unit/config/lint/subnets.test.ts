import * as assert from 'uvu/assert';
import {
  formatSubnet,
  isInside,
  moveInto,
  readAddresses,
  readLinkRoutes,
  subnetOf,
} from '../../../../src/config/lint/subnets.ts';
import { formatAddress, parseAddress } from '../../../../src/config/values/addresses.ts';
import { suite } from '../../../support/suite.ts';
import { readText } from '../read-text.ts';

const test = suite('config/lint/subnets');
const addressesOf = (text: string) =>
  readAddresses(readText(text).config.vrrp).map(
    ({ interface: device, address, prefix }) => `${device} ${address}/${prefix}`,
  );
const subnet = (text: string, prefix: number) => {
  const found = subnetOf(parseAddress(text), prefix);
  if (found === null) throw new Error(`${text}/${prefix} is no subnet`);
  return found;
};

test('addresses of instances are on their interface, or on the one behind dev', () => {
  const text =
    'vrrp_instance A {\ninterface bond0\nvirtual_ipaddress {\n10.65.32.28/23\n10.9.0.1/24 brd + dev eth1 label x\n10.65.32.30\n}\nvirtual_ipaddress_excluded {\n2001:DB8::1/64\n}\n}\n';
  assert.equal(addressesOf(text), [
    'bond0 10.65.32.28/23',
    'eth1 10.9.0.1/24',
    'bond0 10.65.32.30/32',
    'bond0 2001:db8::1/64',
  ]);
});
test('static addresses count too, and what is no address does not', () => {
  assert.equal(addressesOf('static_ipaddress {\n192.168.1.1/24 dev eth0 scope global\nnonsense\n}\n'), [
    'eth0 192.168.1.1/24',
  ]);
});
test('a route without a gateway makes its destination a part of the link', () => {
  const text =
    'static_routes {\n10.1.0.0/16 dev eth1\n10.2.0.0/16 via 10.1.0.1 dev eth1\ndefault dev eth1\nblackhole 10.5.0.0/16\n}\n' +
    'vrrp_instance A {\ninterface bond0\nvirtual_router_id 5\nvirtual_ipaddress {\n10.65.32.28/23\n}\nvirtual_routes {\n10.3.0.7 dev bond0\n2001:db8:7::/48 dev bond0 metric 5\n}\n}\n';
  const routes = readLinkRoutes(readText(text).config.vrrp);
  assert.equal(
    routes.map(route => `${route.interface} ${formatSubnet(route.subnet)}`),
    ['eth1 10.1.0.0/16', 'bond0 10.3.0.7/32', 'bond0 2001:db8:7::/48'],
  );
});
test('a subnet holds what shares its prefix', () => {
  const net = subnet('10.65.33.28', 23);
  assert.is(formatSubnet(net), '10.65.32.0/23');
  const inside = ['10.65.32.0', '10.65.33.255', '10.65.34.0', '2001:db8::1'].map(text => {
    const address = parseAddress(text);
    return address !== null && isInside(address, net);
  });
  assert.equal(inside, [true, true, false, false]);
});
test('a single address, no prefix and nonsense are no subnet', () => {
  for (const prefix of [0, 32, 33, Number.NaN]) assert.is(subnetOf(parseAddress('10.0.0.1'), prefix), null);
  assert.is(subnetOf(parseAddress('x'), 24), null);
});
test('an address moves with its host bits', () => {
  const address = parseAddress('110.65.32.23');
  assert.is(address && formatAddress(moveInto(subnet('10.65.32.0', 24), address)), '10.65.32.23');
});

test.run();
