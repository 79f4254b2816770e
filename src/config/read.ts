import type { Checker } from '../model/check.ts';
import type { Config } from '../model/config.ts';
import { build } from './build.ts';
import { collectDiagnostics, type Diagnostic } from './diagnostics.ts';
import type { FileReader } from './file-reader.ts';
import { createTables } from './keywords.ts';
import { parse } from './parser.ts';
import { preprocess } from './preprocess.ts';

/** Lines behind `@checkalived` are always ours. */
const ownId = 'checkalived';

export interface ReadOptions {
  /** keepalived's `-i`; left at `checkalived`, lines for the host's short name are kept too, as keepalived does. */
  readonly configId: string;
  readonly checkers: readonly Checker[];
  readonly hostName: string;
  readonly files: FileReader;
  /** For `${_ENV NAME}`. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A configuration as far as it could be read, what is wrong with it, and the texts of its files by path. */
export interface ReadResult {
  readonly config: Config;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, string>;
}

/** Reads a configuration whose main file has this text; included files come through the port. Never throws for what stands in it. */
export function readConfig(path: string, text: string, options: ReadOptions): ReadResult {
  const { checkers, hostName, files, environment, configId } = options;
  const diagnostics = collectDiagnostics();
  const sources = new Map<string, string>();
  const keepalivedId = configId === ownId ? (hostName.split('.')[0] ?? hostName) : configId;
  const lines = preprocess(path, text, {
    files,
    environment,
    diagnostics,
    configIds: [keepalivedId, ownId],
    onSource: (source, content) => sources.set(source, content),
  });
  const tables = createTables(checkers);
  const tree = parse(lines, tables.root, diagnostics);
  const config = build(tree, { tables, checkers, hostName, files, diagnostics });
  return { config, diagnostics: diagnostics.list(), sources };
}
