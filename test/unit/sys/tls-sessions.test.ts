import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { createTlsSessions, type Handshake, type Shortening, type TlsSessions } from '../../../src/sys/tls-sessions.ts';
import { suite } from '../../support/suite.ts';

const test = suite('TLS sessions');
const session = Buffer.from('session');
const certificate = { subject: 'checkalived.test', validTo: 0 };
const minute = 60_000;
const hour = 60 * minute;

/** `N` natural, `H` held in full, `h` held with a session, `r` with a session of what is natural. */
function spell({ held, session: offered }: Handshake): string {
  if (held) return offered === null ? 'H' : 'h';
  return offered === null ? 'N' : 'r';
}

/** A check that passes at a server of TLS 1.3, or one of TLS 1.2; it takes every session. */
function pass(sessions: TlsSessions, key = 'a', version: 2 | 3 = 3): string {
  const handshake = sessions.next(key);
  const { held, session: offered } = handshake;
  if (offered !== null) sessions.resumed(key, held);
  else if (held) sessions.lent(key, session, false);
  else sessions.met(key, certificate, version === 3 && sessions.mayHold(key) ? 'hold' : session);
  return spell(handshake);
}

function fail(sessions: TlsSessions, key = 'a'): string {
  const handshake = sessions.next(key);
  const { held, session: offered } = handshake;
  sessions.failed(key, held ? 'held' : offered === null ? null : 'resumed');
  return spell(handshake);
}

function passes(times: number, sessions: TlsSessions, key = 'a', version: 2 | 3 = 3): string {
  return Array.from({ length: times }, () => pass(sessions, key, version)).join('');
}

test('of a server of TLS 1.3 one connection in twenty is natural, and the others are held to TLS 1.2 and resumed', () => {
  const sessions = createTlsSessions(() => 0);
  const seen = passes(100, sessions);
  assert.match(seen, /^NHh{17}(Nh{19}){4}N$/);
});

test('of a server of TLS 1.2 one connection in twenty is natural, and the others resume', () => {
  const sessions = createTlsSessions(() => 0);
  assert.match(passes(100, sessions, 'a', 2), /^Nr{1,19}(Nr{19})+Nr*$/);
});

test('servers that are met together make their full handshakes apart, by count and by time', () => {
  let now = 0;
  const sessions = createTlsSessions(() => now);
  const keys = Array.from({ length: 15 }, (_, index) => `${index}`);
  const naturals = keys.map(key => passes(21, sessions, key).indexOf('N', 1));
  assert.ok(Math.min(...naturals) > 5 && new Set(naturals).size > 10, `${naturals}`);
  const others = createTlsSessions(() => now);
  for (const key of keys) assert.is(passes(2, others, key), 'NH');
  const ends = new Set<number>();
  for (const key of keys) {
    for (now = 0; spell(others.next(key)) === 'h'; ) now += 15_000;
    ends.add(now);
  }
  assert.ok(ends.size > 10, `${ends.size} moments`);
});

test('a natural handshake comes after five minutes at the latest, and so does another session', () => {
  let now = 0;
  const sessions = createTlsSessions(() => now);
  passes(25, sessions);
  for (let connections = 0; pass(sessions) !== 'N'; ) assert.ok(++connections < 20);
  now = 5 * minute - 1;
  assert.is(spell(sessions.next('a')), 'H');
  now = 5 * minute;
  assert.is(pass(sessions), 'N');
  assert.is(passes(2, sessions), 'Hh');
  now += 5 * minute - 1;
  assert.is(pass(sessions), 'h');
  now++;
  assert.is(passes(3, sessions), 'NHh');
});

test('until one of its kind has passed a connection is untried, and again after an hour of distrust', () => {
  let now = 0;
  const sessions = createTlsSessions(() => now);
  const untried = (): string => {
    const handshake = sessions.next('a');
    return `${spell(handshake)}${handshake.untried ? '?' : ''}`;
  };
  pass(sessions);
  assert.equal([untried(), untried()], ['H?', 'H?']);
  assert.is(pass(sessions), 'H');
  assert.equal([untried(), untried()], ['h?', 'h?']);
  assert.is(pass(sessions), 'h');
  assert.is(untried(), 'h');
  now = 5 * minute - 1;
  assert.is(pass(sessions), 'N');
  assert.is(untried(), 'H');
  now = 10 * minute;
  assert.is(pass(sessions), 'N');
  assert.is(untried(), 'H');
  assert.is(fail(sessions) + pass(sessions), 'HN');
  assert.is(untried(), 'r?');
  assert.is(pass(sessions) + untried(), 'rr');
  for (let tries = 0; pass(sessions) !== 'N'; ) assert.ok(++tries < 20);
  assert.is(untried(), 'r');
  now += hour;
  assert.is(pass(sessions), 'N');
  assert.is(untried(), 'H?');
});

test('the certificate is that of the last natural handshake', () => {
  const sessions = createTlsSessions(() => 0);
  assert.is(sessions.next('a').certificate, null);
  passes(2, sessions);
  assert.is(sessions.next('a').certificate, certificate);
});

test('after a check that has not passed the next handshake is natural', () => {
  const sessions = createTlsSessions(() => 0);
  passes(3, sessions);
  pass(sessions, 'b');
  sessions.failed('a', null);
  assert.is(passes(2, sessions), 'NH');
  assert.is(pass(sessions, 'b'), 'H');
});

test('who fails when held and passes naturally is not held for an hour, and resumes TLS 1.3', () => {
  let now = 0;
  const sessions = createTlsSessions(() => now);
  assert.is(passes(2, sessions) + fail(sessions), 'NHh');
  assert.match(passes(60, sessions), /^Nr+(Nr{19})+Nr*$/);
  // Neither more that pass nor some that fail make an end of it.
  sessions.failed('a', null);
  sessions.failed('a', 'held');
  now = hour - 1;
  assert.match(passes(40, sessions), /^N[rN]+$/);
  now = hour;
  assert.match(passes(60, sessions), /NHh/);
});

test('who fails when resumed and passes naturally makes natural handshakes for an hour', () => {
  let now = 0;
  const sessions = createTlsSessions(() => now);
  assert.is(passes(2, sessions) + fail(sessions), 'NHh');
  assert.is(pass(sessions) + fail(sessions), 'Nr');
  assert.is(passes(50, sessions), 'N'.repeat(50));
  now = hour;
  assert.is(passes(3, sessions), 'NHh');
  const old = createTlsSessions(() => now);
  assert.is(pass(old, 'a', 2) + fail(old), 'Nr');
  assert.is(passes(50, old, 'a', 2), 'N'.repeat(50));
});

test('who fails in whatever way was down, and is held again', () => {
  const sessions = createTlsSessions(() => 0);
  assert.is(passes(3, sessions), 'NHh');
  assert.is(fail(sessions) + fail(sessions) + fail(sessions), 'hNN');
  assert.is(passes(3, sessions), 'NHh');
});

test('who refuses its sessions three times between two natural handshakes is not held', () => {
  const sessions = createTlsSessions(() => 0);
  passes(2, sessions);
  const refuse = (): string => {
    const handshake = sessions.next('a');
    sessions.lent('a', session, handshake.session !== null);
    return spell(handshake);
  };
  // A restart, and another one after the next natural handshake.
  assert.is(refuse() + refuse(), 'hh');
  for (let tries = 0; pass(sessions) !== 'N'; ) assert.ok(++tries < 20);
  assert.is(refuse() + refuse() + pass(sessions) + refuse(), 'hhhh');
  assert.match(passes(5, sessions), /^Nr+$/);
});

test('a session that cannot be used is one that was refused', () => {
  const sessions = createTlsSessions(() => 0);
  assert.is(pass(sessions), 'N');
  for (let times = 0; times < 3; times++) {
    assert.is(spell(sessions.next('a')), 'H');
    sessions.lent('a', null, false);
  }
  assert.is(spell(sessions.next('a')), 'N');
});

test('there are never more than the limit, and the oldest goes first', () => {
  const sessions = createTlsSessions(() => 0, 3);
  for (const key of ['a', 'b', 'c', 'a', 'd']) sessions.met(key, certificate, 'hold');
  assert.is(sessions.count(), 3);
  assert.is(spell(sessions.next('b')), 'N');
  for (const key of ['a', 'c', 'd']) assert.is(spell(sessions.next(key)), 'H', key);
  for (const key of ['x', 'y', 'z', 'v']) sessions.failed(key, 'held');
  assert.is(sessions.count(), 3);
  for (const key of ['x', 'y', 'z', 'v']) sessions.met(key, certificate, session);
  assert.ok(sessions.count() <= 6);
});

/** Several checks of one server at a time, of any outcome and order of ends, by a slow and plain account of what must hold. */
test('whatever happens: after a failure it is natural, what failed alone is not tried for an hour, and twenty in a row have a natural one', () => {
  const step = fc.record({
    wait: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 10 * minute })),
    /** Ends the connection that was begun so many before. */
    back: fc.nat(3),
    outcome: fc.constantFrom('passed', 'passed', 'passed', 'failed', 'aborted', 'refused'),
    version: fc.constantFrom<2 | 3>(2, 3, 3),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), steps => {
      let now = 0;
      const sessions = createTlsSessions(() => now);
      const open: Handshake[] = [];
      let failedLast = false;
      let suspect: Shortening | null = null;
      let shunned: { of: Shortening; until: number } | null = null;
      let sinceNatural = 0;
      let naturalPassed = Number.NEGATIVE_INFINITY;
      for (const { wait, back, outcome, version } of steps) {
        now += wait;
        const begun = sessions.next('a');
        const shortened = begun.held || begun.session !== null;
        if (failedLast) assert.is(spell(begun), 'N');
        if (shunned && now < shunned.until) {
          assert.not(begun.held);
          assert.not(shunned.of === 'resumed' && shortened);
        }
        sinceNatural = shortened ? sinceNatural + 1 : 0;
        assert.ok(sinceNatural < 20);
        if (shortened) assert.ok(now - naturalPassed < 5 * minute);
        open.push(begun);
        const [ends] = open.splice(Math.max(0, open.length - 1 - back), 1);
        if (ends === undefined) continue;
        const isShort = ends.held || ends.session !== null;
        if (outcome !== 'passed' && outcome !== 'refused') {
          const blame = outcome === 'failed' && isShort ? (ends.held ? 'held' : 'resumed') : null;
          sessions.failed('a', blame);
          const known: Shortening | null = shunned !== null && now < shunned.until ? shunned.of : null;
          suspect = blame === known || known === 'resumed' ? null : blame;
          failedLast = true;
        } else if (ends.held && (ends.session === null || outcome === 'refused')) {
          sessions.lent('a', session, outcome === 'refused');
        } else if (!isShort) {
          const holds = version === 3 && sessions.mayHold('a');
          sessions.met('a', certificate, outcome === 'refused' ? null : holds ? 'hold' : session);
          if (suspect !== null) shunned = { of: suspect, until: now + hour };
          suspect = null;
          failedLast = false;
          naturalPassed = now;
        }
      }
    }),
    { numRuns: 500 },
  );
});

test.run();
