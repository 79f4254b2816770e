import { type Callback, suite as uvuSuite } from 'uvu';

/** How a run went, over all files; read by run.ts. */
export const tally = { registered: 0, passed: 0, failed: 0, running: '', unrun: new Set<string>() };

export interface Suite {
  (title: string, body: Callback): void;
  before(body: Callback): void;
  after(body: Callback): void;
  beforeEach(body: Callback): void;
  afterEach(body: Callback): void;
  run(): void;
}

/**
 * uvu's suite with two guards: a test that hangs fails by name after `deadline` milliseconds, and every test is
 * counted. A file whose suite is never run fails in run.ts.
 */
export function suite(name: string, deadline = 20_000): Suite {
  const inner = uvuSuite(name);
  tally.unrun.add(name);
  const add = (title: string, body: Callback) => {
    tally.registered++;
    inner(title, async context => {
      tally.running = `${name}: ${title}`;
      try {
        await withDeadline(Promise.resolve(body(context)), deadline, tally.running);
        tally.passed++;
      } catch (fault) {
        tally.failed++;
        throw fault;
      }
    });
  };
  return Object.assign(add, {
    before: (body: Callback) => inner.before(body),
    after: (body: Callback) => inner.after(body),
    beforeEach: (body: Callback) => inner.before.each(body),
    afterEach: (body: Callback) => inner.after.each(body),
    run: () => {
      tally.unrun.delete(name);
      inner.run();
    },
  });
}

function withDeadline(work: Promise<unknown>, deadline: number, title: string): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const hung = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`"${title}" hangs: not settled after ${deadline} ms`)), deadline);
  });
  return Promise.race([work, hung]).finally(() => clearTimeout(timer));
}
