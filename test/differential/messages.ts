import type { Verdict } from './keepalived.ts';

/** What is said about the language of a file, and what about the machine that it is tested on. */
export interface Judgement {
  readonly complaints: readonly string[];
  /** The kinds of what the machine lacks. */
  readonly machine: readonly MachineKind[];
}

/** `time`: keepalived does not end by itself. */
type MachineKind = 'time' | 'interface' | 'DNS' | 'script' | 'user' | 'file' | 'name table' | 'namespace';
/**
 * Both programs look at the same disk, or a fault of this kind hides the ones that would come after it: so when
 * keepalived complains of nothing else, either opinion of ours is right.
 */
const eitherWay: readonly MachineKind[] = ['time', 'script', 'user', 'file', 'name table', 'namespace'];

/** Complaints that the same file would not get on the machine that it was written for; the place is cut off before. */
const machineShapes: readonly (readonly [RegExp, MachineKind])[] = [
  [/\binterface \S+ (?:for .* |specified for garp_group )?doesn't exist/, 'interface'],
  [/^Non-existent interface specified in configuration/, 'interface'],
  [/^unknown interface \S+ specified for (?:linkbeat|up\/down)/, 'interface'],
  [/Cannot find an IP address to use for interface/, 'interface'],
  [
    /^Invalid smtp server (?=.*[a-z])[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*\.? \d+$/i,
    'DNS',
  ],
  [/^Disabling track script .* since not found\/accessible/, 'script'],
  [/^Failed to set uid\/gid for /, 'user'],
  [/^Unable to set (?:default user|uid\/gid)(?: \S+)? for /, 'user'],
  [/^Error setting global script uid\/gid/, 'user'],
  [/^track file .* (?:is not accessible|does not exist)/, 'file'],
  [/^Unable to initialise track file /, 'file'],
  [/config_save_dir|^Cannot open config directory/, 'file'],
  [/^(?:Routing table|VRF) .* not found for (?:route|rule)/, 'name table'],
  [/^Unable to set network namespace /, 'namespace'],
];
/** What keepalived prints for the eye, and what follows from an interface that is missing. */
const interfaceMissing = /^Unknown interface!/;
const continuation = /^\s+Please use /;
/** A fault of the language only with includea and include_check, where the exit code is this one. */
const includeMissing = /^(?:Unable to (?:read|find) configuration file|Config files missing) /;
const fileErrorExit = 6;

/** Tells keepalived's complaints about the language from those about the machine. */
export function judge({ exit, messages }: Verdict): Judgement {
  if (exit === null) return { complaints: [], machine: ['time'] };
  if (exit === 0) return { complaints: [], machine: [] };
  if (exit >= 128) return { complaints: [`ended by signal ${exit - 128}`, ...messages], machine: [] };
  const complaints: string[] = [];
  const machine = new Set<MachineKind>();
  for (const message of messages) {
    const said = stripPlace(message);
    const kind = machineShapes.find(([shape]) => shape.test(said))?.[1];
    if (kind) machine.add(kind);
    else if (interfaceMissing.test(said) && machine.has('interface')) continue;
    else if (includeMissing.test(said) && exit !== fileErrorExit) continue;
    else if (!continuation.test(said)) complaints.push(message);
  }
  return { complaints, machine: [...machine] };
}

/** Whether what is left is no proof against a complaint of ours. */
export function isOpen({ complaints, machine }: Judgement): boolean {
  return complaints.length === 0 && machine.some(kind => eitherWay.includes(kind));
}

/** The message without its place and without what differs from file to file; alike complaints have one shape. */
export function shapeOf(message: string): string {
  return stripPlace(message)
    .replace(/'[^']*'|`[^`]*`|"[^"]*"|\[[^\]]*\]/g, '…')
    .replace(/\S*\d\S*/g, 'N')
    .slice(0, 120);
}

function stripPlace(message: string): string {
  return message.replace(/^\((?:.*: )?Line \d+\) /, '').replace(/^\([^()\s]*\)\s+/, '');
}
