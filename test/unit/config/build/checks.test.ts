import * as assert from 'uvu/assert';
import type { CheckTarget } from '../../../../src/model/check.ts';
import { suite } from '../../../support/suite.ts';
import { fakeChecker, faultsOf, onlyFault, readText, realServer, virtualServer } from '../read-text.ts';

const test = suite('config/build-checks');
const timeoutRow = { name: 'connect_timeout', type: { kind: 'timer', min: 0, max: 100 }, doc: 'x' } as const;
const tcp = fakeChecker('TCP_CHECK', [timeoutRow]);
const misc = fakeChecker('MISC_CHECK', [], { defaultRetry: 0, defaultDelayBeforeRetry: 7000, pace: 'start' });
const fakes = { checkers: [tcp, misc] };

function firstCheck(text: string) {
  const { config, diagnostics } = readText(text, fakes);
  assert.equal(
    diagnostics.filter(each => each.severity !== 'hint'),
    [],
  );
  const check = config.virtualServers[0]?.realServers[0]?.checks[0];
  if (check === undefined) throw new Error('no check');
  return { ...check, target: check.spec as CheckTarget };
}

test('with nothing written a check has the defaults of its checker and of keepalived', () => {
  const check = firstCheck(realServer('MISC_CHECK { }'));
  assert.equal(check.schedule, { kind: 'interval', every: 60_000 });
  assert.equal(
    [
      check.type,
      check.warmup,
      check.retry,
      check.delayBeforeRetry,
      check.rise,
      check.alpha,
      check.logAllFailures,
      check.pace,
    ],
    ['MISC_CHECK', 60_000, 0, 7000, 1, false, false, 'start'],
  );
  assert.equal(check.target, {
    address: '10.0.0.2',
    port: 80,
    virtualhost: null,
    connectTimeout: 5000,
    delayLoop: 60_000,
    heloName: 'lb1.example.com',
    scriptUser: null,
    ssl: { identity: null, ca: null },
  });
});
test('the innermost of checker, real_server and virtual_server wins', () => {
  const names = ['delay_loop', 'retry', 'delay_before_retry', 'warmup', 'rise', 'connect_timeout'];
  const lines = (value: number) => names.map(name => `${name} ${value}`).join('\n');
  const picked = (text: string) => {
    const check = firstCheck(text);
    const every = check.schedule.kind === 'interval' ? check.schedule.every : null;
    return [every, check.retry, check.delayBeforeRetry, check.warmup, check.rise, check.target.connectTimeout];
  };
  const all = (value: number) => [value * 1000, value, value * 1000, value * 1000, value, value * 1000];
  assert.equal(picked(realServer('TCP_CHECK { }', lines(2))), all(2));
  assert.equal(picked(realServer(`TCP_CHECK { }\n${lines(3)}`, lines(2))), all(3));
  assert.equal(picked(realServer(`TCP_CHECK {\n${lines(4)}\n}\n${lines(3)}`, lines(2))), all(4));
});
test('warmup is the delay_loop of the check itself when it is not written', () => {
  assert.is(firstCheck(realServer('TCP_CHECK {\ndelay_loop 3\n}', 'delay_loop 9')).warmup, 3000);
  assert.is(firstCheck(realServer('TCP_CHECK {\nwarmup 0\n}', 'delay_loop 9')).warmup, 0);
});
test('retry 0 is legal in a checker only; outside it is an error, for the check would be another one', () => {
  assert.is(firstCheck(realServer('TCP_CHECK {\nretry 0\n}')).retry, 0);
  assert.equal(faultsOf(readText(realServer('TCP_CHECK { }', 'retry 0'), fakes)), ['error out-of-range 5']);
});
test('nb_get_retry is retry in every checker, with a warning', () => {
  const result = readText(realServer('MISC_CHECK {\nnb_get_retry 4\n}'), fakes);
  assert.is(result.config.virtualServers[0]?.realServers[0]?.checks[0]?.retry, 4);
  assert.equal(faultsOf(result), ['warning nb-get-retry 8']);
});
test('alpha is a flag in virtual_server, and a yes or no further in', () => {
  assert.is(firstCheck(realServer('TCP_CHECK { }', 'alpha')).alpha, true);
  assert.is(firstCheck(realServer('alpha off\nTCP_CHECK { }', 'alpha')).alpha, false);
  assert.is(firstCheck(realServer('alpha off\nTCP_CHECK {\nalpha\n}', 'alpha')).alpha, true);
  const off = readText(realServer('TCP_CHECK { }', 'alpha off'), fakes);
  assert.is(off.config.virtualServers[0]?.alpha, true);
  assert.equal(faultsOf(off), ['warning flag-argument 5']);
});
test('log_all_failures of a checker and of everything add up', () => {
  const global = 'global_defs {\nchecker_log_all_failures\n}\n';
  assert.is(firstCheck(realServer('TCP_CHECK {\nlog_all_failures\n}')).logAllFailures, true);
  assert.is(firstCheck(global + realServer('TCP_CHECK {\nlog_all_failures off\n}')).logAllFailures, true);
});
test('a calendar stands in for delay_loop, and the innermost of the two wins', () => {
  const cron = { kind: 'cron', expression: '*/5 * * * * *' };
  const line = 'schedule "*/5 * * * * *"';
  assert.equal(firstCheck(realServer('TCP_CHECK { }', `delay_loop 9\n${line}`)).schedule, cron);
  assert.equal(firstCheck(realServer(`TCP_CHECK { }\n@checkalived ${line}`, 'delay_loop 9')).schedule, cron);
  assert.equal(firstCheck(realServer('TCP_CHECK {\ndelay_loop 4\n}', line)).schedule, {
    kind: 'interval',
    every: 4000,
  });
  assert.is(firstCheck(realServer('TCP_CHECK { }', `delay_loop 9\n${line}`)).target.delayLoop, 9000);
});
test('the host header comes from the real server, else from the virtual server', () => {
  assert.is(firstCheck(realServer('TCP_CHECK { }', 'virtualhost a')).target.virtualhost, 'a');
  assert.is(firstCheck(realServer('virtualhost "b"\nTCP_CHECK { }', 'virtualhost a')).target.virtualhost, 'b');
});
test('smtp_helo_name and script_user reach the checks, wherever global_defs stands', () => {
  const { target } = firstCheck(
    `${realServer('MISC_CHECK { }')}global_defs {\nsmtp_helo_name mx\nscript_user bob :staff\n}`,
  );
  assert.equal([target.heloName, target.scriptUser], ['mx', { name: 'bob', group: 'staff', supplementary: true }]);
});
test('the block SSL reaches the checks, wherever it stands; the last one counts, and one half is none', () => {
  const ssl = (lines: string) => {
    const { config } = readText(`${realServer('TCP_CHECK { }')}SSL {\n${lines}\n}\n`, fakes);
    const target = config.virtualServers[0]?.realServers[0]?.checks[0]?.spec as CheckTarget | undefined;
    return target?.ssl;
  };
  assert.equal(ssl('certificate c\nkey k\nca a'), { identity: { certificate: 'c', key: 'k' }, ca: 'a' });
  const locked = ssl('certificate c\nkey k\npassword hunter2')?.identity?.password;
  assert.equal([locked?.reveal(), String(locked)], ['hunter2', '<secret>']);
  assert.equal(ssl('certificate c\nkey k\n}\nSSL {\nca b'), { identity: null, ca: 'b' });
  assert.equal(ssl('certificate c'), { identity: null, ca: null });
});
test('an id stays while what is checked stays, whatever its timing', () => {
  const id = (text: string) => firstCheck(text).id;
  const plain = id(realServer('TCP_CHECK { }'));
  assert.match(plain, /^tcp\/10\.0\.0\.1:80>10\.0\.0\.2:80>TCP_CHECK:[0-9a-z]{14}$/);
  assert.is(id(realServer('weight 9\nTCP_CHECK {\nretry 5\nwarmup 1\n}')), plain);
  assert.is.not(id(realServer('TCP_CHECK {\nconnect_timeout 9\n}')), plain);
});
test('checks that are the same twice have ids of their own', () => {
  const { config } = readText(realServer('TCP_CHECK { }\nTCP_CHECK { }\nMISC_CHECK { }'), fakes);
  const ids = config.virtualServers[0]?.realServers[0]?.checks.map(check => check.id) ?? [];
  assert.equal([ids.length, new Set(ids).size, ids[1]], [3, 3, `${ids[0]}#2`]);
});
test('a block of several specs is several checks', () => {
  const two = fakeChecker('SMTP_CHECK', [], { plan: () => ['a', 'b'] });
  const { config } = readText(realServer('SMTP_CHECK { }'), { checkers: [two] });
  assert.equal(
    config.virtualServers[0]?.realServers[0]?.checks.map(check => check.spec),
    ['a', 'b'],
  );
});
test('a checker that makes nothing of its block leaves the server unchecked, with an error', () => {
  const none = fakeChecker('MISC_CHECK', [], { plan: () => [] });
  const result = readText(realServer('MISC_CHECK { }'), { checkers: [none] });
  assert.equal(faultsOf(result), ['error unusable-checker 7']);
  assert.match(result.config.virtualServers[0]?.realServers[0]?.unchecked ?? '', 'MISC_CHECK');
});
test('what a checker reports stands where it says, and leaves the server unchecked when it is an error', () => {
  const plan = (message: string, severity: 'error' | 'warning') =>
    fakeChecker('TCP_CHECK', [timeoutRow], {
      plan: (values, _target, report) => {
        report(severity, 'some-code', message, values.spanOf('connect_timeout'), 'a hint');
        return severity === 'error' ? [] : ['spec'];
      },
    });
  const text = realServer('TCP_CHECK {\nconnect_timeout 3\n}');
  const failed = readText(text, { checkers: [plan('broken', 'error')] });
  const { code, message, hint, line } = onlyFault(failed);
  assert.equal([code, message, hint, line], ['some-code', 'broken', 'a hint', 8]);
  assert.is(failed.config.virtualServers[0]?.realServers[0]?.unchecked, 'broken');
  const warned = readText(text, { checkers: [plan('odd', 'warning')] });
  assert.is(warned.config.virtualServers[0]?.realServers[0]?.unchecked, null);
});
test('an error in what a check inherits leaves the servers unchecked that have a check', () => {
  const text = virtualServer(
    'delay_loop 6;\nreal_server 10.0.0.2 80 {\nTCP_CHECK { }\n}\nreal_server 10.0.0.3 80 {\n}',
  );
  const { config } = readText(text, fakes);
  assert.equal(
    config.virtualServers[0]?.realServers.map(real => real.unchecked !== null),
    [true, false],
  );
});
test('a checker that we do not have is an error, and the file still loads', () => {
  const before = 'bfd_instance b1 {\nneighbor_ip 10.0.0.7\n}\n';
  const result = readText(before + realServer('BFD_CHECK {\nname b1\n}\nTCP_CHECK { }'), fakes);
  assert.equal(faultsOf(result), ['error unsupported-checker 10']);
  const [real] = result.config.virtualServers[0]?.realServers ?? [];
  assert.match(real?.unchecked ?? '', 'BFD_CHECK stays with keepalived');
  assert.is(real?.checks.length, 1);
});
test('a block may be hidden from us, or from keepalived', () => {
  const text = realServer('@^checkalived DNS_CHECK {\n@^checkalived }\n@checkalived TCP_CHECK {\n@checkalived }');
  const result = readText(text, fakes);
  assert.equal(result.diagnostics, []);
  assert.is(result.config.virtualServers[0]?.realServers[0]?.checks[0]?.type, 'TCP_CHECK');
});
test('mail texts and pace come from the checker', () => {
  const { mail, pace } = firstCheck(realServer('TCP_CHECK { }'));
  assert.equal([mail, pace], [tcp.mail, 'end']);
});

test('BFD_CHECK is refused for good, with what to do, and doing that leaves the weight to keepalived', () => {
  const before = 'bfd_instance b {\nneighbor_ip 10.0.0.7\n}\n';
  const block = ['BFD_CHECK {', 'name b', '}'];
  const refused = readText(before + realServer(block.join('\n')));
  const [fault] = refused.diagnostics.filter(({ code }) => code === 'unsupported-checker');
  assert.match(fault?.message ?? '', 'stays with keepalived, whose BFD process');
  assert.match(fault?.hint ?? '', 'write @^checkalived before each line');
  const hidden = readText(before + realServer(block.map(line => `@^checkalived ${line}`).join('\n')));
  assert.equal(
    hidden.diagnostics.filter(({ severity }) => severity !== 'hint'),
    [],
  );
  const [vs] = hidden.config.virtualServers;
  assert.equal([vs?.realServers[0]?.checks, vs?.realServers[0]?.unchecked], [[], null]);
});

/** `watch` of the one check, and the id of it. */
function watchOf(lines: string, virtualLines = '') {
  const { config, diagnostics } = readText(realServer(lines, virtualLines));
  const [check] = config.virtualServers[0]?.realServers[0]?.checks ?? [];
  return { watch: check?.watch, id: check?.id, faults: faultsOf({ diagnostics }).filter(text => !/^hint/.test(text)) };
}

const connecting = [
  ['TCP_CHECK', ''],
  ['HTTP_GET', 'url {\npath /\n}'],
  ['SSL_GET', 'url {\npath /\n}'],
  ['SMTP_CHECK', ''],
  ['AGENT_CHECK', 'connect_port 9000'],
  ['MYSQL_CHECK', ''],
  ['PGSQL_CHECK', ''],
  ['REDIS_CHECK', ''],
  ['LDAP_CHECK', ''],
] as const;

test('watch is taken by every checker that connects, off unless it is written, and no part of what the check is', () => {
  for (const [keyword, lines] of connecting) {
    const without = watchOf(`${keyword} {\n${lines}\n}`);
    assert.equal([without.watch, without.faults], [false, []], keyword);
    for (const [word, watch] of [
      ['watch', true],
      ['watch on', true],
      ['watch off', false],
    ] as const) {
      assert.equal(watchOf(`${keyword} {\n${lines}\n${word}\n}`), { ...without, watch }, `${keyword} ${word}`);
    }
  }
});

test('checkers that connect to nothing over TCP have no watch', () => {
  for (const [keyword, lines] of [
    ['MISC_CHECK', 'misc_path /bin/true'],
    ['FILE_CHECK', 'track_file f'],
    ['DNS_CHECK', ''],
    ['UDP_CHECK', 'payload x'],
    ['PING_CHECK', ''],
  ] as const) {
    const { watch, faults } = watchOf(`${keyword} {\n${lines}\nwatch on\n}`);
    assert.is.not(watch, true, keyword);
    assert.is(faults.filter(text => text.startsWith('error unknown-keyword')).length, 1, `${keyword}: ${faults}`);
  }
});

test('watch is not inherited', () => {
  for (const text of [realServer('TCP_CHECK { }\nwatch on'), realServer('TCP_CHECK { }', 'watch on')]) {
    const { config, diagnostics } = readText(text);
    assert.is(config.virtualServers[0]?.realServers[0]?.checks[0]?.watch, false);
    assert.is(diagnostics.filter(({ severity }) => severity !== 'hint').length, 1);
  }
});

test.run();
