import type { Sample } from '../protocol.ts';

/** Reads the text of /proc/net/ip_vs; services and destinations in the order of their names. */
export function readTable(text: string): Sample['services'] {
  const services: Record<string, Record<string, number>> = {};
  let destinations: Record<string, number> = {};
  for (const line of text.split('\n')) {
    const service = /^(TCP|UDP|SCTP|FWM) +(\S+)/.exec(line);
    const destination = /^ +-> (\w+:\w+) +\w+ +(\d+)/.exec(line);
    if (service) {
      destinations = {};
      services[`${service[1]} ${service[1] === 'FWM' ? Number.parseInt(service[2] ?? '', 16) : place(service[2])}`] =
        destinations;
    } else if (destination) destinations[place(destination[1])] = Number(destination[2]);
  }
  return sorted(Object.entries(services).map(([service, weights]) => [service, sorted(Object.entries(weights))]));
}

/** How many destinations have a weight. */
export function countStanding(text: string): number {
  return text.match(/ -> \w+:\w+ +\w+ +[1-9]/g)?.length ?? 0;
}

function sorted<Value>(entries: [string, Value][]): Record<string, Value> {
  return Object.fromEntries(entries.sort(([first], [second]) => (first < second ? -1 : 1)));
}

/** `0A090064:0050` → `10.9.0.100:80` */
function place(hexadecimal = ''): string {
  const [address = '', port = ''] = hexadecimal.split(':');
  const bytes = address.match(/../g)?.map(byte => Number.parseInt(byte, 16));
  return `${bytes?.join('.')}:${Number.parseInt(port, 16)}`;
}
