import type { Execute } from '../model/ports.ts';
import type { DestinationTraffic, ReadTraffic, Traffic, TrafficTable } from '../model/traffic.ts';

/** About a millisecond of work. */
const linesATurn = 400;
const counts = /^ {2}-> (\S+) +(\d+) +(\d+) +(\d+) +(\d+) +(\d+) *$/;
const connections = /^ {2}-> (\S+) +[A-Z]\w+ +\d+ +(\d+) +(\d+) *$/;
const service = /^(TCP|UDP|SCTP|FWM) +(\S+)( IPv6)?(?: (.*))?$/;

/**
 * Traffic of the kernel's table through ipvsadm, two processes one after the other. Not from /proc/net/ip_vs, which has no
 * counters and gives IPv4 and IPv6 services of one mark the same name.
 */
export function createTrafficReader({ execute }: { readonly execute: Execute }): ReadTraffic {
  const list = async (...more: readonly string[]): Promise<string> => {
    const args = ['-Ln', ...more];
    const { code, stdout, stderr } = await execute('ipvsadm', args);
    if (code === 0) return stdout;
    const end = code === null ? 'killed' : `exit code ${code}`;
    throw new Error(`ipvsadm ${args.join(' ')} failed (${[end, stderr.trim()].filter(Boolean).join(', ')})`);
  };
  return async takeTurn => {
    const table = createTable();
    // A destination that comes in between has its counters the next time; one that goes has no connections any more.
    await feed(await list('--stats', '--exact'), line => table.takeCounts(line), takeTurn);
    await feed(await list(), line => table.takeConnections(line), takeTurn);
    return table.services;
  };
}

async function feed(text: string, take: (line: string) => boolean, takeTurn: () => Promise<void>): Promise<void> {
  let number = 0;
  // Not split at once, which takes longer than all of the lines of a turn.
  for (let start = 0, end = 0; start < text.length; start = end + 1) {
    if (number % linesATurn === 0) await takeTurn();
    end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    // Two lines of headings and one of the version.
    if (++number <= 3) continue;
    const line = text.slice(start, end);
    if (!take(line)) throw new Error(`ipvsadm printed a line that is not understood: ${line}`);
  }
}

type Found = { -readonly [Name in keyof DestinationTraffic]: DestinationTraffic[Name] };

/** Takes in the lines of both listings; false: not understood. */
function createTable(): {
  readonly services: TrafficTable;
  takeCounts(line: string): boolean;
  takeConnections(line: string): boolean;
} {
  const services = new Map<string, { own: Traffic; destinations: Map<string, Found> }>();
  let destinations = new Map<string, Found>();
  return {
    services,
    takeCounts(line) {
      const found = counts.exec(line);
      if (found) {
        destinations.set(`${found[1]}`, { ...readCounts(found), active: 0, inactive: 0 });
        return true;
      }
      const [, protocol, name, mark, rest] = service.exec(line) ?? [];
      const own = counts.exec(`  -> ${name} ${rest}`);
      if (!own) return false;
      destinations = new Map();
      services.set(nameService(protocol, name, mark), { own: readCounts(own), destinations });
      return true;
    },
    takeConnections(line) {
      const found = connections.exec(line);
      if (found) {
        const known = destinations.get(`${found[1]}`);
        if (known) Object.assign(known, { active: Number(found[2]), inactive: Number(found[3]) });
        return true;
      }
      const [, protocol, name, mark] = service.exec(line) ?? [];
      if (protocol === undefined) return false;
      destinations = services.get(nameService(protocol, name, mark))?.destinations ?? new Map();
      return true;
    },
  };
}

function readCounts(found: RegExpExecArray): Traffic {
  return {
    connections: Number(found[2]),
    incomingPackets: Number(found[3]),
    outgoingPackets: Number(found[4]),
    incomingBytes: Number(found[5]),
    outgoingBytes: Number(found[6]),
  };
}

/** As `formatService` does; ipvsadm writes addresses as the configuration's are written. */
function nameService(protocol = '', name = '', mark = ''): string {
  return protocol === 'FWM' ? `fwmark/${name}${mark === '' ? '' : '/inet6'}` : `${protocol.toLowerCase()}/${name}`;
}
