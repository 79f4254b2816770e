import * as assert from 'uvu/assert';
import { suite } from '../../../support/suite.ts';
import { readText } from '../read-text.ts';

const test = suite('config/lint/port-changed');
const service = (head: string, lines: string, kind = 'DR') =>
  `virtual_server ${head} {\nlb_algo rr\nlb_kind ${kind}\n${head.startsWith('fwmark') ? '' : 'protocol TCP'}\n${lines}\n}\n`;
const real = (address: string, check = 'TCP_CHECK {\n}') => `real_server ${address} {\n${check}\n}`;

/** `line:column message | hint` of each. */
function told(text: string): readonly string[] {
  return readText(text)
    .diagnostics.filter(({ code }) => code === 'port-changed')
    .map(({ line, column, message, hint }) => `${line}:${column} ${message} | ${hint}`);
}

test('the port under a service on 443 whose check goes to 443 all the same', () => {
  const check = 'TCP_CHECK {\nconnect_port 443\n}';
  assert.equal(told(service('10.65.32.28 443', real('10.65.32.14 80', check))), [
    '5:25 DR leaves the port alone: traffic for [10.65.32.28]:tcp:443 reaches 10.65.32.14 at port 443, not at 80; its TCP_CHECK goes to port 443. | Write real_server 10.65.32.14 443; a check that is to go to port 80 says connect_port 80.',
  ]);
});
test('a check without connect_port goes to the port of the service', () => {
  assert.match(told(service('10.0.0.1 443', real('10.0.0.2 80')))[0] ?? '', 'its TCP_CHECK goes to port 443.');
});
test('several checks are named with all their ports, and one that runs a command with none', () => {
  const two = 'TCP_CHECK {\nconnect_port 81\n}\nSMTP_CHECK {\nhost {\nconnect_port 25\n}\nhost {\n}\n}';
  assert.match(
    told(service('10.0.0.1 443', real('10.0.0.2 80', two)))[0] ?? '',
    'its checks go to port 81 and 25 and 443.',
  );
  const command = 'MISC_CHECK {\nmisc_path "true"\n}';
  assert.match(told(service('10.0.0.1 443', real('10.0.0.2 80', command)))[0] ?? '', 'no check of it goes to a port.');
});
test('lvs_method of the real server counts before lb_kind', () => {
  assert.is(told(service('10.0.0.1 80', real('10.0.0.2 81', 'lvs_method NAT\nTCP_CHECK {\n}'))).length, 0);
  assert.is(told(service('10.0.0.1 80', real('10.0.0.2 81', 'lvs_method TUN\nTCP_CHECK {\n}'), 'NAT')).length, 1);
});
test('the same port, none, and port 0 are in order', () => {
  for (const port of ['80', '', '0']) assert.equal(told(service('10.0.0.1 80', real(`10.0.0.2 ${port}`))), [], port);
});
test('a fwmark service and one on all ports have no port in the table', () => {
  const mark = told(service('fwmark 7', real('10.0.0.2 80')));
  assert.equal(mark, [
    '5:22 DR leaves the port alone, and FWM 7 is a fwmark: in the table 10.0.0.2 has no port, and not 80; its TCP_CHECK goes to port 80. | Write real_server 10.0.0.2 without a port; a check that is to go to port 80 says connect_port 80.',
  ]);
  assert.match(told(service('10.0.0.1', `persistence_timeout 9\n${real('10.0.0.2 80')}`))[0] ?? '', 'is on all ports');
});
test('a sorry server has the port of its service too', () => {
  const sorry = (head: string, line: string) => told(service(head, `${line}\n${real('10.0.0.2')}`));
  assert.equal(sorry('10.0.0.1 80', 'sorry_server 10.0.0.9 8080'), [
    '5:23 DR leaves the port alone: traffic for [10.0.0.1]:tcp:80 reaches 10.0.0.9 at port 80, not at 8080. | Write sorry_server 10.0.0.9 80.',
  ]);
  assert.match(sorry('fwmark 7', 'sorry_server 10.0.0.9 80')[0] ?? '', 'Write sorry_server 10.0.0.9 without a port.');
  assert.equal(sorry('10.0.0.1 80', 'sorry_server 10.0.0.9 8080\nsorry_server_lvs_method NAT'), []);
});
test('a group with several ports has no port that fits all', () => {
  const group = 'virtual_server_group g {\n10.0.0.1 80\n10.0.0.1 443\n}\n';
  assert.equal(told(group + service('group g', real('10.0.0.2 80'))), [
    '9:22 DR leaves the port alone: traffic for [g]:0 reaches 10.0.0.2 at port 443, not at 80; its TCP_CHECK goes to port 80. | Write a group and a virtual_server of its own for each port.',
  ]);
  assert.equal(told(group + service('group g', real('10.0.0.2 80'), 'NAT')), []);
});

test.run();
