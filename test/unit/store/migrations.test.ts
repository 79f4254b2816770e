import Sqlite from 'better-sqlite3';
import * as assert from 'uvu/assert';
import { migrate, migrations, NewerSchema, readVersion } from '../../../src/store/migrations.ts';
import { suite } from '../../support/suite.ts';

const test = suite('store migrations');

/** Columns that users query: design decisions that stay. */
const views: Readonly<Record<string, readonly string[]>> = {
  results: ['time_ms', 'virtual_server', 'real_server', 'check_type', 'ok', 'duration_us', 'reason', 'detail'],
  transitions: [
    'time_ms',
    'object',
    'virtual_server',
    'real_server',
    'from_state',
    'to_state',
    'weight',
    'reason',
    'detail',
  ],
  notifications: ['time_ms', 'channel', 'subject', 'virtual_server', 'real_server', 'outcome', 'attempts', 'detail'],
  results_minutely: [
    'minute_ms',
    'virtual_server',
    'real_server',
    'check_type',
    'runs',
    'failures',
    'duration_us_sum',
    'duration_us_min',
    'duration_us_max',
  ],
  results_hourly: [
    'hour_ms',
    'virtual_server',
    'real_server',
    'check_type',
    'runs',
    'failures',
    'duration_us_sum',
    'duration_us_min',
    'duration_us_max',
  ],
};

test('the views have exactly the columns that users rely on', () => {
  const database = new Sqlite(':memory:');
  migrate(database, 0);
  for (const [view, columns] of Object.entries(views)) {
    const found = database
      .prepare<[], string>(`SELECT name FROM pragma_table_info('${view}') ORDER BY cid`)
      .pluck()
      .all();
    assert.equal(found, columns, view);
  }
  database.close();
});

test('only the steps that are missing are taken, each noted with its time', () => {
  const database = new Sqlite(':memory:');
  const steps = ['CREATE TABLE a (x)', 'ALTER TABLE a ADD COLUMN y'];
  migrate(database, 1, steps.slice(0, 1));
  migrate(database, 2, steps);
  migrate(database, 3, steps);
  assert.equal(database.prepare('SELECT * FROM schema_version').all(), [
    { version: 1, time: 1 },
    { version: 2, time: 2 },
  ]);
  database.close();
});

test('a step that fails leaves nothing behind', () => {
  const database = new Sqlite(':memory:');
  assert.throws(() => migrate(database, 1, ['CREATE TABLE a (x); CREATE TABLE a (x)']));
  assert.is(readVersion(database), 0);
  assert.equal(database.prepare("SELECT name FROM sqlite_schema WHERE name = 'a'").all(), []);
  database.close();
});

test('a database of version 1 is brought along, with the results that were not yet in their hours', () => {
  const database = new Sqlite(':memory:');
  migrate(database, 1, migrations.slice(0, 1));
  const hour = 3_600_000;
  database.exec(`
    INSERT INTO check_keys VALUES (7, 'tcp/10.0.0.1:80', '10.0.0.2:80', 'TCP_CHECK');
    INSERT INTO result_rows VALUES (1, ${5 * hour}, 7, 10, NULL, NULL), (2, ${5 * hour + 1}, 7, 30, 'refused', 'no'),
      (3, ${5 * hour + 2}, 7, 5, NULL, NULL), (4, ${6 * hour}, 7, 8, 'status', NULL);
    INSERT INTO hourly_rows VALUES (4, 7, 100, 1, 1000, 1, 99), (5, 7, 2, 1, 40, 10, 30);
    UPDATE rolled_up SET id = 2;
    INSERT INTO transition_rows VALUES (1, ${5 * hour}, 'real_server', 'tcp/10.0.0.1:80', '10.0.0.2:80', 'up', 'down', 0, 'refused', '');
    INSERT INTO notification_rows VALUES ('a', 1, 'smtp', 's', 'b', 'tcp/10.0.0.1:80', NULL, 'queued', 0, NULL, '');
    INSERT INTO remembered_rows VALUES ('tcp/10.0.0.1:80', '{}');
    INSERT INTO run_rows VALUES (1, 'token', 1, 2, 1, 3)`);
  const read = (view: string) => database.prepare<[], Record<string, unknown>>(`SELECT * FROM ${view}`).all();
  const kept = ['results', 'transitions', 'notifications', 'remembered_rows', 'run_rows'];
  const before = kept.map(read);
  migrate(database, 2);
  assert.equal(kept.map(read), before);
  assert.equal(
    read('results_hourly').map(row => Object.values(row).filter(each => typeof each === 'number')),
    [
      [4 * hour, 100, 1, 1000, 1, 99],
      [5 * hour, 3, 1, 45, 5, 30],
      [6 * hour, 1, 1, 8, 8, 8],
    ],
  );
  assert.equal(read('results_minutely'), []);
  assert.throws(
    () => migrate(database, 3, migrations.slice(0, 1)),
    (fault: unknown) => fault instanceof NewerSchema,
    'the version before refuses it',
  );
  database.close();
});

test('a newer schema is refused', () => {
  const database = new Sqlite(':memory:');
  migrate(database, 0, [...migrations, 'CREATE TABLE later (x)']);
  assert.throws(
    () => migrate(database, 0),
    (fault: unknown) => fault instanceof NewerSchema,
  );
  database.close();
});

test('a row of a minute takes about 28 bytes', () => {
  const database = new Sqlite(':memory:');
  migrate(database, 0);
  const insert = database.prepare('INSERT INTO minute_rows VALUES (?, ?, ?, ?, ?, ?, ?)');
  database.transaction(() => {
    for (let index = 0; index < 20_000; index++)
      insert.run(
        29_453_760 + Math.floor(index / 5_000),
        index % 5_000,
        57,
        0,
        57_000 + index,
        300 + (index % 700),
        9_000,
      );
  })();
  const size = database.prepare<[], number>("SELECT sum(pgsize) FROM dbstat WHERE name = 'minute_rows'").pluck();
  assert.ok((size.get() ?? Infinity) / 20_000 < 31);
  database.close();
});

test('a row of a passing check takes about 25 bytes', () => {
  const database = new Sqlite(':memory:');
  migrate(database, 0);
  const insert = database.prepare('INSERT INTO result_rows (time, check_id, duration_us) VALUES (?, ?, ?)');
  database.transaction(() => {
    for (let index = 0; index < 20_000; index++)
      insert.run(1_767_225_600_000 + index, index % 5_000, 1_500 + (index % 700));
  })();
  const size = database.prepare<[], number>("SELECT sum(pgsize) FROM dbstat WHERE name = 'result_rows'").pluck();
  assert.ok((size.get() ?? Infinity) / 20_000 < 28);
  database.close();
});

test.run();
