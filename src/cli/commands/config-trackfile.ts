import { resolve } from 'node:path';
import { writeLine } from '../../config/print/line.ts';
import { findBlockEnd } from '../../config/text/block-end.ts';
import type { RealServer, VirtualServer } from '../../model/server.ts';
import type { Span } from '../../model/span.ts';
import { trackDirectory, trackFileNames } from '../../model/track-file.ts';
import type { Io, Modules } from '../io.ts';
import { readConfig } from '../load.ts';
import { countErrors, formatDiagnostic, plural } from '../output/diagnostics.ts';
import { overrideSettings } from '../settings.ts';

export interface TrackfileOptions {
  readonly file: string;
  readonly configId: string;
  readonly stateDir?: string | undefined;
}

/**
 * Prints what keepalived needs to follow the value files of mode `trackfile`. 0: printed, 1: the configuration has
 * errors, or nothing to follow, 2: it cannot be read.
 */
export async function printTrackfileBlocks(
  { file, configId, stateDir }: TrackfileOptions,
  io: Pick<Io, 'stdout' | 'stderr'>,
  modules: Pick<Modules, 'load'>,
): Promise<number> {
  const read = await readConfig(file, configId, modules);
  if (!read.ok) {
    io.stderr.write(`checkalived: ${read.detail}\n`);
    return 2;
  }
  const { diagnostics, sources } = read.loaded;
  const config = overrideSettings(read.loaded.config, { stateDir });
  for (const diagnostic of diagnostics) {
    if (diagnostic.severity === 'error') io.stderr.write(formatDiagnostic(diagnostic, io.stderr.colours));
  }
  const errors = countErrors(diagnostics);
  if (errors > 0) {
    io.stderr.write(`checkalived: ${file} has ${plural(errors, 'error')}, and nothing is printed; mend them first\n`);
    return 1;
  }
  const followed = config.virtualServers.flatMap(listFollowed);
  const [first] = config.virtualServers;
  if (!first || followed.length === 0) {
    io.stderr.write(`checkalived: no real server of ${file} has a checker that checkalived runs\n`);
    return 1;
  }
  // keepalived's own directory is another one.
  const directory = resolve(trackDirectory(config.settings));
  io.stdout.write(
    [
      ...describeFile(directory, first.span),
      ...followed.flatMap(({ names }) => [
        ...writeTrackFile(names.state, directory),
        ...writeTrackFile(names.weight, directory),
      ]),
      ...followed.flatMap(server => [
        '',
        ...describePlace(server, sources),
        ...writeFileCheck(server.names.state, failIfNotZero),
        ...writeFileCheck(server.names.weight, addToWeight),
      ]),
      '',
    ].join('\n'),
  );
  for (const advice of findAdvice(followed, config.settings.ipvs, file)) io.stderr.write(`checkalived: ${advice}\n`);
  return 0;
}

interface Followed {
  readonly virtualServer: VirtualServer;
  readonly realServer: RealServer;
  readonly names: ReturnType<typeof trackFileNames>;
}

// Weights of a FILE_CHECK.
const failIfNotZero = 0;
const addToWeight = 1;

function listFollowed(virtualServer: VirtualServer): Followed[] {
  return virtualServer.realServers
    .filter(({ checks }) => checks.length > 0)
    .map(realServer => ({ virtualServer, realServer, names: trackFileNames(virtualServer.id, realServer.id) }));
}

function describeFile(directory: string, { file, line }: Span): string[] {
  return [
    '# keepalived reads lines that begin with @^checkalived, and checkalived does not: one file serves both.',
    `# The directory must be there before keepalived starts: install -d -m 755 ${directory}`,
    '',
    `# At the root of the file, before the first virtual_server (${file}:${line}):`,
  ];
}

function writeTrackFile(name: string, directory: string): string[] {
  const path = writeLine({ words: ['file', `${directory}/${name}`], source: null, isCommand: false, opens: false });
  if (path === null) throw new Error(`no line is read as the path ${directory}/${name}`);
  return hideFromUs([`track_file ${name} {`, `    ${path}`, '}']);
}

function writeFileCheck(name: string, weight: number): string[] {
  return hideFromUs(['FILE_CHECK {', `    track_file ${name}`, `    weight ${weight}`, '}']);
}

/** One file serves both: what we write must not be what we read. */
function hideFromUs(lines: readonly string[]): string[] {
  return lines.map(line => `@^checkalived ${line}`);
}

function describePlace({ virtualServer, realServer }: Followed, sources: ReadonlyMap<string, string>): string[] {
  const { file, line } = realServer.span;
  const place = `# Into real_server ${realServer.name} of ${virtualServer.name}, behind ${file}:${line}`;
  const seen = findSeen(realServer, sources);
  if (seen.length === 0) return [`${place}:`];
  return [
    `${place};`,
    `# and hide from keepalived what checks there, @checkalived before each line: ${seen.join(', ')}`,
  ];
}

/** The checkers that keepalived would run too, as `keepalived.conf:31-33 (TCP_CHECK)`. */
function findSeen({ checks }: RealServer, sources: ReadonlyMap<string, string>): string[] {
  const seen = checks.flatMap(({ type, span: { file, line } }) => {
    const text = sources.get(file) ?? '';
    if (/^\s*@checkalived\s/.test(text.split('\n')[line - 1] ?? '')) return [];
    const end = findBlockEnd(text, line);
    return [`${file}:${end === line ? line : `${line}-${end}`} (${type})`];
  });
  // A checker of several URLs is several checks.
  return [...new Set(seen)];
}

function findAdvice(followed: readonly Followed[], mode: string, file: string): string[] {
  const places = followed.map(({ realServer: { span } }) => `${span.file}:${span.line}`);
  const repeated = places.find((place, index) => places.indexOf(place) < index);
  return [
    ...(repeated === undefined
      ? []
      : [`${repeated} makes several real servers of one line: write each out (checkalived config print -f ${file})`]),
    ...(mode === 'trackfile'
      ? []
      : [`the mode is ${mode}: write ipvs trackfile into the block checkalived, or start with --ipvs trackfile`]),
  ];
}
