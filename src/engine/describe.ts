import type { Log } from '../model/ports.ts';
import type { Transition } from '../model/transition.ts';
import type { CheckEntry } from './check-table.ts';

/** One sentence in the log: what changed, and why. */
export function tellTransition(transition: Transition, log: Log): void {
  const why = transition.detail ? `${transition.reason} (${transition.detail})` : transition.reason;
  const line = `${nameObject(transition)}: ${transition.from} -> ${transition.to}, ${why}`;
  if (isBad(transition)) log.warn(line, transition);
  else log.info(line, transition);
}

/** Does it make anything worse? Then it is a warning. */
function isBad(transition: Transition): boolean {
  return transition.to === 'down' || (transition.object === 'sorry_server' && transition.to === 'active');
}

function nameObject({ object, virtualServer, realServer }: Transition): string {
  switch (object) {
    case 'real_server':
      return `real server ${realServer} of ${virtualServer}`;
    case 'virtual_server':
      return `virtual server ${virtualServer}`;
    case 'sorry_server':
      return `sorry server of ${virtualServer}`;
    case 'weight':
      return `weight of ${realServer} of ${virtualServer}`;
  }
}

/** A check in log lines. */
export function describeCheck({ plan, realServer, virtualServer }: CheckEntry): string {
  return `${plan.type} of ${realServer.id} in ${virtualServer}`;
}
