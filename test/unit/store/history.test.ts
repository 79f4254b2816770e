import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import * as assert from 'uvu/assert';
import { rsId, vsId } from '../../../src/model/ids.ts';
import { matchesServer, readHistory } from '../../../src/store/history.ts';
import { createKeeper } from '../../../src/store/keeper.ts';
import { suite } from '../../support/suite.ts';
import { commit, makeDirectory, noDirectory, notification, start, transition } from './support.ts';

const test = suite('history');
let directory = noDirectory;

test.beforeEach(() => {
  directory = makeDirectory();
});
test.afterEach(() => directory.remove());

const minute = 60_000;
const everything = { since: start - minute, until: start + 10 * minute, server: null };

/** A server goes down after 2 minutes and up after 5; the agent lives 8. */
function fill(): void {
  const handle = createKeeper();
  handle({ kind: 'open', directory: directory.path, now: start, run: 'a', forget: false, maxPages: null });
  const at = (minutes: number, from: string, to: string, more: Parameters<typeof commit>[0] = {}) =>
    ({
      kind: 'commit',
      ...commit(more),
      remember: 'superseded',
      time: start + minutes * minute,
      transitions: [transition({ from, to })],
    }) as const;
  const other = {
    ...at(3, 'unknown', 'up'),
    transitions: [
      transition({
        virtualServer: vsId('tcp/10.9.9.9:443'),
        realServer: rsId('10.0.0.7:443'),
        from: 'unknown',
        to: 'up',
      }),
    ],
  };
  const jobs = [
    at(0, 'unknown', 'up'),
    at(2, 'up', 'down', { notifications: [notification('1', { time: start + 2 * minute })] }),
    other,
    at(5, 'down', 'up'),
  ];
  const reply = handle({
    kind: 'write',
    batch: { number: 1, results: [], minutes: [], jobs, alive: start + 8 * minute },
  });
  assert.is(reply.kind, 'written');
}

test('it tells transitions, notifications and uptime of the window', () => {
  fill();
  const answer = readHistory(directory.path, everything);
  if (!answer.ok) throw new Error(answer.message);
  const { transitions, notifications, uptimes } = answer.history;
  assert.equal(
    transitions.map(entry => entry.to),
    ['up', 'down', 'up', 'up'],
  );
  assert.equal(transitions[1], {
    time: start + 2 * minute,
    object: 'real_server',
    virtualServer: 'tcp/10.0.0.1:80',
    realServer: '10.0.0.2:80',
    from: 'up',
    to: 'down',
    weight: 0,
    reason: 'refused',
    detail: 'connection refused',
  });
  assert.equal(
    notifications.map(entry => [entry.channel, entry.outcome]),
    [['smtp', 'queued']],
  );
  assert.equal(uptimes, [
    {
      virtualServer: 'tcp/10.0.0.1:80',
      realServer: '10.0.0.2:80',
      up: 5 * minute,
      down: 3 * minute,
      unknown: 3 * minute,
      changes: 3,
    },
    {
      virtualServer: 'tcp/10.9.9.9:443',
      realServer: '10.0.0.7:443',
      up: 5 * minute,
      down: 0,
      unknown: 6 * minute,
      changes: 1,
    },
  ]);
});

test('the state before the window is known from the last transition before it', () => {
  fill();
  const answer = readHistory(directory.path, {
    since: start + 6 * minute,
    until: start + 8 * minute,
    server: '10.0.0.2',
  });
  if (!answer.ok) throw new Error(answer.message);
  assert.equal(answer.history.transitions, []);
  assert.equal(
    answer.history.uptimes.map(({ up, unknown, changes }) => [up, unknown, changes]),
    [[2 * minute, 0, 0]],
  );
});

test('it can be asked for some servers', () => {
  fill();
  const answer = readHistory(directory.path, { ...everything, server: '*:443' });
  if (!answer.ok) throw new Error(answer.message);
  assert.equal(
    answer.history.transitions.map(entry => entry.realServer),
    ['10.0.0.7:443'],
  );
  assert.is(answer.history.uptimes.length, 1);
  assert.is(answer.history.notifications.length, 0);
});

test('a word is a part of the id, a pattern is all of it', () => {
  assert.ok(matchesServer('0.2', 'tcp/10.0.0.1:80', '10.0.0.2:80'));
  assert.ok(matchesServer('tcp/', 'tcp/10.0.0.1:80', null));
  assert.ok(matchesServer('10.0.0.?:80', 'tcp/10.0.0.1:80', '10.0.0.2:80'));
  assert.not.ok(matchesServer('10.0.0.?', 'tcp/10.0.0.1:80', '10.0.0.2:80'));
  assert.not.ok(matchesServer('10*0*2', 'tcp/10.0.0.1:80', null));
  assert.ok(matchesServer('[2001:db8::*', 'v', '[2001:db8::1]:80'), 'brackets stand for themselves');
});

test('what cannot be read is said in a sentence', () => {
  const missing = readHistory(directory.path, everything);
  assert.match(missing.ok ? '' : missing.message, /There is no .*checkalived\.db: no agent has run/);
  writeFileSync(
    join(directory.path, 'checkalived.db'),
    'this is no database, but long enough to be looked at'.repeat(50),
  );
  const odd = readHistory(directory.path, everything);
  assert.match(odd.ok ? '' : odd.message, /cannot be read: file is not a database/);
});

test('a database of a newer checkalived is left alone', () => {
  fill();
  const database = new Sqlite(join(directory.path, 'checkalived.db'));
  database.exec('INSERT INTO schema_version VALUES (99, 0)');
  database.close();
  const answer = readHistory(directory.path, everything);
  assert.match(answer.ok ? '' : answer.message, /newer checkalived \(schema version 99\)/);
});

test.run();
