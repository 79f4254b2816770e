import type { DesiredService, IpvsCommand, IpvsDestination, IpvsOutcome, IpvsTable } from '../model/ipvs.ts';
import { destinationText, indexTable, serviceText } from './keys.ts';
import { type Policy, reconcile } from './reconcile.ts';
import { describeForwarding, describeService } from './same.ts';

// As much as a reader of one log line takes in.
const shownFaults = 3;

/**
 * Is the table as desired? If not, says what is still otherwise. In `weights` a service or destination that is not
 * in the table is no failure: its owner took it out.
 */
export function verify(policy: Policy, desired: readonly DesiredService[], actual: IpvsTable): IpvsOutcome {
  const open = reconcile(policy, desired, actual);
  if (open.length === 0) return { ok: true };
  const shown = open.slice(0, shownFaults).map(command => describeOpen(command, actual));
  const more = open.length - shown.length;
  return { ok: false, detail: `${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}` };
}

function describeOpen(command: IpvsCommand, actual: IpvsTable): string {
  switch (command.type) {
    case 'add-service':
      return `service ${serviceText(command.service.key)} is not in the table`;
    case 'edit-service': {
      const entry = indexTable(actual).get(serviceText(command.service.key));
      const is = entry ? describeService(entry.service) : 'gone';
      return `service ${serviceText(command.service.key)} is "${is}" instead of "${describeService(command.service)}"`;
    }
    case 'delete-service':
      return `service ${serviceText(command.service.key)} is still in the table`;
    case 'add-destination':
      return `${place(command)} is not in the table`;
    case 'edit-destination': {
      const entry = indexTable(actual).get(serviceText(command.service));
      const before = entry?.destinations.get(destinationText(command.destination));
      const is = before ? describeDestination(before) : 'gone';
      return `${place(command)} is "${is}" instead of "${describeDestination(command.destination)}"`;
    }
    case 'delete-destination':
      return `${place(command)} is still in the table`;
  }
}

function place(command: Extract<IpvsCommand, { destination: unknown }>): string {
  return `destination ${destinationText(command.destination)} of ${serviceText(command.service)}`;
}

function describeDestination(destination: IpvsDestination): string {
  const { upperThreshold, lowerThreshold } = destination;
  return [
    describeForwarding(destination.forwarding),
    `weight ${destination.weight}`,
    ...(upperThreshold > 0 ? [`upper ${upperThreshold}`] : []),
    ...(lowerThreshold > 0 ? [`lower ${lowerThreshold}`] : []),
  ].join(' ');
}
