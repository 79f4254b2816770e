import { openStage } from '../open-stage.ts';
import { boundRow, formatSpread } from '../report/rows.ts';
import type { Bench } from './bench.ts';
import type { Part, PartResult } from './part.ts';

/** A minute: what holds the loop is to be the scrape, not the checks. */
const work = { checker: 'tcp', targets: 10_000, copies: 1, delayLoop: 60 } as const;
const scrapes = 20;
const bound = 20;

export const metrics: Part = {
  name: 'metrics',
  purpose: 'how long a scrape of /metrics with 10,000 real servers holds the event loop',
  run,
};

async function run(bench: Bench): Promise<PartResult> {
  bench.progress(`metrics: ${scrapes} scrapes, after a minute ...`);
  const task = { kind: 'scrapes', warm: bench.options.warm, scrapes } as const;
  const inside = { resolution: 1, collect: false, profile: null };
  const found = await openStage({ contestant: 'checkalived', work, task, inside }, bench);
  const what = 'longest block by a scrape of /metrics';
  if (found.status !== 200) {
    return { bounds: [[what, `/metrics answers ${found.status}`, `${bound} ms`, 'missed']], measured: { work, found } };
  }
  return {
    bounds: [
      boundRow(what, found.scraping, { unit: 'ms', digits: 1, bound }),
      ['longest block in as long without one', formatSpread(found.quiet, 'ms', 1), '', ''],
    ],
    measured: { work, found },
  };
}
