import type { AlertChannel } from '../model/alert.ts';
import type { Checker } from '../model/check.ts';
import type { Config } from '../model/config.ts';
import type { Params } from '../model/params.ts';
import type { HostAddress, Patterns } from '../model/ports.ts';
import { build } from './build/build.ts';
import { collectDiagnostics, type Diagnostic, type Diagnostics } from './diagnostics.ts';
import type { FileReader } from './file-reader.ts';
import { createTables } from './keywords/tables.ts';
import { lint } from './lint/lint.ts';
import { findSecrets, keepSecret, type SecretPlace } from './secrets.ts';
import { type ConfigTree, forgetWords } from './text/node.ts';
import { parse } from './text/parser.ts';
import { preprocess } from './text/preprocess.ts';

/** Lines behind `@checkalived` are always ours. */
const ownId = 'checkalived';

export interface ReadOptions {
  /** keepalived's `-i`; left at `checkalived`, lines for the host's short name are kept too, as keepalived does. */
  readonly configId: string;
  readonly checkers: readonly Checker[];
  /** Channels of alerts; none, if left out. */
  readonly channels?: readonly AlertChannel[];
  readonly hostName: string;
  /** Tries the patterns of checks. */
  readonly patterns: Patterns;
  readonly files: FileReader;
  /** For `${_ENV NAME}`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Of this host, for advice that compares with its subnets; none if left out. */
  readonly addresses?: readonly HostAddress[];
}

/** A configuration as far as it could be read, what is wrong with it, and the texts of its files by path. */
export interface ReadResult {
  readonly config: Config;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, string>;
  /** What must not be shown of the sources. */
  readonly secrets: readonly SecretPlace[];
  /** Those that it was read with, and that its checks are of. */
  readonly checkers: readonly Checker[];
}

/** The keywords of a configuration, what is wrong with their form, and the texts of its files by path. */
export interface TreeResult extends Omit<ReadResult, 'config' | 'secrets' | 'checkers'> {
  readonly tree: ConfigTree;
}

/** Reads a configuration whose main file has this text; included files come through the port. Never throws for what stands in it. */
export function readConfig(path: string, text: string, options: ReadOptions): ReadResult {
  const { checkers, channels = [], hostName, patterns, files, addresses = [] } = options;
  const diagnostics = collectDiagnostics();
  const tables = createTables(checkers, channels);
  const { tree, sources, hidden } = parseFiles(path, text, tables.root, options, diagnostics);
  const { config, drafts } = build(tree, { tables, checkers, channels, hostName, patterns, diagnostics });
  lint({ config, drafts, tree, files, addresses, checkers }, diagnostics);
  const secrets = findSecrets(tree);
  forgetWords();
  const told = diagnostics.list().map(each => keepSecret(each, secrets));
  return {
    config,
    diagnostics: told.map(each => (isHidden(each) ? { ...each, keepalived: false } : each)),
    sources,
    secrets,
    checkers,
  };

  /** keepalived says nothing of lines that it skips. */
  function isHidden({ file, line }: Diagnostic): boolean {
    return hidden.has(placeOf(file, line));
  }
}

/** What stands in a configuration, keyword by keyword, after includes, variables and the like; what it means is not looked at. */
export function readTree(path: string, text: string, options: ReadOptions): TreeResult {
  const diagnostics = collectDiagnostics();
  const { root } = createTables(options.checkers, options.channels);
  const { tree, sources } = parseFiles(path, text, root, options, diagnostics);
  return { tree, sources, diagnostics: diagnostics.list() };
}

function parseFiles(
  path: string,
  text: string,
  root: Params,
  { hostName, files, environment, configId }: ReadOptions,
  diagnostics: Diagnostics,
): Pick<TreeResult, 'tree' | 'sources'> & { readonly hidden: ReadonlySet<string> } {
  const sources = new Map<string, string>();
  const hidden = new Set<string>();
  const keepalivedId = configId === ownId ? (hostName.split('.')[0] ?? hostName) : configId;
  const lines = preprocess(path, text, {
    files,
    environment,
    diagnostics,
    configIds: [keepalivedId, ownId],
    onKept: (id, { file, line }) => {
      if (id === ownId) hidden.add(placeOf(file, line));
    },
    onSource: (source, content) => sources.set(source, content),
  });
  return { tree: parse(lines, root, diagnostics), sources, hidden };
}

function placeOf(file: string, line: number): string {
  return `${file}\n${line}`;
}
