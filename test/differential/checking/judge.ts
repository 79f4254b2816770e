import { isDeepStrictEqual } from 'node:util';
import { compareTraces, type Divergence } from './align.ts';
import { documented } from './documented.ts';
import type { Scenario } from './scenario.ts';
import type { Channel, Trace } from './trace.ts';

/** What a scenario has shown. */
export interface Judgement {
  readonly scenario: string;
  readonly outcome: 'equal' | 'documented' | 'unexplained';
  /** Why it is unexplained, a line each. */
  readonly complaints: readonly string[];
  /** It was unexplained when it was played first. */
  readonly isReplayed: boolean;
}

const kinds = ['keepalived', 'checkalived', 'later', 'sooner'] as const;

/** Compares the traces of both programs with one another and with the differences that the scenario lists. */
export function judge(scenario: Scenario, keepalived: Trace, checkalived: Trace): Judgement {
  const { name, differs = [] } = scenario;
  const channels: Channel[] = ['ipvs', 'fifo', 'script', 'mail', ...(scenario.watchChecks ? ['check' as const] : [])];
  const complaints: string[] = [];
  if (keepalived.length === 0) complaints.push('keepalived did nothing at all');
  let theirs = keepalived;
  let ours = checkalived;
  for (const { id } of differs) {
    const rewrite = documented(id).rewrite;
    if (!rewrite) continue;
    const before = compareTraces(theirs, ours, channels);
    [theirs, ours] = [rewrite(theirs), rewrite(ours)];
    if (isDeepStrictEqual(compareTraces(theirs, ours, channels), before))
      complaints.push(`the difference "${id}" does not show`);
  }
  const found = compareTraces(theirs, ours, channels);
  for (const kind of kinds) {
    const expected = differs.flatMap(difference => difference[kind] ?? []);
    for (const divergence of found.filter(each => each.kind === kind)) {
      const place = expected.indexOf(divergence.line);
      if (place < 0) complaints.push(describe(divergence));
      else expected.splice(place, 1);
    }
    for (const line of expected) complaints.push(`listed, but does not show: ${kind}: ${line}`);
  }
  const explained = differs.length === 0 ? 'equal' : 'documented';
  return {
    scenario: name,
    outcome: complaints.length === 0 ? explained : 'unexplained',
    complaints,
    isReplayed: false,
  };
}

function describe({ kind, line, keepalived, checkalived }: Divergence): string {
  const times = [keepalived, checkalived].map(time => (time === null ? 'never' : `${time.toFixed(2)} s`)).join(' / ');
  return `${kind}: ${line} (${times})`;
}

/** Both traces side by side, for whoever looks for a cause. */
export function describeTraces(keepalived: Trace, checkalived: Trace): string {
  const list = (trace: Trace): string[] =>
    [...trace]
      .filter(({ channel }) => channel !== 'check')
      .sort((a, b) => a.at - b.at)
      .map(({ at, channel, text }) => `${at.toFixed(2).padStart(6)} ${channel} ${text}`);
  return ['  keepalived', ...list(keepalived), '  checkalived', ...list(checkalived)].join('\n');
}
