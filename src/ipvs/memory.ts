import type { IpvsCommand, IpvsDestination, IpvsService, IpvsTable } from '../model/ipvs.ts';
import { destinationText, indexTable, serviceText } from './keys.ts';
import type { IpvsTablePort } from './table.ts';

/** A table in this process that answers as the kernel does through `ipvsadm -R`. */
export function createMemoryTable(initial: IpvsTable = { services: [] }): IpvsTablePort {
  const entries: Entries = new Map();
  for (const [name, { service, destinations }] of indexTable(initial)) {
    entries.set(name, { service, destinations: new Map(destinations) });
  }
  let seen: IpvsTable | null = null;
  return {
    open: async () => {},
    async read() {
      seen ??= {
        services: [...entries.values()].map(({ service, destinations }) => ({
          service,
          destinations: [...destinations.values()],
        })),
      };
      return seen;
    },
    async write(commands) {
      seen = null;
      return commands.map(command => applyCommand(entries, command)).filter(complaint => complaint !== null);
    },
    async flush() {
      seen = null;
      entries.clear();
    },
    setTimeouts: async () => {},
  };
}

type Entries = Map<string, { service: IpvsService; readonly destinations: Map<string, IpvsDestination> }>;

/** Returns what ipvsadm would print: a refused command changes nothing, and the next one is tried. */
function applyCommand(entries: Entries, command: IpvsCommand): string | null {
  const name = serviceText('destination' in command ? command.service : command.service.key);
  const entry = entries.get(name);
  switch (command.type) {
    case 'add-service':
      if (entry) return 'Service already exists';
      entries.set(name, { service: command.service, destinations: new Map() });
      return null;
    case 'edit-service':
      if (!entry) return 'No such service';
      entry.service = command.service;
      return null;
    case 'delete-service':
      return entries.delete(name) ? null : 'No such service';
    case 'add-destination':
    case 'edit-destination': {
      const { destination } = command;
      if (!entry) return 'Service not defined';
      const exists = entry.destinations.has(destinationText(destination));
      if (exists && command.type === 'add-destination') return 'Destination already exists';
      if (!exists && command.type === 'edit-destination') return 'No such destination';
      if (destination.lowerThreshold > destination.upperThreshold) return 'Numerical result out of range';
      entry.destinations.set(destinationText(destination), destination);
      return null;
    }
    case 'delete-destination':
      if (!entry) return 'Service not defined';
      return entry.destinations.delete(destinationText(command.destination)) ? null : 'No such destination';
  }
}
