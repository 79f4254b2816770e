import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.ts';
import { hex, meet, sayHello } from './hello.ts';

const test = suite('pgsql check');

async function judge(answer: string): Promise<string> {
  return (await sayHello('PGSQL_CHECK', [], [answer])).verdict;
}

test('H24: the startup packet of a client is sent, with user and database', async () => {
  const { sent } = await sayHello('PGSQL_CHECK', ['user monitor'], ['520000000800000000']);
  const words = `${hex('user')}00${hex('monitor')}0000`;
  assert.is(sent, `00000016 00030000 ${words}`.replaceAll(' ', ''));
  const byDefault = await sayHello('PGSQL_CHECK', [], ['520000000800000000']);
  assert.is(byDefault.sent, '00000017000300007573657200706f7374677265730000');
});

test('H24: a server that lets us in passes, and one that asks for authentication', async () => {
  assert.is(await judge('520000000800000000'), 'ok: it lets us in');
  assert.is(await judge('52000000170000000A534352414D2D5348412D3235360000'), 'ok: it asks for authentication (10)');
});

test('H24: an error fails with its text, and what is no PostgreSQL is a protocol fault', async () => {
  assert.is(await judge('450000000B53464154414C00'), 'status: "FATAL"');
  assert.is(await judge(hex('Not a PostgreSQL response')), 'protocol: "Not a PostgreSQL response" is not PostgreSQL');
  const fields = hex('SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0Fpostmaster.c\0\0');
  const length = (4 + fields.length / 2).toString(16).padStart(8, '0');
  assert.is(await judge(`45${length}${fields}`), 'status: "FATAL 57P03 the database system is starting up"');
});

test('a server that cannot start a process for us says so in the words of an older protocol', async () => {
  const text = 'Ecould not fork new process for connection: Resource temporarily unavailable\n';
  assert.is(
    await meet('PGSQL_CHECK', [], socket => void socket.end(text)),
    'status: "could not fork new process for connection: Resource temporarily unavailable."',
  );
  assert.is(await meet('PGSQL_CHECK', [], socket => void socket.end('E\xff')), 'protocol: "E.." is not PostgreSQL');
});

test('lengths that no answer has are a protocol fault', async () => {
  assert.is(await judge('5200000004'), 'protocol: "R...." is not PostgreSQL');
  assert.is(await judge('52ffffffff'), 'protocol: "R...." is not PostgreSQL');
});

test.run();
