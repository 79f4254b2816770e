import * as assert from 'uvu/assert';
import type { Params, ParamType, Values } from '../../../../src/model/params.ts';
import { suite } from '../../../support/suite.ts';
import { fakeChecker, readText, realServer } from '../read-text.ts';

const test = suite('config/values');

/** Reads one line of a made-up keyword, and says what was found and what was wrong with it. */
function read(type: ParamType, line: string, over: Partial<Params[number]> = {}) {
  let value: unknown;
  const params: Params = [{ name: 'keyword', type, doc: 'A keyword of the tests.', ...over }];
  const checker = fakeChecker('TCP_CHECK', params, {
    plan: (values: Values) => {
      value = values.get('keyword');
      return ['spec'];
    },
  });
  const { diagnostics } = readText(
    `${realServer(`TCP_CHECK {\n${line}\n}`)}global_defs {\nenable_script_security\n}\n`,
    {
      checkers: [checker],
      files: { '/etc/n.sh': '', '/bin/true': '', '/bin/check': '' },
    },
  );
  return { value, faults: diagnostics.map(each => `${each.severity} ${each.code} ${each.column}`) };
}
const ok = (type: ParamType, line: string, value: unknown) =>
  assert.equal(read(type, line), { value, faults: [] }, line);
const bad = (type: ParamType, line: string, fault: string) =>
  assert.equal(read(type, line), { value: undefined, faults: [fault] }, line);

test('a whole number is decimal, with a plus sign or blanks at most', () => {
  const int: ParamType = { kind: 'int', min: 0, max: 100 };
  ok(int, 'keyword 3', 3);
  ok(int, 'keyword +3', 3);
  ok(int, 'keyword " 3"', 3);
  ok({ ...int, bare: 7 }, 'keyword', 7);
  bad(int, 'keyword 0x10', 'error bad-value 9');
  bad(int, 'keyword 3;', 'error bad-value 9');
  bad(int, 'keyword -1', 'error out-of-range 9');
  bad(int, 'keyword 101', 'error out-of-range 9');
  bad(int, 'keyword', 'error missing-argument 1');
});
test('a time is seconds with up to six decimals, and comes in milliseconds', () => {
  const timer: ParamType = { kind: 'timer', min: 0.000001, max: 4294.967295 };
  ok(timer, 'keyword 2.5', 2500);
  ok(timer, 'keyword .5', 500);
  ok(timer, 'keyword 5.', 5000);
  ok(timer, 'keyword 0.000001', 0.001);
  bad(timer, 'keyword 1e3', 'error bad-value 9');
  bad(timer, 'keyword 3s', 'error bad-value 9');
  bad(timer, 'keyword 6;', 'error bad-value 9');
  bad(timer, 'keyword .', 'error bad-value 9');
  bad(timer, 'keyword 0', 'error out-of-range 9');
  bad(timer, 'keyword 5000', 'error out-of-range 9');
  assert.equal(read(timer, 'keyword 1.23456789'), { value: 1234.568, faults: ['warning too-many-decimals 9'] });
});
test('on and off are written in small letters, and nothing means on', () => {
  ok({ kind: 'bool' }, 'keyword', true);
  for (const word of ['on', 'true', 'yes']) ok({ kind: 'bool' }, `keyword ${word}`, true);
  for (const word of ['off', 'false', 'no']) ok({ kind: 'bool' }, `keyword ${word}`, false);
  bad({ kind: 'bool' }, 'keyword ON', 'error bad-value 9');
  bad({ kind: 'bool' }, 'keyword 1', 'error bad-value 9');
});
test('a flag takes no argument, and off does not switch it off', () => {
  ok({ kind: 'flag' }, 'keyword', true);
  assert.equal(read({ kind: 'flag' }, 'keyword off'), { value: true, faults: ['warning flag-argument 9'] });
});
test('an address is as strict as inet_pton, and comes in its one form', () => {
  ok({ kind: 'address' }, 'keyword 10.0.0.1', '10.0.0.1');
  ok({ kind: 'address' }, 'keyword 2001:DB8:0:0::1', '2001:db8::1');
  ok({ kind: 'address' }, 'keyword ::FFFF:10.0.0.1', '::ffff:10.0.0.1');
  for (const text of [
    '10.1',
    '010.0.0.1',
    '10.0.0.256',
    '[::1]',
    'fe80::1%eth0',
    'host',
    '1:2:3',
    '1::2::3',
    '10.0.0.1:80',
  ]) {
    bad({ kind: 'address' }, `keyword ${text}`, 'error bad-address 9');
  }
});
test('a port is 1 to 65535, leading zeros allowed', () => {
  ok({ kind: 'port' }, 'keyword 0080', 80);
  bad({ kind: 'port' }, 'keyword 0', 'error out-of-range 9');
  bad({ kind: 'port' }, 'keyword 65536', 'error out-of-range 9');
  bad({ kind: 'port' }, 'keyword http', 'error out-of-range 9');
});
test('a script is cut twice: the line, and its first word again', () => {
  const script: ParamType = { kind: 'script', user: true };
  ok(script, `keyword "/etc/n.sh 'two words' x" bob :staff`, {
    argv: ['/etc/n.sh', 'two words', 'x'],
    user: { name: 'bob', group: 'staff', supplementary: true },
  });
  ok(script, 'keyword /bin/true bob', { argv: ['/bin/true'], user: { name: 'bob' } });
  bad(script, `keyword '/bin/true a`, 'error bad-script 9');
  bad(script, 'keyword ""', 'error bad-script 9');
});
test('a script without a user takes the whole command as one word', () => {
  assert.equal(read({ kind: 'script', user: false }, 'keyword /bin/check a b'), {
    value: { argv: ['/bin/check'] },
    faults: ['warning surplus-words 20'],
  });
});
test('status codes are lists of codes and ranges separated by blanks', () => {
  const codes: ParamType = { kind: 'status-codes' };
  ok(codes, 'keyword 200-299 301', [
    { from: 200, to: 299 },
    { from: 301, to: 301 },
  ]);
  ok(codes, 'keyword', undefined);
  for (const text of ['200,301', '99', '600', '299-200', '//']) bad(codes, `keyword ${text}`, 'error bad-value 9');
});
test('a digest has 32 hexadecimal digits', () => {
  const digest = 'A640205b7b0fc66c1ea91c463fac6334';
  ok({ kind: 'md5' }, `keyword "${digest}"`, digest.toLowerCase());
  bad({ kind: 'md5' }, `keyword ${digest.slice(1)}`, 'error bad-value 9');
  bad({ kind: 'md5' }, `keyword ${digest.replace('A', 'g')}`, 'error bad-value 9');
});
test('forwarding is NAT, DR or TUN, and only a tunnel has options', () => {
  const lbKind: ParamType = { kind: 'lb-kind' };
  ok(lbKind, 'keyword DR', { kind: 'DR' });
  ok(lbKind, 'keyword TUN', { kind: 'TUN' });
  ok(lbKind, 'keyword TUN type gue port 6080 csum', {
    kind: 'TUN',
    tunnel: { type: 'gue', port: 6080, checksum: 'csum' },
  });
  assert.equal(read(lbKind, 'keyword NAT foo').faults, ['error bad-value 13']);
  for (const text of ['TUN type gue', 'TUN type gre port 1', 'TUN type ipip csum', 'TUN type gre remcsum', 'TUN foo']) {
    assert.equal(read(lbKind, `keyword ${text}`), { value: { kind: 'TUN' }, faults: ['error bad-value 9'] }, text);
  }
  for (const text of ['nat', 'FNAT', 'SNAT']) bad(lbKind, `keyword ${text}`, 'error bad-value 9');
});
test('a choice may be of any case where its row says so', () => {
  ok({ kind: 'choice', of: ['TCP'], anyCase: true }, 'keyword tcp', 'TCP');
  bad({ kind: 'choice', of: ['TCP'] }, 'keyword tcp', 'error bad-value 9');
});
test('a granularity is a netmask or a prefix length', () => {
  ok({ kind: 'granularity' }, 'keyword 255.255.255.0', '255.255.255.0');
  ok({ kind: 'granularity' }, 'keyword 64', '64');
  bad({ kind: 'granularity' }, 'keyword 300.0.0.0', 'error bad-value 9');
  bad({ kind: 'granularity' }, 'keyword 129', 'error bad-value 9');
});
test('a cron expression has five or six fields within their ranges', () => {
  ok({ kind: 'cron' }, 'keyword "*/5 * * * * *"', '*/5 * * * * *');
  ok({ kind: 'cron' }, 'keyword 0-30/5 9-17 * jan,Mar mon-fri', '0-30/5 9-17 * jan,Mar mon-fri');
  for (const text of [
    '* * * *',
    '60 * * * *',
    '* * 0 * *',
    '* * * * 8',
    '*/0 * * * *',
    '5/10 * * * *',
    'x * * * *',
    '1,,2 * * * *',
  ]) {
    bad({ kind: 'cron' }, `keyword ${text}`, 'error bad-value 9');
  }
});
test('of a repeated keyword the last counts, the first, or all, as its row says', () => {
  const word: ParamType = { kind: 'word' };
  assert.equal(read(word, 'keyword a\nkeyword b'), { value: 'b', faults: [] });
  assert.equal(read(word, 'keyword a\nkeyword b', { repeat: 'first' }), {
    value: 'a',
    faults: ['warning repeated-keyword 1'],
  });
  assert.equal(read(word, 'keyword a\nkeyword b', { repeat: 'replace' }).faults, ['warning repeated-keyword 1']);
});
test('of a repeated keyword of ours the last counts, and that is told', () => {
  const faultsOf = (lines: string) => read({ kind: 'word' }, lines, { ours: true }).faults;
  assert.ok(faultsOf('@checkalived keyword a\n@checkalived keyword b').includes('warning repeated-keyword 14'));
  assert.equal(faultsOf('@checkalived keyword a'), []);
});
test('a keyword newer than keepalived 2.2.7 is a hint', () => {
  assert.equal(read({ kind: 'word' }, 'keyword a', { since: '2.2.8' }).faults, ['hint newer-keyword 1']);
  assert.equal(read({ kind: 'word' }, 'keyword a', { since: '2.2.7' }).faults, []);
  assert.equal(read({ kind: 'word' }, 'keyword a', { since: '1.3.10' }).faults, []);
});
test('asking a block for a keyword that is no row of its table is a bug', () => {
  const checker = fakeChecker('TCP_CHECK', [], {
    plan: values => {
      assert.throws(() => values.get('nothing'), 'no keyword nothing');
      return ['spec'];
    },
  });
  assert.is(readText(realServer('TCP_CHECK { }'), { checkers: [checker] }).config.virtualServers.length, 1);
});

test.run();
