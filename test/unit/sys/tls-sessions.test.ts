import * as assert from 'uvu/assert';
import { createTlsSessions, type TlsSession } from '../../../src/sys/tls-sessions.ts';
import { suite } from '../../support/suite.ts';

const test = suite('TLS sessions');
const session: TlsSession = { bytes: Buffer.from('session'), certificate: null };
const minute = 60_000;

/** How often a session is offered before the next full handshake. */
function countOffers(sessions: ReturnType<typeof createTlsSessions>, key: string): number {
  let offers = 0;
  while (sessions.offer(key) !== null) offers++;
  return offers;
}

test('every tenth connection makes a full handshake', () => {
  const sessions = createTlsSessions(() => 0);
  assert.is(sessions.offer('a'), null);
  sessions.keep('a', session);
  assert.is(sessions.offer('a'), session);
  countOffers(sessions, 'a');
  sessions.keep('a', session);
  assert.is(countOffers(sessions, 'a'), 9);
  assert.is(countOffers(sessions, 'a'), 0);
});

test('servers that are met together make their second full handshake apart', () => {
  const sessions = createTlsSessions(() => 0);
  const offers = Array.from({ length: 18 }, (_, index) => {
    sessions.keep(`${index}`, session);
    return countOffers(sessions, `${index}`);
  });
  assert.equal(new Set(offers), new Set([1, 2, 3, 4, 5, 6, 7, 8, 9]));
});

test('a session is offered for five minutes', () => {
  let now = 0;
  const sessions = createTlsSessions(() => now);
  sessions.keep('a', session);
  sessions.keep('a', session);
  now = 5 * minute - 1;
  assert.is(sessions.offer('a'), session);
  now = 5 * minute;
  assert.is(sessions.offer('a'), null);
});

test('a check that has not passed ends it', () => {
  const sessions = createTlsSessions(() => 0);
  sessions.keep('a', session);
  sessions.keep('b', session);
  sessions.drop('a', false);
  assert.is(sessions.offer('a'), null);
  assert.is(sessions.offer('b'), session);
  sessions.keep('a', session);
  assert.is(sessions.offer('a'), session);
});

test('who fails with a session and passes without one gets none for an hour', () => {
  let now = 0;
  const sessions = createTlsSessions(() => now);
  sessions.keep('a', session);
  sessions.drop('a', true);
  assert.is(sessions.offer('a'), null);
  sessions.keep('a', session);
  assert.is(sessions.offer('a'), null);
  // Neither more that pass nor some that fail make an end of it.
  sessions.keep('a', session);
  sessions.drop('a', false);
  sessions.drop('a', true);
  now = 60 * minute - 1;
  sessions.keep('a', session);
  assert.is(sessions.offer('a'), null);
  now = 60 * minute;
  sessions.keep('a', session);
  assert.is(sessions.offer('a'), session);
});

test('who fails with a session and without one was down, and gets a session again', () => {
  const sessions = createTlsSessions(() => 0);
  sessions.keep('a', session);
  sessions.drop('a', true);
  sessions.drop('a', false);
  sessions.keep('a', session);
  assert.is(sessions.offer('a'), session);
});

test('there are never more than the limit, and the oldest goes first', () => {
  const sessions = createTlsSessions(() => 0, 3);
  for (const key of ['a', 'b', 'c', 'a', 'd']) sessions.keep(key, session);
  assert.is(sessions.count(), 3);
  assert.is(sessions.offer('b'), null);
  for (const key of ['a', 'c', 'd']) assert.is(sessions.offer(key), session, key);
  for (const key of ['x', 'y', 'z', 'v']) sessions.drop(key, true);
  assert.is(sessions.count(), 3);
});

test.run();
