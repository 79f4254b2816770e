import { createTables } from '../keywords/tables.ts';
import { canonicalAddress } from '../values/addresses.ts';
import { type ConvertContext, findOwn } from './context.ts';
import { type Output, remark, say } from './output.ts';
import type { VirtualSection } from './parse.ts';

const defaultScheduler = 'wrr';
/** The kernel's limit. */
const longestPersistence = 2_678_400;

/** `lb_algo` and its flags. */
export function writeScheduler({ settings }: VirtualSection, { notes }: ConvertContext): readonly Output[] {
  const scheduler = findOwn(settings, 'scheduler');
  const flags = findOwn(settings, 'schedflags');
  const known = knownSchedulers();
  const name = scheduler?.value ?? defaultScheduler;
  const usable = known.includes(name);
  if (!usable && scheduler !== undefined) {
    notes.add(
      'error',
      scheduler.line,
      `keepalived has no scheduler ${name}; lb_algo is ${defaultScheduler}.`,
      `Write one of ${known.join(', ')}.`,
    );
  }
  const lines: Output[] = [say(`lb_algo ${usable ? name : defaultScheduler}`, ...(scheduler ? [scheduler.line] : []))];
  for (const flag of flags?.value.split(/[,\s]+/).filter(word => word !== '') ?? []) {
    const line = flags?.line ?? 0;
    const owner = /^(sh|mh)-(?:port|fallback)$/.exec(flag)?.[1];
    if (/^flag-[123]$/.test(flag) || (owner !== undefined && owner === name)) lines.push(say(flag, line));
    else {
      notes.add(
        'error',
        line,
        'Here stands a flag that this scheduler does not have; it is left out.',
        'Write flag-1 to flag-3, sh-port and sh-fallback for sh, mh-port and mh-fallback for mh.',
      );
    }
  }
  return lines;
}

/** `persistence_timeout` and `persistence_granularity`; without persistence ldirectord does not look at the netmask. */
export function writePersistence({ settings, family }: VirtualSection, { notes }: ConvertContext): readonly Output[] {
  const persistent = findOwn(settings, 'persistent');
  const netmask = findOwn(settings, 'netmask');
  if (persistent === undefined) return [];
  const seconds = Number(persistent.value);
  if (seconds < 1 || seconds > longestPersistence) {
    notes.add(
      'error',
      persistent.line,
      `persistence_timeout is from 1 to ${longestPersistence} seconds; the service is not persistent.`,
      'Write a number in that range.',
    );
    return [remark('warning: the persistence is out of range and left out', persistent.line)];
  }
  const timeout = say(`persistence_timeout ${seconds}`, persistent.line);
  if (netmask === undefined) return [timeout];
  const mask = readMask(netmask.value, family);
  if (mask !== null) return [timeout, say(`persistence_granularity ${mask}`, netmask.line)];
  notes.add(
    'error',
    netmask.line,
    'The netmask cannot be read; each client stands for itself.',
    'Write a dotted netmask for IPv4, a prefix length from 1 to 128 for IPv6.',
  );
  return [timeout];
}

function readMask(text: string, family: 'inet' | 'inet6'): string | null {
  if (family === 'inet6') return /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= 128 ? text : null;
  return text.includes(':') ? null : canonicalAddress(text);
}

function knownSchedulers(): readonly string[] {
  const type = createTables([]).virtualServer.find(param => param.name === 'lb_algo')?.type;
  return type?.kind === 'choice' ? type.of : [];
}
