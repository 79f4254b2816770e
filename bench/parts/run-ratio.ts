import { openStage } from '../open-stage.ts';
import { costOf, rateOf } from '../report/cost.ts';
import type { StageResult } from '../stage/plan.ts';
import type { ContestantName } from '../work.ts';
import type { Bench } from './bench.ts';
import type { RatioPart } from './ratio-parts.ts';

/** Everything that was measured of one contestant, a stage each round. */
export type Stages = Partial<Record<ContestantName, readonly StageResult[]>>;

/** Lets the contestants of a part work in turn, each alone, `rounds` times; every second round in the opposite order. */
export async function runRatio(part: RatioPart, bench: Bench): Promise<Stages> {
  const { rounds, seconds, warm } = bench.options;
  const contestants = (['keepalived', 'checkalived', ...part.others] as const).filter(bench.has);
  const stages: Partial<Record<ContestantName, StageResult[]>> = {};
  for (let round = 1; round <= rounds; round++) {
    for (const contestant of round % 2 === 1 ? contestants : contestants.toReversed()) {
      bench.progress(`${part.name}: round ${round} of ${rounds}, ${contestant} ...`);
      const plan = { contestant, work: part.work, tools: bench.tools, warm, windows: 1, seconds };
      const stage = await openStage({ ...plan, inside: false, profile: null }, bench.directory, bench.signal);
      stages[contestant] = [...(stages[contestant] ?? []), stage];
      for (const window of stage.windows) {
        const [cost, rate] = [costOf(window, part.work), rateOf(window, part.work)];
        bench.progress(`  ${cost.toFixed(1)} µs per check at ${rate.toFixed(0)} checks/s`);
      }
    }
  }
  return stages;
}

/** The same work by our agent alone, watched from inside. */
export async function runInside(part: RatioPart, bench: Bench): Promise<StageResult> {
  const { rounds, seconds, warm, profile } = bench.options;
  bench.progress(`${part.name}: checkalived watched from inside, ${rounds} windows ...`);
  const plan = {
    contestant: 'checkalived',
    work: part.work,
    tools: bench.tools,
    warm,
    windows: rounds,
    seconds,
  } as const;
  return openStage({ ...plan, inside: true, profile }, bench.directory, bench.signal);
}
