import * as assert from 'uvu/assert';
import type { CheckTarget } from '../../../../src/model/check.ts';
import { suite } from '../../../support/suite.ts';
import { fakeChecker, faultsOf, readText, realServer, virtualServer } from '../read-text.ts';

const test = suite('config/build');
const checkers = [fakeChecker('TCP_CHECK')];
const load = (text: string) => readText(text, { checkers });

/** The first virtual server, where nothing is wrong. */
function only(text: string) {
  const { config, diagnostics } = load(text);
  assert.equal(
    diagnostics.filter(each => each.severity !== 'hint'),
    [],
  );
  const [server] = config.virtualServers;
  if (server === undefined) throw new Error('no virtual server');
  return server;
}
/** Port in the table and port that is checked, of each real server. */
function portsOf(text: string) {
  const { config, diagnostics } = load(text);
  const reals = config.virtualServers[0]?.realServers ?? [];
  const ports = reals.map(real => [real.port, (real.checks[0]?.spec as CheckTarget | undefined)?.port]);
  return { ports, faults: diagnostics.map(each => each.code) };
}
const check = 'TCP_CHECK { }';
const forward = (kind: string, head: string, real: string, more = '') =>
  `virtual_server ${head} {\nlb_algo rr\nlb_kind ${kind}\n${head.includes('fwmark') ? '' : 'protocol TCP'}\n${more}\nreal_server ${real} {\n${check}\n}\n}\n`;

test('ids and names are those of keepalived', () => {
  const server = only(realServer(check));
  assert.equal([server.id, server.name], ['tcp/10.0.0.1:80', '[10.0.0.1]:tcp:80']);
  const [real] = server.realServers;
  assert.equal([real?.id, real?.name], ['10.0.0.2:80', '[10.0.0.2]:tcp:80']);
  const six = only(forward('DR', '2001:DB8::1 443', '2001:db8:0::2 443'));
  assert.equal([six.id, six.name, six.family], ['tcp/[2001:db8::1]:443', '[2001:db8::1]:tcp:443', 'inet6']);
  assert.equal(six.realServers[0]?.id, '[2001:db8::2]:443');
});
test('a fwmark service has no protocol, and its family is that of ip_family or of the real servers', () => {
  const mark = only(forward('NAT', 'fwmark 7', '10.0.0.2 80'));
  assert.equal([mark.id, mark.name, mark.protocol, mark.family], ['fwmark/7', 'FWM 7', null, 'inet']);
  assert.equal(mark.services, [{ kind: 'fwmark', fwmark: 7, family: 'inet' }]);
  assert.is(mark.realServers[0]?.name, '[10.0.0.2]:none:80');
  assert.is(only(forward('NAT', 'fwmark 7', '2001:db8::2 80')).id, 'fwmark/7/inet6');
  assert.equal(faultsOf(load(forward('NAT', 'fwmark 7', '10.0.0.2 80', 'protocol TCP'))), [
    'warning fwmark-protocol 5',
  ]);
});
test('a real server without a port has the port of the virtual server, and so has its check', () => {
  assert.equal(portsOf(forward('NAT', '10.0.0.1 80', '10.0.0.2')), { ports: [[80, 80]], faults: [] });
  assert.equal(portsOf(forward('NAT', '10.0.0.1 80', '10.0.0.2 0')), { ports: [[80, 80]], faults: [] });
  assert.equal(portsOf(forward('NAT', '10.0.0.1 80', '10.0.0.2 8080')), { ports: [[8080, 8080]], faults: [] });
});
test('DR and TUN leave the port alone, and the check follows the corrected port', () => {
  for (const kind of ['DR', 'TUN']) {
    assert.equal(portsOf(forward(kind, '10.0.0.1 80', '10.0.0.2 8080')), {
      ports: [[80, 80]],
      faults: ['port-changed'],
    });
  }
  const text = realServer(`lvs_method DR\n${check}`).replace('10.0.0.2 80', '10.0.0.2 81');
  assert.equal(portsOf(text), { ports: [[80, 80]], faults: ['port-changed'] });
});
test('with a fwmark and DR the table has no port, and the check takes the one that is written', () => {
  assert.equal(portsOf(forward('DR', 'fwmark 7', '10.0.0.2 80')), { ports: [[0, 80]], faults: ['port-changed'] });
  assert.equal(portsOf(forward('DR', 'fwmark 7', '10.0.0.2')), { ports: [[0, 0]], faults: [] });
  assert.equal(portsOf(forward('NAT', 'fwmark 7', '10.0.0.2 80')), { ports: [[80, 80]], faults: [] });
});
test('a check that has neither a port nor connect_port is an error', () => {
  const text = (line: string) => forward('DR', 'fwmark 7', '10.0.0.2').replace(check, `TCP_CHECK {\n${line}\n}`);
  const result = readText(text(''));
  assert.ok(result.diagnostics.some(each => each.severity === 'error'));
  assert.is.not(result.config.virtualServers[0]?.realServers[0]?.unchecked, null);
  assert.equal(readText(text('connect_port 80')).diagnostics, []);
});
test('a service on all ports must be persistent', () => {
  const text = forward('DR', '10.0.0.1', '10.0.0.2');
  assert.equal(faultsOf(load(text)), ['warning no-persistence 1']);
  assert.equal(load(text).config.virtualServers[0]?.persistence, { timeout: 360 });
  const persistent = only(
    forward('DR', '10.0.0.1', '10.0.0.2', 'persistence_timeout 50\npersistence_granularity 255.255.255.0'),
  );
  assert.equal(
    [persistent.id, persistent.persistence],
    ['tcp/10.0.0.1:0', { timeout: 50, granularity: '255.255.255.0' }],
  );
});
test('persistence has 360 seconds when its number is left out, and granularity alone switches it on', () => {
  assert.equal(only(realServer(check, 'persistence_timeout')).persistence, { timeout: 360 });
  assert.equal(only(realServer(check, 'persistence_granularity 255.255.0.0')).persistence, {
    timeout: 360,
    granularity: '255.255.0.0',
  });
  assert.equal(faultsOf(load(realServer(check, 'persistence_timeout 0'))), ['warning out-of-range 5']);
});
test('what should be there and is not is assumed, with a warning', () => {
  const result = load(`virtual_server 10.0.0.1 53 {\nreal_server 10.0.0.2 53 {\n${check}\n}\n}\n`);
  const [server] = result.config.virtualServers;
  assert.equal(
    [server?.id, server?.protocol, server?.scheduler, server?.forwarding],
    ['udp/10.0.0.1:53', 'UDP', 'wlc', { kind: 'NAT' }],
  );
  assert.equal(
    result.diagnostics.map(each => each.code),
    ['default-assumed', 'default-assumed', 'no-protocol'],
  );
});
test('flags of the scheduler go with their scheduler only', () => {
  const flags = (lines: string) => load(realServer(check, lines));
  assert.equal(flags('lb_algo sh\nsh-port\nsh-fallback\nflag-3').config.virtualServers[0]?.schedulerFlags, [
    'sh-port',
    'sh-fallback',
    'flag-3',
  ]);
  assert.equal(faultsOf(flags('mh-port')), ['warning wrong-scheduler 5']);
  assert.equal(only(realServer(check, 'lvs_sched mh\nmh-port')).scheduler, 'mh');
});
test('one-packet scheduling is for UDP and fwmarks', () => {
  assert.equal(faultsOf(load(realServer(check, 'ops'))), ['warning ops-needs-udp 5']);
  assert.is(only(realServer(check, 'protocol udp\nops')).onePacket, true);
});
test('ha_suspend is nothing for a fwmark service, which has no address to wait for', () => {
  const result = load(forward('NAT', 'fwmark 7', '10.0.0.2 80', 'ha_suspend'));
  assert.equal(faultsOf(result), ['warning ha-suspend-fwmark 5']);
  assert.is(result.config.virtualServers[0]?.haSuspend, false);
});
test('ha_suspend is nothing for a group with a fwmark either', () => {
  const group = (entry: string) => `virtual_server_group G {\n10.0.0.1 80\n${entry}\n}\n`;
  const suspended = (entry: string) => {
    const { config, diagnostics } = load(group(entry) + forward('NAT', 'group G', '10.0.0.2 80', 'ha_suspend'));
    return [config.virtualServers[0]?.haSuspend, ...diagnostics.map(each => each.code)];
  };
  assert.equal(suspended('fwmark 7'), [false, 'ha-suspend-fwmark']);
  assert.equal(suspended('10.0.0.9 80'), [true]);
});
test('a bad lb_algo or lb_kind leaves in force what its other name says', () => {
  const { config } = load(realServer(check, 'lvs_sched sh\nlb_algo rond\nlvs_method DR\nlb_kind dr'));
  const [server] = config.virtualServers;
  assert.equal([server?.scheduler, server?.forwarding.kind], ['sh', 'DR']);
});
test('a virtual server without real servers is left out', () => {
  const result = load(virtualServer(''));
  assert.equal([result.config.virtualServers, faultsOf(result)], [[], ['warning no-real-server 1']]);
});
test('a bad address leaves out one server and nothing else', () => {
  for (const head of [
    'www.example.com 80',
    '10.0.0.1:80',
    '10.0.0.1 70000',
    '10.0.0.1 http',
    'fwmark abc',
    'fwmark 0',
    'group',
    'group nix',
    '',
  ]) {
    const text = virtualServer(`real_server 10.0.0.2 80 {\n${check}\n}`, head) + realServer(check);
    const { config, diagnostics } = load(text);
    assert.equal(
      config.virtualServers.map(server => server.id),
      ['tcp/10.0.0.1:80'],
      head,
    );
    assert.is(diagnostics.filter(each => each.severity === 'error').length, 1, head);
  }
  for (const address of [
    '10.0.0.256 80',
    '010.0.0.2 80',
    '10.1 80',
    '[2001:db8::1] 80',
    'fe80::1%eth0 80',
    '10.0.0.2 99999',
    '',
  ]) {
    const text = virtualServer(`real_server ${address} {\n${check}\n}\nreal_server 10.0.0.3 80 {\n${check}\n}`);
    const { config, diagnostics } = load(text);
    assert.equal(
      config.virtualServers[0]?.realServers.map(real => real.id),
      ['10.0.0.3:80'],
      address,
    );
    assert.is(diagnostics.filter(each => each.severity === 'error').length, 1, address);
  }
});
test('what follows a - or / in an address is cut off, as keepalived does', () => {
  assert.is(
    only(virtualServer(`real_server 10.0.0.2-5 80 {\n${check}\n}`, '10.0.0.1/32 80')).realServers[0]?.id,
    '10.0.0.2:80',
  );
});
test('a real server of another family is left out, unless it is tunnelled', () => {
  const text = (kind: string) => forward(kind, '10.0.0.1 80', '2001:db8::2 80');
  assert.equal(
    load(text('NAT')).diagnostics.map(each => each.code),
    ['family-mismatch', 'no-real-server'],
  );
  assert.is(only(text('TUN')).realServers[0]?.address, '2001:db8::2');
});
test('a real server that stands twice counts once', () => {
  const result = load(
    virtualServer(`real_server 10.0.0.2 80 {\nweight 3\n${check}\n}\nreal_server 10.0.0.2 {\n${check}\n}`),
  );
  assert.equal(
    result.config.virtualServers[0]?.realServers.map(real => real.weight),
    [3],
  );
  assert.equal(faultsOf(result), ['warning repeated-real-server 9']);
});
test('two virtual servers of one service become one with the real servers of both', () => {
  const other = virtualServer(
    `quorum 9\nreal_server 10.0.0.2 80 {\n${check}\n}\nreal_server 10.0.0.3 80 {\n${check}\n}`,
  );
  const result = load(realServer(check) + other);
  assert.equal(
    result.config.virtualServers.map(server => server.realServers.map(real => real.id)),
    [['10.0.0.2:80', '10.0.0.3:80']],
  );
  assert.is(result.config.virtualServers[0]?.quorum, 1);
  assert.equal(
    result.diagnostics.map(each => each.code),
    ['repeated-real-server', 'repeated-virtual-server', 'quorum-changed'],
  );
});
test('a service that differs in its protocol is another one', () => {
  assert.is(load(realServer(check) + realServer(check, 'protocol UDP')).config.virtualServers.length, 2);
});
test('weights are inherited, and held within what the kernel takes', () => {
  assert.is(only(realServer(check)).realServers[0]?.weight, 1);
  assert.is(only(realServer(check, 'weight 5')).realServers[0]?.weight, 5);
  assert.is(only(realServer(`weight 0\n${check}\n}\nreal_server 10.0.0.3 80 {`, 'weight 5')).realServers[0]?.weight, 0);
  const heavy = load(realServer(`weight 70000\n${check}`));
  assert.equal(
    [heavy.config.virtualServers[0]?.realServers[0]?.weight, faultsOf(heavy)],
    [65_535, ['warning weight-changed 7']],
  );
  assert.is(load(realServer(`weight -1\n${check}`)).config.virtualServers[0]?.realServers[0]?.weight, 1);
});
test('quorum and hysteresis are brought within reach, and never wrap', () => {
  const settled = (lines: string, weight = 4) => {
    const { config, diagnostics } = load(realServer(`weight ${weight}\n${check}`, lines));
    const [server] = config.virtualServers;
    return [server?.quorum, server?.hysteresis, diagnostics.map(each => each.code).join()];
  };
  assert.equal(settled('quorum 3\nhysteresis 2'), [3, 2, '']);
  assert.equal(settled('quorum 9\nhysteresis 5'), [4, 3, 'quorum-changed,quorum-changed']);
  assert.equal(settled('hysteresis 1'), [1, 0, 'quorum-changed']);
  assert.equal(settled('quorum 0'), [1, 0, 'out-of-range']);
  assert.equal(settled('', 0), [1, 0, 'quorum-changed']);
});
test('inhibit_on_failure is a flag in virtual_server, and a yes or no in real_server', () => {
  assert.is(only(realServer(check, 'inhibit_on_failure')).realServers[0]?.inhibitOnFailure, true);
  assert.is(
    only(realServer(`inhibit_on_failure no\n${check}`, 'inhibit_on_failure')).realServers[0]?.inhibitOnFailure,
    false,
  );
  assert.is(only(realServer(`inhibit_on_failure\n${check}`)).realServers[0]?.inhibitOnFailure, true);
});
test('mail is on for real servers and off for virtual servers, until somebody says otherwise', () => {
  const alerts = (globals: string, virtual = '', real = '') => {
    const mail = 'smtp_server 192.0.2.25\nnotification_email {\na@example.com\n}';
    const server = only(`global_defs {\n${mail}\n${globals}\n}\n${realServer(`${real}\n${check}`, virtual)}`);
    return [server.smtpAlert, server.realServers[0]?.smtpAlert];
  };
  assert.equal(alerts(''), [false, true]);
  assert.equal(alerts('smtp_alert'), [true, true]);
  assert.equal(alerts('smtp_alert off'), [false, false]);
  assert.equal(alerts('smtp_alert off\nsmtp_alert_checker'), [true, true]);
  assert.equal(alerts('smtp_alert_checker off', 'smtp_alert', 'smtp_alert yes'), [true, true]);
  assert.equal(alerts('', 'smtp_alert', ''), [true, true]);
});
test('a sorry server has the port of its virtual server, and one of its own with NAT', () => {
  const sorry = (lines: string) => load(realServer(check, lines)).config.virtualServers[0]?.sorryServer;
  assert.equal(sorry('sorry_server 10.0.0.9'), {
    address: '10.0.0.9',
    port: 80,
    inhibit: false,
    forwarding: { kind: 'NAT' },
  });
  assert.equal(sorry('sorry_server 10.0.0.9 81\nsorry_server_inhibit')?.inhibit, true);
  assert.equal(sorry('sorry_server 10.0.0.9 81\nsorry_server_lvs_method DR'), {
    address: '10.0.0.9',
    port: 80,
    inhibit: false,
    forwarding: { kind: 'DR' },
  });
  assert.is(sorry('sorry_server www.example.com'), null);
  assert.is(sorry('sorry_server 2001:db8::9'), null);
  assert.equal(faultsOf(load(realServer(check, 'sorry_server_inhibit\nsorry_server 10.0.0.9'))), [
    'warning wrong-order 5',
  ]);
});
test('scripts have arguments and users, and the first of two counts', () => {
  const server = load(
    realServer(`notify_up "/n.sh up" bob\nnotify_down /n.sh\n${check}`, 'quorum_up "/q.sh a"\nquorum_up /other'),
  ).config.virtualServers[0];
  assert.equal(server?.quorumUp, { argv: ['/q.sh', 'a'] });
  assert.equal(server?.quorumDown, null);
  assert.equal(server?.realServers[0]?.notifyUp, { argv: ['/n.sh', 'up'], user: { name: 'bob' } });
  assert.equal(server?.realServers[0]?.notifyDown, { argv: ['/n.sh'] });
});
test('scripts without enable_script_security are reported once, missing ones do not count', () => {
  const text = realServer(`notify_up /n.sh\nnotify_down /gone.sh\n${check}`);
  const read = (globals: string) =>
    readText(globals + text, { checkers, files: { '/n.sh': '' } }).diagnostics.map(each => each.code);
  assert.equal(read(''), ['script-not-found', 'script-security']);
  assert.equal(read('global_defs {\nenable_script_security\n}\n'), ['script-not-found']);
});
test('a real server without a check is a hint', () => {
  assert.equal(faultsOf(load(realServer('weight 1'))), ['hint no-checker 6']);
});
test('words that keepalived dropped are read over with a warning', () => {
  assert.equal(faultsOf(load(realServer(check, 'nat_mask 255.255.255.0'))), ['warning removed-keyword 5']);
});
test('a virtual server without lb_kind is no fault where every server has a method of its own', () => {
  const text = (lines: string) =>
    `virtual_server 10.0.0.1 80 {\nlb_algo rr\nprotocol TCP\n${lines}\nreal_server 10.0.0.2 80 {\nlvs_method TUN\n${check}\n}\n}\n`;
  assert.equal(faultsOf(load(text(''))), []);
  assert.equal(faultsOf(load(text('sorry_server 10.0.0.9 80\nsorry_server_lvs_method NAT'))), []);
  assert.equal(faultsOf(load(text('sorry_server 10.0.0.9 80'))), ['warning default-assumed 1']);
});

test('a script behind @checkalived is ours, and one that keepalived sees is not', () => {
  const lines = `notify_up /bin/both
@checkalived notify_down /bin/ours
${check}`;
  const text = realServer(lines, '@checkalived quorum_up /bin/ours\nquorum_down /bin/both');
  const [server] = load(text).config.virtualServers;
  assert.equal(
    [server?.realServers[0]?.notifyUp, server?.realServers[0]?.notifyDown, server?.quorumUp, server?.quorumDown],
    [
      { argv: ['/bin/both'] },
      { argv: ['/bin/ours'], ours: true },
      { argv: ['/bin/ours'], ours: true },
      { argv: ['/bin/both'] },
    ],
  );
});

test.run();
