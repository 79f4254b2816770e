import type { Channel, Trace, TraceEvent } from './trace.ts';

/** One respect in which two traces differ; `line` is `CHANNEL TEXT`. */
export interface Divergence {
  /** Done by this program alone, or by keepalived later or sooner than by us. */
  readonly kind: 'keepalived' | 'checkalived' | 'later' | 'sooner';
  readonly line: string;
  /** Seconds; null where it did not happen. */
  readonly keepalived: number | null;
  readonly checkalived: number | null;
}

/**
 * Seconds that the same deed may lie apart. Checks are 1 s apart and everything changes in the middle between two, so half of
 * that is as much as may be without taking the next check for this one.
 */
const tolerance = 0.45;
/** As much for what one of them does at the very start, when both programs are busy with it. */
const startTolerance = 0.9;
/** Everything in which they differ. */
export function compareTraces(keepalived: Trace, checkalived: Trace, channels: readonly Channel[]): Divergence[] {
  return channels.flatMap(channel => {
    const theirs = keepalived.filter(event => event.channel === channel);
    const ours = checkalived.filter(event => event.channel === channel);
    const strands = new Set([...theirs, ...ours].map(strandOf));
    return [...strands].flatMap(strand =>
      align(
        theirs.filter(event => strandOf(event) === strand),
        ours.filter(event => strandOf(event) === strand),
      ),
    );
  });
}

/** What has an order of its own. */
function strandOf({ channel, text }: TraceEvent): string {
  switch (channel) {
    // A virtual server can be several services of the kernel; which is first changed is of no consequence.
    case 'ipvs':
      return text.split(' ')[1] ?? '';
    // keepalived starts scripts and sends mails of one occasion all at once, so their order is chance; each has its time.
    case 'script':
    case 'mail':
      return text;
    case 'fifo':
    case 'check':
      return channel;
  }
}

/** The longest common sequence; of several the one with most at the same time. */
function align(theirs: Trace, ours: Trace): Divergence[] {
  const best: number[][] = Array.from({ length: theirs.length + 1 }, () => Array<number>(ours.length + 1).fill(0));
  const at = (row: number, column: number): number => best[row]?.[column] ?? 0;
  for (let row = theirs.length - 1; row >= 0; row--) {
    for (let column = ours.length - 1; column >= 0; column--) {
      const both = worth(theirs[row], ours[column]);
      const most = Math.max(at(row + 1, column), at(row, column + 1), both > 0 ? both + at(row + 1, column + 1) : 0);
      best[row]?.splice(column, 1, most);
    }
  }
  const found: Divergence[] = [];
  let row = 0;
  let column = 0;
  while (row < theirs.length || column < ours.length) {
    const [their, our] = [theirs[row], ours[column]];
    const both = worth(their, our);
    if (their && our && both > 0 && at(row, column) === both + at(row + 1, column + 1)) {
      const late = lateness(their, our);
      if (late !== null) found.push(divergence(late, their, our));
      row++;
      column++;
    } else if (their && (!our || at(row, column) === at(row + 1, column))) {
      found.push(divergence('keepalived', their, undefined));
      row++;
    } else {
      found.push(divergence('checkalived', undefined, our));
      column++;
    }
  }
  return found;
}

/** A match at another time is better than none, and worth half of one at the same time. */
function worth(their: TraceEvent | undefined, our: TraceEvent | undefined): number {
  if (!their || !our || their.text !== our.text) return 0;
  return lateness(their, our) === null ? 2 : 1;
}

function lateness(their: TraceEvent, our: TraceEvent): 'later' | 'sooner' | null {
  const most = Math.min(their.at, our.at) < 0.45 ? startTolerance : tolerance;
  if (Math.abs(their.at - our.at) <= most) return null;
  return their.at > our.at ? 'later' : 'sooner';
}

function divergence(kind: Divergence['kind'], their: TraceEvent | undefined, our: TraceEvent | undefined): Divergence {
  const event = their ?? our;
  return {
    kind,
    line: `${event?.channel} ${event?.text}`,
    keepalived: their?.at ?? null,
    checkalived: our?.at ?? null,
  };
}
