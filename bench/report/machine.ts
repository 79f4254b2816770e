import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import process from 'node:process';
import { type ContestantName, contestantNames } from '../work.ts';

/** On what it was measured. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryMiB: number;
  readonly kernel: string;
  readonly node: string;
  /** null: not installed. */
  readonly versions: Readonly<Record<Exclude<ContestantName, 'checkalived'> | 'nginx', string | null>>;
}

/** Debian's packages; what is not a contestant is needed by all. */
export const packages = {
  keepalived: 'keepalived',
  haproxy: 'haproxy',
  blackbox: 'prometheus-blackbox-exporter',
  nginx: 'nginx-light',
  gcc: 'gcc libc6-dev',
  ip: 'iproute2',
  unshare: 'util-linux',
} as const;

const versionOf = {
  keepalived: ['keepalived', '--version'],
  haproxy: ['haproxy', '-v'],
  blackbox: ['prometheus-blackbox-exporter', '--version'],
  nginx: ['/usr/sbin/nginx', '-v'],
  gcc: ['gcc', '--version'],
  ip: ['ip', '-V'],
  unshare: ['unshare', '--version'],
} as const satisfies Record<keyof typeof packages, readonly [string, string]>;

export function describeMachine(): Machine {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryMiB: Math.round(totalmem() / 2 ** 20),
    kernel: release(),
    node: process.version,
    versions: {
      keepalived: readVersion('keepalived'),
      haproxy: readVersion('haproxy'),
      blackbox: readVersion('blackbox'),
      nginx: readVersion('nginx'),
    },
  };
}

/** What is not installed. */
export function findMissing(): (keyof typeof packages)[] {
  return (Object.keys(packages) as (keyof typeof packages)[]).filter(name => readVersion(name) === null);
}

export function isContestant(name: string): name is ContestantName {
  return contestantNames.some(each => each === name);
}

function readVersion(name: keyof typeof versionOf): string | null {
  const [program, option] = versionOf[name];
  try {
    // Some say it on standard error.
    const said = execFileSync('sh', ['-c', `${program} ${option} 2>&1`], { encoding: 'utf8' });
    return said.split('\n')[0]?.trim() ?? '';
  } catch {
    return null;
  }
}
