import { hostname } from 'node:os';
import { checkers } from '../../checks/index.ts';
import type { Diagnostic } from '../../src/config/diagnostics.ts';
import { loadConfig } from '../../src/config/load.ts';
import { patterns } from '../../src/sys/patterns.ts';
import type { Input } from './inputs.ts';
import type { Verdict } from './keepalived.ts';
import { isOpen, type Judgement, judge } from './messages.ts';

/** What both programs say to one file. */
export interface Comparison extends Judgement {
  readonly input: Input;
  readonly verdict: Verdict;
  /** Ours that keepalived should have too. */
  readonly ours: readonly Diagnostic[];
  readonly complains: 'both' | 'neither' | 'keepalived' | 'checkalived';
}

/** Reads the file as `checkalived test` would, and compares it with what keepalived has said. */
export function compare(input: Input, verdict: Verdict): Comparison {
  const judgement = judge(verdict);
  const ours = readOurs(input).filter(diagnostic => diagnostic.keepalived);
  const keepalived = judgement.complaints.length > 0 || (ours.length > 0 && isOpen(judgement));
  return { input, verdict, ours, complains: whoComplains(keepalived, ours.length > 0), ...judgement };
}

function whoComplains(keepalived: boolean, checkalived: boolean): Comparison['complains'] {
  if (keepalived) return checkalived ? 'both' : 'keepalived';
  return checkalived ? 'checkalived' : 'neither';
}

export function agrees({ complains }: Comparison): boolean {
  return complains === 'both' || complains === 'neither';
}

/** Neither program complains. */
export function isSilent({ complains }: Comparison): boolean {
  return complains === 'neither';
}

/** What `-i` says among the words of a command line. */
export function readConfigId(options: readonly string[]): string {
  const place = options.indexOf('-i');
  return (place < 0 ? undefined : options[place + 1]) ?? 'checkalived';
}

/** A reader that throws has to be seen with the file that makes it do so. */
export function readOurs({ name, path, options }: Input): readonly Diagnostic[] {
  const configId = readConfigId(options);
  try {
    return loadConfig(path, { configId, checkers, hostName: hostname(), patterns, environment: {} }).diagnostics;
  } catch (fault) {
    // The suite's report shows no cause.
    throw new Error(`Reading ${name} throws: ${fault instanceof Error ? fault.stack : fault}`);
  }
}
