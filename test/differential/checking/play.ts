import type { Run } from './batches.ts';
import { describeTraces, type Judgement, judge } from './judge.ts';
import type { Batch, Scenario } from './scenario.ts';
import { startSide } from './start-side.ts';
import { readTraces } from './trace.ts';

/** A scenario that was played, and all that is to be said of it. */
export interface Played {
  readonly judgement: Judgement;
  /** Both traces and both logs. */
  readonly traces: string;
  readonly logs: string;
}

/** A scenario is unexplained when it is so this many times in a row. */
const plays = 3;

/**
 * Plays a run to both programs. Scenarios that are unexplained are played again, on their own: times are compared, and a machine
 * that is busy with something else is late now and then, but hardly each time with the same. The report counts them.
 */
export async function playRun({ themes, ...settings }: Run): Promise<ReadonlyMap<Scenario, Played>> {
  const played = new Map<Scenario, Played>();
  let left = themes.flatMap(theme => theme.scenarios);
  for (let turn = 1; left.length > 0 && turn <= plays; turn++) {
    for (const [scenario, result] of await play({ ...settings, scenarios: left }))
      played.set(scenario, { ...result, judgement: { ...result.judgement, isReplayed: turn > 1 } });
    left = left.filter(scenario => played.get(scenario)?.judgement.outcome === 'unexplained');
  }
  return played;
}

async function play(batch: Batch): Promise<ReadonlyMap<Scenario, Played>> {
  // Not at the same time: all scenarios are in step, and both programs would want the machine at the same moments.
  const theirs = await startSide('keepalived', batch);
  const ours = await startSide('checkalived', batch);
  const [keepalived, checkalived] = [readTraces(theirs), readTraces(ours)];
  const logs = [theirs, ours].map(({ log, end }) => `${log}\nended with ${end}`).join('\n\n');
  return new Map(
    batch.scenarios.map((scenario, index) => {
      const pair = [keepalived.get(index + 1) ?? [], checkalived.get(index + 1) ?? []] as const;
      return [scenario, { judgement: judge(scenario, ...pair), traces: describeTraces(...pair), logs }];
    }),
  );
}
