import * as assert from 'uvu/assert';
import { suite } from '../../../support/suite.ts';
import { faultsOf, onlyFault, readText, realServer, virtualServer } from '../read-text.ts';

const test = suite('config/parser');
const names = (text: string) => readText(text).config.virtualServers.map(server => server.name);
const good = virtualServer('real_server 10.0.0.2 80 {\nTCP_CHECK { }\n}');
const next = virtualServer('real_server 10.0.0.9 80 {\nTCP_CHECK { }\n}', '10.0.0.9 80');
const both = ['[10.0.0.1]:tcp:80', '[10.0.0.9]:tcp:80'];

test('braces may be glued, on the next line, or around one keyword on one line', () => {
  for (const text of [
    'virtual_server 10.0.0.1 80{\nprotocol TCP\nlb_algo rr\nlb_kind NAT\nreal_server 10.0.0.2 80{\nTCP_CHECK{\n}}}',
    'virtual_server 10.0.0.1 80\n\n# c\n{\nprotocol TCP\nlb_algo rr\nlb_kind NAT\nreal_server 10.0.0.2 80\n{\nTCP_CHECK { connect_timeout 3 }\n} }',
    'virtual_server 10.0.0.1 80 { # c\nprotocol TCP\nlb_algo rr } \n'
      .replace(' }', '')
      .concat('lb_kind NAT\nreal_server 10.0.0.2 80 {\nTCP_CHECK {}\n} }'),
  ]) {
    const { config, diagnostics } = readText(text);
    assert.equal(diagnostics, []);
    assert.is(config.virtualServers[0]?.realServers[0]?.checks.length, 1);
  }
});
test('an unknown keyword is skipped, with the nearest known one as the hint', () => {
  const fault = onlyFault(readText(virtualServer('delay_lop 6\nreal_server 10.0.0.2 80 {\nTCP_CHECK { }\n}')));
  assert.equal(
    [fault.severity, fault.code, fault.line, fault.column, fault.length],
    ['warning', 'unknown-keyword', 5, 1, 9],
  );
  assert.is(fault.hint, 'Did you mean delay_loop?');
  assert.ok(fault.keepalived);
});
test('the hint for a keyword of another block names that block', () => {
  const hintOf = (text: string) => readText(text).diagnostics.find(each => each.code.startsWith('unknown-'))?.hint;
  assert.is(hintOf('lb_algo rr\n'), 'It belongs in virtual_server.');
  assert.is(hintOf(`${good}real_server 10.0.0.3 80 {\n}\n`), 'It belongs in virtual_server.');
  assert.is(hintOf('global_defs {\nadvert_int 1\n}\n'), 'It belongs in vrrp_instance.');
  assert.is(hintOf(virtualServer('router_id LVS_1')), 'It belongs in global_defs.');
  assert.is(hintOf('TCP_CHECK {\n}\n'), 'It belongs in real_server.');
  assert.is(
    hintOf('global_defs {\ndelay_loop 6\n}\n'),
    'It belongs in virtual_server, real_server, TCP_CHECK or others.',
  );
});
test('an unknown keyword inside a checker is an error: the check would be another one', () => {
  assert.equal(faultsOf(readText(realServer('TCP_CHECK {\nconect_port 81\n}'))), ['error unknown-keyword 8']);
  // What the block is about comes before what all checkers have.
  const [fault] = readText(realServer('TCP_CHECK {\nnonsense 1\n}')).diagnostics;
  assert.match(fault?.hint ?? '', /^TCP_CHECK takes: .*\bexpect, .* \.\.\.\.$/);
  assert.not.match(fault?.hint ?? '', /delay_loop/);
});
test('an unknown block is skipped by balanced braces and shifts nothing', () => {
  const text = `foo {\nbar {\nvirtual_address { x }\n}\n}\n${good}${next}`;
  assert.equal(names(text), both);
  assert.equal(faultsOf(readText(text)), ['warning unknown-block 1']);
});
test('a root block that must be a misspelt virtual_server is an error: its servers would be left unchecked', () => {
  for (const [name, hint] of [
    ['virtual_sever', 'Did you mean virtual_server?'],
    ['Virtual_Server', 'Did you mean virtual_server?'],
    ['virtual_server_grup', 'Did you mean virtual_server_group?'],
  ]) {
    const result = readText(`${name} 10.0.0.9 80 {\nprotocol TCP\n}\n${good}`);
    assert.equal(faultsOf(result), ['error unknown-block 1']);
    assert.is(onlyFault(result).hint, hint);
  }
});
test('a real_server that has fallen out of its virtual_server by a brace too many is an error', () => {
  const text = `${virtualServer('real_server 10.0.0.2 80 {\nTCP_CHECK { }\n}')}real_server 10.0.0.3 80 {\n}\n}\n`;
  assert.equal(faultsOf(readText(text)), ['error unknown-block 9', 'warning extra-brace 11']);
});
test('an unknown checker is an error, and what follows it stands', () => {
  const result = readText(realServer('HTTPS_GET {\nurl {\npath /\n}\n}\nweight 7'));
  assert.equal(faultsOf(result), ['error unknown-checker 7']);
  const real = result.config.virtualServers[0]?.realServers[0];
  assert.is(real?.weight, 7);
  assert.match(real?.unchecked ?? '', 'HTTPS_GET');
});
test('the hint for a checker in small letters is the checker', () => {
  assert.is(onlyFault(readText(realServer('http_get {\n}'))).hint, 'Did you mean HTTP_GET?');
});
test('a closing brace that is missing ends where a root block begins', () => {
  const text = good.replace(/\}\n\}\n$/, '}\n') + next;
  assert.equal(names(text), both);
  assert.equal(faultsOf(readText(text)), ['warning missing-brace 1']);
});
test('two closing braces that are missing are found at the next real_server', () => {
  const text = virtualServer(
    'real_server 10.0.0.2 80 {\nTCP_CHECK {\nconnect_timeout 3\nreal_server 10.0.0.3 80 {\nTCP_CHECK { }\n}',
  );
  const { config, diagnostics } = readText(text);
  assert.is(config.virtualServers[0]?.realServers.length, 2);
  assert.ok(diagnostics.every(each => each.code === 'missing-brace'));
});
test('a closing brace too many is reported and shifts nothing', () => {
  assert.equal(names(`${good}}\n${next}`), both);
  assert.equal(faultsOf(readText(`${good}}\n${next}`)), ['warning extra-brace 9']);
});
test('an opening brace too many is reported and shifts nothing', () => {
  const text = good.replace('80 {', '80 {{') + next;
  assert.equal(names(text), both);
  assert.ok(faultsOf(readText(text)).includes('warning unexpected-brace 1'));
});
test('a block without its opening brace is read all the same', () => {
  const text = good.replace('10.0.0.1 80 {', '10.0.0.1 80') + next;
  assert.equal(names(text), both);
  assert.equal(faultsOf(readText(text)), ['warning missing-open-brace 1']);
});
test('a list block without braces does not swallow the brace of its parent', () => {
  const { config, diagnostics } = readText(
    `global_defs {\nnotification_email a@b.c\nsmtp_server 192.0.2.25\nrouter_id x\n}\n${good}`,
  );
  assert.equal([config.globals.notificationEmail, config.globals.routerId], [['a@b.c'], 'x']);
  assert.equal(
    diagnostics.map(each => each.code),
    ['missing-open-brace'],
  );
  assert.is(config.virtualServers.length, 1);
});
test('root blocks that are of no concern to checking do not disturb it', () => {
  const instance = 'interface eth0\nvirtual_router_id 5\nvirtual_ipaddress {\n10.0.0.9\n}';
  const text = `track_file f {\nfile /x\n}\nvrrp_instance V\n{\n${instance}\ntrack_file {\nf\n}\n}\nuse_pid_dir\n${good}`;
  assert.equal(readText(text).diagnostics, []);
  assert.is(names(text).length, 1);
});
test('a block that another part of keepalived leaves open ends at the next root block', () => {
  assert.equal(names(`vrrp_instance V {\nvirtual_ipaddress {\n10.0.0.1\n}\n${good}`), ['[10.0.0.1]:tcp:80']);
});
test('surplus words are a hint, for keepalived ignores them silently', () => {
  const fault = onlyFault(readText(realServer('TCP_CHECK {\nconnect_timeout 3 retry 2\n}')));
  assert.equal([fault.severity, fault.code, fault.keepalived, fault.column], ['hint', 'surplus-words', false, 19]);
});
test('the same fault at the same place counts once, however often the line is read', () => {
  const text = virtualServer('~SEQ(N,2,5) real_server 10.0.0.$N 80 {\n TCP_CHECK {}\n}').replace(
    '80 {\n TCP',
    '80 { TCP_CHECK { }\n TCP',
  );
  const faults = faultsOf(readText(text));
  assert.equal(faults.length, new Set(faults).size);
});
test('a no-break space is a letter of a word: the keyword before it is another one', () => {
  const fault = readText(realServer('TCP_CHECK { }\nweight\u00a03')).diagnostics[1];
  assert.equal([fault?.code, fault?.line, fault?.column, fault?.length], ['unknown-keyword', 8, 1, 8]);
  assert.match(fault?.hint ?? '', 'no-break');
});
test('a list takes neither words before its brace nor braces within', () => {
  const text = (list: string) => readText(`global_defs {\n${list}\nrouter_id lb1\n}\n${good}`);
  for (const list of ['notification_email x {\na@b.c\n}', 'notification_email {\n{\na@b.c\n}\n}']) {
    const { config, diagnostics } = text(list);
    assert.equal([config.globals.notificationEmail, config.globals.routerId], [['a@b.c'], 'lb1']);
    assert.ok(diagnostics.some(each => each.keepalived));
  }
});

test.run();
