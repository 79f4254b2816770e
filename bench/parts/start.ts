import { openStage } from '../open-stage.ts';
import { boundRow, formatSpread } from '../report/rows.ts';
import type { StartResult } from '../stage/plan.ts';
import type { Bench } from './bench.ts';
import type { Part, PartResult } from './part.ts';

/** warmup is not in the configuration: it is delay_loop. */
const work = { checker: 'tcp', targets: 10_000, copies: 1, delayLoop: 6 } as const;
const bound = work.delayLoop + 1;

export const start: Part = {
  name: 'start',
  purpose: 'from the start to a verdict on all of 10,000 servers, delay_loop and warmup 6',
  run,
};

async function run(bench: Bench): Promise<PartResult> {
  const contestants = (['keepalived', 'checkalived'] as const).filter(bench.has);
  const found = { keepalived: [] as StartResult[], checkalived: [] as StartResult[] };
  for (let round = 1; round <= bench.options.rounds; round++) {
    for (const contestant of contestants) {
      bench.progress(`start: round ${round} of ${bench.options.rounds}, ${contestant} ...`);
      found[contestant].push(await openStage({ contestant, work, task: { kind: 'start' }, inside: null }, bench));
    }
  }
  const ready = found.checkalived.map(result => result.ready ?? Number.NaN);
  const theirs = found.keepalived.map(result => result.allProbed);
  return {
    bounds: [
      boundRow('start to all first verdicts, 10,000 servers', ready, { unit: 's', digits: 1, bound }),
      ['start of keepalived to as many checks', formatSpread(theirs, 's', 1), '', ''],
    ],
    measured: { work, found },
  };
}
