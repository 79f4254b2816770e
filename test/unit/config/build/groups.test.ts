import * as assert from 'uvu/assert';
import type { ServiceKey } from '../../../../src/model/server.ts';
import { suite } from '../../../support/suite.ts';
import { faultsOf, readText } from '../read-text.ts';

const test = suite('config/groups');
const user = (more = '', real = '10.0.0.2 80', kind = 'NAT') =>
  `virtual_server group G {\nlb_algo rr\nlb_kind ${kind}\nprotocol TCP\n${more}\nreal_server ${real} {\nTCP_CHECK { }\n}\n}\n`;
const group = (lines: string) => `virtual_server_group G {\n${lines}\n}\n`;
const show = (service: ServiceKey) =>
  service.kind === 'fwmark' ? `${service.fwmark} ${service.family}` : `${service.address} ${service.port}`;
const services = (lines: string, more = '', real?: string) =>
  readText(group(lines) + user(more, real)).config.virtualServers[0]?.services.map(show);

test('addresses, ranges, masks and marks become services', () => {
  assert.equal(services('10.0.1.1 80\n10.0.1.5-7 81\n10.0.1.255-10.0.2.1 82\n10.0.3.4/30 83\nfwmark 5'), [
    '10.0.1.1 80',
    '10.0.1.5 81',
    '10.0.1.6 81',
    '10.0.1.7 81',
    '10.0.1.255 82',
    '10.0.2.0 82',
    '10.0.2.1 82',
    '10.0.3.4 83',
    '10.0.3.5 83',
    '10.0.3.6 83',
    '10.0.3.7 83',
    '5 inet',
  ]);
  assert.equal(services('2001:db8::9-b 80', '', '2001:db8::2 80'), [
    '2001:db8::9 80',
    '2001:db8::a 80',
    '2001:db8::b 80',
  ]);
});
test('ids count the virtual servers that use the group', () => {
  const { config } = readText(user() + user('protocol UDP') + group('10.0.1.1 80'));
  assert.equal(
    config.virtualServers.map(each => [each.id, each.name]),
    [
      ['group/G:0', '[G]:0'],
      ['group/G:1', '[G]:1'],
    ],
  );
});
test('real servers are of one family, and so are the services', () => {
  assert.equal(services('10.0.1.1 80\n2001:db8::1 80'), ['10.0.1.1 80']);
  assert.equal(services('10.0.1.1 80\n2001:db8::1 80', 'ip_family inet6', '2001:db8::2 80'), ['2001:db8::1 80']);
  assert.equal(services('fwmark 3\nfwmark 4 inet6', '', '10.0.0.2 80'), ['3 inet']);
});
test('a real server without a port has the one port of the group', () => {
  const port = (lines: string) =>
    readText(group(lines) + user('', '10.0.0.2')).config.virtualServers[0]?.realServers[0]?.port;
  assert.is(port('10.0.1.1 80\n10.0.1.2 80'), 80);
  assert.is(port('10.0.1.1 80\n10.0.1.2 81'), 0);
});
test('entries that cannot be used are left out one by one', () => {
  const bad = [
    '10.0.0.5-1 80',
    '10.0.0.5-5 80',
    '10.0.0.1/24 80',
    '10.0.0.0/33 80',
    'x 80',
    '10.0.0.1 http',
    'fwmark',
    'fwmark x',
    'fwmark 1 inet7',
  ];
  const result = readText(group(`${bad.join('\n')}\n10.0.1.1 80`) + user());
  assert.equal(result.config.virtualServers[0]?.services.map(show), ['10.0.1.1 80']);
  assert.equal(
    faultsOf(result),
    bad.map((_, index) => `error bad-group-entry ${index + 2}`),
  );
});
test('a group is left out that is empty, too large or of unclear family', () => {
  for (const lines of ['', '10.0.0.0/8 80', '2001:db8::/32 80', '10.0.0.1 80\n2001:db8::1 80\nfwmark 1']) {
    const codes = readText(group(lines) + user()).diagnostics.map(each => each.code);
    assert.equal(codes, ['bad-group', 'unknown-group'], lines);
  }
});
test('of two groups with one name the first is used', () => {
  const result = readText(group('10.0.1.1 80') + group('10.0.2.1 80') + user());
  assert.equal(result.config.virtualServers[0]?.services.map(show), ['10.0.1.1 80']);
  assert.equal(
    result.diagnostics.map(each => each.code),
    ['repeated-group'],
  );
});
test('a service that belongs to an earlier virtual server stays there', () => {
  const first = user().replace('group G', '10.0.1.1 80');
  const result = readText(group('10.0.1.1 80\n10.0.1.2 80') + first + user());
  assert.equal(
    result.config.virtualServers.map(each => each.services.map(show)),
    [['10.0.1.1 80'], ['10.0.1.2 80']],
  );
  assert.equal(
    result.diagnostics.map(each => each.code),
    ['repeated-virtual-server'],
  );
});
test('the entry of a group may stand on one line with the braces', () => {
  assert.equal(readText(`virtual_server_group G { 10.0.1.1 80 }\n${user()}`).diagnostics, []);
});

test('more services than any table has are refused, however few lines make them', () => {
  const result = readText(group('10.0.0.0/16 80') + user().repeat(6));
  assert.is(faultsOf(result).filter(fault => fault.startsWith('error bad-group')).length, 2);
});

test.run();
