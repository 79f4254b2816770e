import { readdirSync, readFileSync } from 'node:fs';

/** What /proc/PID/stat says of a process and of those of its children that have ended and were waited for. */
export interface ProcessStat {
  readonly parent: number;
  /** User and system time, all threads, ended children included, in seconds. */
  readonly cpuSeconds: number;
}

/** What happened on one core since the start, in seconds. */
export interface CoreTimes {
  readonly busy: number;
  /** Taken by other machines on the same host. */
  readonly stolen: number;
}

/** sysconf(_SC_CLK_TCK), the same on every Linux that Debian runs on. */
const ticksPerSecond = 100;

/** Reads a line of /proc/PID/stat; the name in parentheses may hold anything. */
export function parseProcessStat(text: string): ProcessStat {
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .trim()
    .split(' ')
    .map(Number);
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = fields.slice(11, 15);
  return {
    parent: fields[1] ?? 0,
    cpuSeconds: (user + system + childrenUser + childrenSystem) / ticksPerSecond,
  };
}

/** Reads /proc/stat. */
export function parseCoreTimes(text: string, core: number): CoreTimes {
  const line = text.split('\n').find(each => each.startsWith(`cpu${core} `)) ?? '';
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, stolen = 0] = line.split(' ').slice(1).map(Number);
  return { busy: (user + nice + system + irq + softirq) / ticksPerSecond, stolen: stolen / ticksPerSecond };
}

/** Reads a counter of TCP in /proc/net/snmp: a line of names, and one of values. */
export function parseTcpCounter(text: string, name: string): number {
  const [names = [], values = []] = text
    .split('\n')
    .filter(line => line.startsWith('Tcp:'))
    .map(line => line.split(' '));
  return Number(values[names.indexOf(name)] ?? Number.NaN);
}

/** Reads /proc/PID/status: bytes of resident memory, which the kernel counts more exactly there than in stat. */
export function parseResident(text: string): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024;
}

/** Seconds of CPU of a process and all its descendants; what one of them has spent is not lost when it ends. */
export function readCpu(root: number): number {
  return [...listTree(root).values()].reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
}

/** Bytes of resident memory of a process and all its descendants. */
export function readResident(root: number): number {
  return [...listTree(root).keys()].reduce((sum, pid) => sum + parseResident(readOf(pid, 'status')), 0);
}

function listTree(root: number): Map<number, ProcessStat> {
  const all = new Map<number, ProcessStat>();
  for (const name of readdirSync('/proc')) {
    const text = /^\d+$/.test(name) ? readOf(Number(name), 'stat') : '';
    if (text !== '') all.set(Number(name), parseProcessStat(text));
  }
  return new Map([...all].filter(([pid]) => isBelow(pid, root, all)));
}

/** Empty when the process has ended meanwhile. */
function readOf(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}

function isBelow(pid: number, root: number, all: ReadonlyMap<number, ProcessStat>): boolean {
  for (let at: number | undefined = pid; at; at = all.get(at)?.parent) if (at === root) return true;
  return false;
}

export function readCore(core: number): CoreTimes {
  return parseCoreTimes(readFileSync('/proc/stat', 'latin1'), core);
}

export function readTcpCounter(name: string): number {
  return parseTcpCounter(readFileSync('/proc/net/snmp', 'latin1'), name);
}
