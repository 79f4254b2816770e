import type { AlertChannel } from '../../model/alert.ts';
import type { Checker } from '../../model/check.ts';
import type { Config } from '../../model/config.ts';
import type { Patterns } from '../../model/ports.ts';
import type { VirtualServer } from '../../model/server.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { KeywordTables } from '../keywords/tables.ts';
import type { ConfigTree } from '../text/node.ts';
import type { BuildContext } from './context.ts';
import { buildGlobals } from './globals.ts';
import { readGroups } from './groups.ts';
import { mergeVirtualServers } from './merge.ts';
import { collectNamed } from './named-before.ts';
import { findOwnValueReaders } from './own-value-files.ts';
import { settleQuorum } from './quorum.ts';
import { judgeRootLines } from './root-lines.ts';
import { buildSettings } from './settings.ts';
import { buildSsl } from './ssl.ts';
import { buildVirtualServer } from './virtual-server.ts';
import { buildVrrp } from './vrrp.ts';

export interface BuildOptions {
  readonly tables: KeywordTables;
  readonly checkers: readonly Checker[];
  readonly channels: readonly AlertChannel[];
  readonly hostName: string;
  readonly patterns: Patterns;
  readonly diagnostics: Diagnostics;
}

/** A configuration, and its virtual servers before those of one kernel service were joined and quorums repaired. */
export interface BuildResult {
  readonly config: Config;
  readonly drafts: readonly VirtualServer[];
}

/** Makes a configuration of a tree: inheritance resolved, defaults filled in. */
export function build(
  tree: ConfigTree,
  { tables, checkers, channels, hostName, patterns, diagnostics }: BuildOptions,
): BuildResult {
  const { vrrpGlobals, ...globalDefs } = buildGlobals(
    blocksOf(tree, 'global_defs'),
    tables.globalDefs,
    hostName,
    diagnostics,
  );
  const vrrp = buildVrrp(tree, vrrpGlobals, diagnostics);
  const settings = buildSettings(blocksOf(tree, 'checkalived'), { params: tables.settings, channels }, diagnostics);
  const context: BuildContext = {
    ...globalDefs,
    diagnostics,
    tables,
    checkers: new Map(checkers.map(checker => [checker.keyword, checker])),
    named: collectNamed(tree),
    patterns,
    ssl: buildSsl(blocksOf(tree, 'SSL'), tables.root, diagnostics),
    // The first of a name counts.
    trackFiles: new Map(vrrp.trackFiles.toReversed().map(file => [file.name, file])),
    ownValueReaders: findOwnValueReaders(tree, { settings, trackFiles: vrrp.trackFiles }, diagnostics),
    groups: readGroups(blocksOf(tree, 'virtual_server_group'), diagnostics),
    intervals: new Map(),
  };
  const uses = { ordinals: new Map<string, number>(), services: 0 };
  const drafts = blocksOf(tree, 'virtual_server')
    .map(node => buildVirtualServer(node, context, uses))
    .filter(draft => draft !== null);
  const used = mergeVirtualServers(drafts, diagnostics).filter(draft => hasRealServers(draft, diagnostics));
  const config = {
    globals: globalDefs.globals,
    settings,
    virtualServers: used.map(settleQuorum),
    ...vrrp,
  };
  judgeRootLines(tree, tables.root, diagnostics);
  return { config, drafts };
}

function blocksOf(tree: ConfigTree, name: string): ConfigTree {
  return tree.filter(node => node.param.name === name);
}

function hasRealServers(server: VirtualServer, diagnostics: Diagnostics): boolean {
  if (server.realServers.length > 0) return true;
  const message = `${server.name} has no real server and is left out.`;
  diagnostics.report('no-real-server', server.span, message, 'Write at least one real_server IP PORT { ... }.');
  return false;
}
