import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import * as assert from 'uvu/assert';
import type { StoreReply } from '../../../src/store/messages.ts';
import { startThread } from '../../../src/store/thread.ts';
import { suite } from '../../support/suite.ts';
import { makeDirectory, start } from './support.ts';

const test = suite('store/thread');

test('a thread that waits for a lock ends only after its answer: ended within SQLite it takes the process with it', async () => {
  const directory = makeDirectory();
  const open = {
    kind: 'open',
    directory: directory.path,
    now: start,
    run: 'a',
    forget: false,
    maxPages: null,
  } as const;
  const replies: StoreReply[] = [];
  const first = startThread({ reply: reply => replies.push(reply), ended: assert.unreachable });
  first.post(open);
  await first.stop();
  assert.equal(
    replies.map(reply => reply.kind),
    ['opened'],
  );
  const locker = new Sqlite(join(directory.path, 'checkalived.db'));
  locker.exec('BEGIN EXCLUSIVE');
  const second = startThread({ reply: reply => replies.push(reply), ended: assert.unreachable });
  second.post(open);
  await second.stop();
  assert.equal(
    replies.map(reply => reply.kind),
    ['opened', 'failed'],
  );
  locker.close();
  directory.remove();
});

test.run();
