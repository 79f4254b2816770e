import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.ts';
import { hex, sayHello } from './hello.ts';

const test = suite('mysql check');

/** Of MySQL 8.0.19. */
const greeting =
  '4A000000 0A 382E302E313900 0A000000 6F3C025E6249410D 00 FFFF FF 0200 FFC7 15 00000000000000000000 7C182159106E276114432220 00 63616368696E675F736861325F70617373776F726400';
const refusal =
  '67000002FFE304436C69656E7420646F6573206E6F7420737570706F72742061757468656E7469636174696F6E2070726F746F636F6C20726571756573746564206279207365727665723B20636F6E736964657220757067726164696E67204D7953514C20636C69656E74';

test('H23: a greeting passes, and nothing is sent', async () => {
  assert.equal(await sayHello('MYSQL_CHECK', [], [greeting], true), { verdict: 'ok: "8.0.19"', sent: '' });
});

test('H23: a login without password passes when it is answered with OK, as old clients do it', async () => {
  const { verdict, sent } = await sayHello(
    'MYSQL_CHECK',
    ['user user', 'login pre-41'],
    [greeting, '03000002000000'],
    true,
  );
  assert.is(verdict, 'ok: "8.0.19", logged in');
  assert.is(sent, '0b00000100800000017573657200000100000001');
});

test('H23: and as clients since 4.1 do it', async () => {
  const { verdict, sent } = await sayHello('MYSQL_CHECK', ['user user'], [greeting, '0700000200000002000000'], true);
  assert.is(verdict, 'ok: "8.0.19", logged in');
  assert.is(
    sent,
    `260000010082000000800001210000000000000000000000000000000000000000000000${hex('user')}00000100000001`,
  );
});

test('H23: an error fails with its code and text', async () => {
  const text = '"Client does not support authentication protocol requested by server; consider upgrading MySQL client"';
  for (const login of ['pre-41', 'post-41']) {
    const { verdict } = await sayHello('MYSQL_CHECK', ['user pouet', `login ${login}`], [greeting, refusal], true);
    assert.is(verdict, `status: error 1251: ${text}`);
  }
});

test('a server that is full, or has blocked us, says so in place of a greeting', async () => {
  const full = `1d000000 ff 1004 ${hex('#08004Too many connections')}`;
  assert.is((await sayHello('MYSQL_CHECK', [], [full], true)).verdict, 'status: error 1040: "Too many connections"');
  const old = `0f000000 ff 6904 ${hex("Host 'x' is ")}`;
  assert.is((await sayHello('MYSQL_CHECK', [], [old], true)).verdict, `status: error 1129: "Host 'x' is "`);
});

test('a server that wants another login fails, and the detail says what to do', async () => {
  assert.is(
    (await sayHello('MYSQL_CHECK', ['user user'], [greeting, `17000002fe${hex('caching_sha2_password')}00`], true))
      .verdict,
    'status: "8.0.19" wants another login by "caching_sha2_password": give the user mysql_native_password',
  );
  assert.is(
    (await sayHello('MYSQL_CHECK', ['user user'], [greeting, '01000002fe'], true)).verdict,
    'status: "8.0.19" wants another login as before 4.1: give the user mysql_native_password',
  );
});

test('what is no MySQL is a protocol fault', async () => {
  const verdictOn = async (bytes: string): Promise<string> =>
    (await sayHello('MYSQL_CHECK', [], [bytes], true)).verdict;
  assert.is(await verdictOn(hex('SSH-2.0-OpenSSH_9.2\r\n')), 'protocol: "SSH-2.0-OpenSSH_9.2.." is not MySQL');
  assert.is(await verdictOn('0300000009 4141'), 'protocol: ".....AA" is not a greeting of MySQL');
  assert.is(await verdictOn('00000000'), 'protocol: "...." is not MySQL');
});

test.run();
