import type { Checker, Schedule, SslSettings } from '../../model/check.ts';
import type { Globals } from '../../model/config.ts';
import type { Patterns } from '../../model/ports.ts';
import type { Ms } from '../../model/time.ts';
import type { TrackFile } from '../../model/trackers.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { NamedBefore } from '../keywords/refused-checkers.ts';
import type { KeywordTables } from '../keywords/tables.ts';
import type { ConfigNode } from '../text/node.ts';
import type { ServiceGroup } from './groups.ts';

/** What every part of the building needs. */
export interface BuildContext {
  readonly diagnostics: Diagnostics;
  readonly tables: KeywordTables;
  readonly checkers: ReadonlyMap<string, Checker>;
  readonly globals: Globals;
  readonly smtpAlert: SmtpAlertDefaults;
  readonly logAllFailures: boolean;
  /** Blocks of the root that the checkers of a virtual_server may name. */
  readonly named: ReadonlyMap<ConfigNode, NamedBefore>;
  readonly patterns: Patterns;
  readonly ssl: SslSettings;
  /** By name, wherever they stand. */
  readonly trackFiles: ReadonlyMap<string, TrackFile>;
  /** Blocks of which no check is made. */
  readonly ownValueReaders: ReadonlySet<ConfigNode>;
  readonly groups: ReadonlyMap<string, ServiceGroup>;
  /** Those that were met so far. */
  readonly intervals: Map<Ms, Schedule>;
}

/** What global_defs says about mail; null = nothing. */
export interface SmtpAlertDefaults {
  readonly checker: boolean | null;
  readonly all: boolean | null;
}

/** keepalived's keywords whose faults change what is checked, outside of the checkers' blocks. */
const checkingKeywords: ReadonlySet<string> = new Set([
  'delay_loop',
  'schedule',
  'warmup',
  'retry',
  'rise',
  'delay_before_retry',
  'connect_timeout',
  'virtualhost',
]);

export function affectsChecking(name: string): boolean {
  return checkingKeywords.has(name);
}
