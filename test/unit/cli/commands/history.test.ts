import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { showHistory } from '../../../../src/cli/commands/history.ts';
import { openDatabase } from '../../../../src/store/database.ts';
import { VirtualClock } from '../../../../testing/virtual-clock.ts';
import { suite } from '../../../support/suite.ts';
import { createFakeIo } from '../fake-io.ts';

const test = suite('cli/commands/history');
const now = new VirtualClock().wall();
const second = 1_000;
let stateDir = '';

test.before(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'checkalived-history-'));
  const database = openDatabase(stateDir, now, null);
  database.prepare('INSERT INTO run_rows (token, started, alive) VALUES (?, ?, ?)').run('a', now - 600 * second, now);
  const add = database.prepare(
    `INSERT INTO transition_rows (time, object, virtual_server, real_server, from_state, to_state, weight, reason, detail)
     VALUES (?, ?, 'tcp/10.0.0.1:80', ?, ?, ?, ?, ?, ?)`,
  );
  add.run(now - 600 * second, 'real_server', '10.0.0.2:80', 'unknown', 'up', 1, 'ok', 'connected');
  add.run(now - 150 * second, 'real_server', '10.0.0.2:80', 'up', 'down', 0, 'refused', 'nobody\u001b[2Jlistens');
  add.run(now - 149 * second, 'virtual_server', null, 'up', 'down', null, 'quorum', '');
  database.close();
});
test.after(() => rmSync(stateDir, { recursive: true, force: true }));

const asked = () => ({ json: false, since: 600 * second, server: null, stateDir });

test('what changed is printed with its reason, then the uptimes', async () => {
  const io = createFakeIo();
  assert.is(await showHistory(asked(), io), 0);
  const lines = io.stdout.text.split('\n').map(line => line.replace(/^\d{4}-\S+ \S+/, 'TIME.'));
  assert.equal(
    lines.map(line => line.replace(/ +/g, ' ')),
    [
      'TIME VIRTUAL SERVER WHAT CHANGE WEIGHT REASON DETAIL',
      'TIME. tcp/10.0.0.1:80 real server 10.0.0.2:80 unknown -> up 1 ok connected',
      'TIME. tcp/10.0.0.1:80 real server 10.0.0.2:80 up -> down 0 refused nobody [2Jlistens',
      'TIME. tcp/10.0.0.1:80 virtual server up -> down - quorum',
      '',
      'VIRTUAL SERVER REAL SERVER UPTIME UP DOWN UNKNOWN CHANGES',
      'tcp/10.0.0.1:80 10.0.0.2:80 75.000 % 7m30s 2m30s - 2',
      '',
    ],
  );
});

test('JSON has times in RFC 3339 and spans in milliseconds', async () => {
  const io = createFakeIo();
  assert.is(await showHistory({ ...asked(), json: true, server: '10.0.0.2:80' }, io), 0);
  const { since, until, transitions, uptimes } = JSON.parse(io.stdout.text);
  assert.is(since, '2025-12-31T23:50:00.000Z');
  assert.is(until, '2026-01-01T00:00:00.000Z');
  assert.is(transitions.length, 2);
  assert.is(transitions[1].time, '2025-12-31T23:57:30.000Z');
  assert.is(transitions[1].to, 'down');
  assert.equal(uptimes, [
    {
      virtualServer: 'tcp/10.0.0.1:80',
      realServer: '10.0.0.2:80',
      upMs: 450_000,
      downMs: 150_000,
      unknownMs: 0,
      uptime: 0.75,
      changes: 2,
    },
  ]);
});

test('a span in which nothing changed is said to be quiet', async () => {
  const io = createFakeIo();
  assert.is(await showHistory({ ...asked(), since: 60 * second }, io), 0);
  assert.match(io.stdout.text, 'Nothing changed within 1m.');
  assert.match(io.stdout.text, ' 0.000 %', 'it was down all the time');
});

test('no database makes it 1, with what to do', async () => {
  const io = createFakeIo();
  assert.is(await showHistory({ ...asked(), stateDir: join(stateDir, 'other') }, io), 1);
  assert.match(io.stderr.text, 'no agent has run with this state directory');
});

test.run();
