import type { ContestantName, Work } from '../work.ts';

/** Work that the contestants do side by side; what counts is our CPU per check over keepalived's. */
export interface RatioPart {
  readonly name: string;
  readonly purpose: string;
  readonly work: Work;
  /** Beside ours and keepalived. */
  readonly others: readonly ContestantName[];
  /** The ratio must not be above this. */
  readonly must: number;
  readonly aim: number;
}

/** Resident memory of the part `tcp`, ours over keepalived's. */
export const memory = { name: 'memory', must: 5, aim: 2.5 } as const;

const second = { copies: 1, delayLoop: 1 } as const;

export const ratioParts: readonly RatioPart[] = [
  {
    name: 'tcp',
    purpose: 'TCP_CHECK of 10,000 targets once a second; memory, start lag and event loop too',
    work: { checker: 'tcp', targets: 10_000, ...second },
    others: ['haproxy'],
    must: 1.3,
    aim: 1,
  },
  {
    name: 'http',
    purpose: 'HTTP_GET with status_code 200 of 10,000 targets once a second',
    work: { checker: 'http', targets: 10_000, ...second },
    others: ['haproxy', 'blackbox'],
    must: 1.4,
    aim: 1,
  },
  {
    name: 'digest',
    purpose: 'HTTP_GET with the digest of a page of 1 KiB, of 10,000 targets once a second',
    work: { checker: 'digest', targets: 10_000, ...second },
    others: [],
    must: 1.5,
    aim: 1,
  },
  {
    name: 'ssl',
    purpose: 'SSL_GET with status_code 200, certificate ECDSA P-256, of 300 targets once a second',
    work: { checker: 'ssl', targets: 300, ...second },
    others: ['haproxy'],
    must: 0.5,
    aim: 0.25,
  },
  {
    name: 'misc',
    purpose: 'MISC_CHECK of a command that does nothing, 200 a second, the command itself included',
    work: { checker: 'misc', targets: 200, ...second },
    others: [],
    must: 0.5,
    aim: 0.3,
  },
  {
    name: 'shared',
    purpose: '10 virtual servers over the same 1,000 real servers, the same TCP_CHECK once a second',
    work: { checker: 'tcp', targets: 1_000, copies: 10, delayLoop: 1 },
    others: [],
    must: 0.2,
    aim: 0.12,
  },
];
