import type { Checker } from '../model/check.ts';
import type { Config } from '../model/config.ts';
import type { BuildContext } from './build-context.ts';
import { buildGlobals } from './build-globals.ts';
import { buildSettings } from './build-settings.ts';
import { buildVirtualServer, type DraftVirtualServer } from './build-virtual-server.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { FileReader } from './file-reader.ts';
import { deepFreeze } from './freeze.ts';
import { readGroups } from './groups.ts';
import type { KeywordTables } from './keywords.ts';
import { mergeVirtualServers } from './merge.ts';
import type { ConfigTree } from './parser.ts';
import { settleQuorum } from './quorum.ts';
import { reportScripts } from './scripts.ts';

export interface BuildOptions {
  readonly tables: KeywordTables;
  readonly checkers: readonly Checker[];
  readonly hostName: string;
  readonly files: FileReader;
  readonly diagnostics: Diagnostics;
}

/** Makes a configuration of a tree: inheritance resolved, defaults filled in, deeply frozen. */
export function build(tree: ConfigTree, { tables, checkers, hostName, files, diagnostics }: BuildOptions): Config {
  const globalDefs = buildGlobals(blocksOf(tree, 'global_defs'), tables.globalDefs, hostName, diagnostics);
  const context: BuildContext = {
    ...globalDefs,
    diagnostics,
    tables,
    hostName,
    checkers: new Map(checkers.map(checker => [checker.keyword, checker])),
    groups: readGroups(blocksOf(tree, 'virtual_server_group'), diagnostics),
  };
  const ordinals = new Map<string, number>();
  const drafts = blocksOf(tree, 'virtual_server')
    .map(node => buildVirtualServer(node, context, ordinals))
    .filter(draft => draft !== null);
  const used = mergeVirtualServers(drafts, diagnostics).filter(draft => hasRealServers(draft, diagnostics));
  const config = {
    globals: globalDefs.globals,
    settings: buildSettings(blocksOf(tree, 'checkalived'), tables.settings, diagnostics),
    virtualServers: used.map(draft => settleQuorum(draft, diagnostics)),
  };
  reportScripts(tree, config.globals.enableScriptSecurity, files, diagnostics);
  return deepFreeze(config);
}

function blocksOf(tree: ConfigTree, name: string): ConfigTree {
  return tree.filter(node => node.param.name === name);
}

function hasRealServers({ server }: DraftVirtualServer, diagnostics: Diagnostics): boolean {
  if (server.realServers.length > 0) return true;
  const message = `${server.name} has no real server and is left out.`;
  diagnostics.report('no-real-server', server.span, message, 'Write at least one real_server IP PORT { ... }.');
  return false;
}
