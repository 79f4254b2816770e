import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { CheckRunner } from '../../src/engine/check-runner.ts';
import { CheckTable } from '../../src/engine/check-table.ts';
import type { Checker, CheckResult } from '../../src/model/check.ts';
import type { CheckFiles } from '../../src/model/ports.ts';
import { makeContext } from '../../testing/check-context.ts';
import { assertNoDescriptorLeft, listDescriptors } from '../../testing/descriptors.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { planCheck, planRealServer, planVirtualServer } from './plans.ts';
import { RecordingLog } from './recording-log.ts';
import type { Suite } from './suite.ts';

/** What the kit has to know of a checker that is woken by a file. */
export interface PushSubject<Spec> {
  readonly files: CheckFiles;
  specOf(path: string): Spec;
  /** The number that the file held, as far as the result tells. */
  numberIn(result: CheckResult): number | null;
}

/** The duties of every checker that is woken by a change of a file, as tests of `test`: real files, virtual time. */
export function conformPush<Spec>(test: Suite, checker: Checker<Spec>, subject: PushSubject<Spec>): void {
  const name = checker.keyword;
  const duty = (title: string, body: (kit: Kit) => Promise<void>): void =>
    test(`${name} ${title}`, async () => {
      const before = listDescriptors();
      const kit = setUp(checker, subject);
      try {
        await body(kit);
      } finally {
        kit.runner.close();
        rmSync(kit.folder, { recursive: true });
      }
      await settle();
      await assertNoDescriptorLeft(before);
      assert.is(process.listenerCount('SIGURG'), 0, 'a listener is left');
    });

  duty('runs at once, and again when it is woken', async ({ path, start, next }) => {
    writeFileSync(path, '5');
    start();
    assert.is(await next(), 5);
    writeFileSync(path, '6');
    assert.is(await next(), 6);
    rmSync(path);
    assert.is(await next(), 0);
  });
  duty('is woken by every one of a row of changes', async ({ path, start, next }) => {
    writeFileSync(path, '1');
    start();
    await next();
    for (let value = 2; value < 20; value++) {
      writeFileSync(path, String(value));
      let seen = await next();
      // One change may wake twice.
      while (seen !== value) seen = await next();
    }
  });
  duty('runs on its schedule besides', async ({ start, next, clock, runner, entry }) => {
    start();
    await next();
    runner.schedule({ checker: entry.plan.id, after: 1000, from: 'end' });
    await clock.advance(1100);
    assert.is(await next(), 0);
  });
  duty('is quiet once it is removed', async ({ path, start, next, runner, entry, finished, clock }) => {
    start();
    await next();
    runner.remove(entry);
    writeFileSync(path, '7');
    await clock.advance(5000);
    assert.is(finished(), 1);
  });
  duty('stops at once when it is aborted while the disk does not answer', async ({ path }) => {
    const controller = new AbortController();
    const files: CheckFiles = { read: () => new Promise(() => {}), watch: () => () => {} };
    const result = checker.check(subject.specOf(path), makeContext({ files, signal: controller.signal }));
    controller.abort();
    const { ok, detail } = await result;
    assert.not(ok);
    assert.is(detail, 'aborted');
  });
  test(`${name} does nothing when it is aborted before`, async () => {
    const context = makeContext({ signal: AbortSignal.abort() });
    checker.watch?.(subject.specOf('/none'), context, () => assert.unreachable());
    const result = await checker.check(subject.specOf('/none'), context);
    assert.is(result.ok ? 'ok' : result.reason, 'internal');
  });
}

type Kit = ReturnType<typeof setUp>;

function setUp<Spec>(checker: Checker<Spec>, { files, specOf, numberIn }: PushSubject<Spec>) {
  const folder = mkdtempSync(join(tmpdir(), 'push-'));
  const path = join(folder, 'value');
  const clock = new VirtualClock();
  const results: (number | null)[] = [];
  let wake = (): void => {};
  let taken = 0;
  const table = new CheckTable();
  const runner = new CheckRunner({
    table,
    checkers: [checker as Checker],
    context: makeContext({ clock, files }),
    calendar: () => () => {},
    random: () => 0,
    log: new RecordingLog(),
    finished: (_, result) => {
      results.push(numberIn(result));
      wake();
      return false;
    },
  });
  const plan = planCheck('push', { type: checker.keyword, spec: specOf(path) });
  const [entry] = table.replace([planVirtualServer([planRealServer(2, { checks: [plan] })])]).added;
  if (entry === undefined) throw new Error('the table has no check');
  return {
    folder,
    path,
    clock,
    runner,
    entry,
    start(): void {
      runner.add(entry, 1000);
      void clock.advance(0);
    },
    finished: () => results.length,
    /** The value of the next result, waiting for it. */
    async next(): Promise<number | null> {
      while (results.length <= taken) {
        await new Promise<void>(resolve => {
          wake = resolve;
        });
      }
      return results[taken++] ?? null;
    },
  };
}

/** Until the thread pool has brought back what it had under way. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setImmediate(resolve));
}
