import { openStage } from '../open-stage.ts';
import { costOf, rateOf, type Stages } from '../report/cost.ts';
import { findSlow, lagRows, memoryRow, ratioRow } from '../report/rows.ts';
import type { WindowsResult } from '../stage/plan.ts';
import type { ContestantName } from '../work.ts';
import type { Bench } from './bench.ts';
import type { Part, PartResult } from './part.ts';
import type { RatioPart } from './ratio-parts.ts';

/** The part that lets our agent, keepalived and others do the same work in turn. */
export function createRatioPart(part: RatioPart): Part {
  return {
    name: part.name,
    purpose: part.purpose,
    run: bench => runRatio(part, bench),
    profile: async (bench, directory) => {
      await runInside(part, bench, directory);
    },
  };
}

async function runRatio(part: RatioPart, bench: Bench): Promise<PartResult> {
  const stages = await runRounds(part, bench);
  const slow = findSlow(part, stages);
  for (const remark of slow) bench.progress(`${part.name}: ${remark}`);
  const measured = { options: bench.options, stages, slow };
  if (part.name !== 'tcp') return { ratios: [ratioRow(part, stages)], measured };
  const inside = await runInside(part, bench, null);
  return {
    ratios: [ratioRow(part, stages), memoryRow(stages)],
    bounds: lagRows(stages, inside),
    measured: { ...measured, inside },
  };
}

/** Each contestant works alone, `rounds` times; every second round they come in the opposite order. */
async function runRounds({ name, work, others }: RatioPart, bench: Bench): Promise<Stages> {
  const { rounds, seconds, warm } = bench.options;
  const contestants = (['keepalived', 'checkalived', ...others] as const).filter(bench.has);
  const stages: Partial<Record<ContestantName, WindowsResult[]>> = {};
  const task = { kind: 'windows', warm, windows: 1, seconds } as const;
  for (let round = 1; round <= rounds; round++) {
    for (const contestant of round % 2 === 1 ? contestants : contestants.toReversed()) {
      bench.progress(`${name}: round ${round} of ${rounds}, ${contestant} ...`);
      const stage = await openStage({ contestant, work, task, inside: null }, bench);
      stages[contestant] = [...(stages[contestant] ?? []), stage];
      for (const window of stage.windows) {
        const [cost, rate] = [costOf(window, work), rateOf(window, work)];
        bench.progress(`  ${cost.toFixed(1)} µs per check at ${rate.toFixed(0)} checks/s`);
      }
    }
  }
  return stages;
}

/** The same work by our agent alone, watched from inside. */
function runInside({ name, work }: RatioPart, bench: Bench, profile: string | null): Promise<WindowsResult> {
  const { rounds, seconds, warm } = bench.options;
  bench.progress(`${name}: checkalived watched from inside, ${rounds} windows ...`);
  const task = { kind: 'windows', warm, windows: rounds, seconds } as const;
  const inside = { resolution: 10, collect: false, profile };
  return openStage({ contestant: 'checkalived', work, task, inside }, bench);
}
