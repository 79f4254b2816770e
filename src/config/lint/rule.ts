import type { CheckPlan } from '../../model/check.ts';
import type { Config } from '../../model/config.ts';
import type { HostAddress } from '../../model/ports.ts';
import type { VirtualServer } from '../../model/server.ts';
import type { Span } from '../../model/span.ts';
import type { Ms } from '../../model/time.ts';
import type { FileReader, FileStat } from '../file-reader.ts';
import type { ConfigTree } from '../text/node.ts';
import type { TreeIndex } from './tree-index.ts';

/** A configuration for the documentation and the tests of a rule. */
export interface LintExample {
  readonly text: string;
  /** Files of the host besides, by path. */
  readonly files?: Readonly<Record<string, FileStat>>;
  readonly addresses?: readonly HostAddress[];
}

/** What a rule may look at, and how it tells. Nothing of it changes what is checked. */
export interface LintContext extends TreeIndex {
  readonly config: Config;
  /** The virtual servers as written: before those of one kernel service were joined and quorums brought within reach. */
  readonly drafts: readonly VirtualServer[];
  readonly tree: ConfigTree;
  readonly files: FileReader;
  /** Of this host; empty where it is not asked. */
  readonly addresses: readonly HostAddress[];
  /** The longest that one run of a check can take: every deadline of its checker run into. */
  longest(check: CheckPlan): Ms;
  /** `hint` = what to write instead. */
  report(span: Span, message: string, hint: string): void;
}

/** A piece of advice on a configuration that can be read: one rule, one file, one code. */
export interface LintRule {
  readonly code: string;
  readonly severity: 'warning' | 'hint';
  /** keepalived 2.2.7 `-t` complains about this too. */
  readonly keepalived: boolean;
  /** One sentence for the table of the reference. */
  readonly meaning: string;
  /** What goes wrong, for the reference: some sentences. */
  readonly why: string;
  /** Gets the code. */
  readonly bad: LintExample;
  /** The same, mended. */
  readonly good: LintExample;
  find(context: LintContext): void;
}
