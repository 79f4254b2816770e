import { channels } from '../../../alerts/index.ts';
import { checkers } from '../../../checks/index.ts';
import type { Diagnostic } from '../../../src/config/diagnostics.ts';
import type { FileReader, FileStat } from '../../../src/config/file-reader.ts';
import { type ReadOptions, type ReadResult, readConfig, readTree, type TreeResult } from '../../../src/config/read.ts';
import { readLines, type SourceLine } from '../../../src/config/text/lexer.ts';
import type { Checker } from '../../../src/model/check.ts';
import type { Params } from '../../../src/model/params.ts';
import type { HostAddress } from '../../../src/model/ports.ts';
import { patterns } from '../../../src/sys/patterns.ts';
import { deepFreeze } from '../../support/freeze.ts';

interface TextOptions {
  readonly files?: Readonly<Record<string, string>>;
  readonly configId?: string;
  readonly checkers?: readonly Checker[];
  readonly environment?: Readonly<Record<string, string>>;
  /** All that the host has besides, in place of what `files` would have: nothing of it can be read. */
  readonly stats?: Readonly<Record<string, FileStat>>;
  readonly addresses?: readonly HostAddress[];
}

/** Reads a text as `main.conf`, with other files beside it; none of them on the disk. */
export function readText(text: string, options: TextOptions = {}): ReadResult {
  return deepFreeze(readConfig('main.conf', text, readOptions(options)));
}

/** The keywords of a text. */
export function readTextTree(text: string, options: TextOptions = {}): TreeResult {
  return readTree('main.conf', text, readOptions(options));
}

function readOptions(options: TextOptions): ReadOptions {
  const { stats } = options;
  const files = memoryFiles(options.files ?? {});
  return {
    configId: options.configId ?? 'checkalived',
    checkers: options.checkers ?? checkers,
    channels,
    hostName: 'lb1.example.com',
    patterns,
    files: stats === undefined ? files : { ...files, stat: path => stats[path] ?? null },
    environment: options.environment ?? {},
    addresses: options.addresses ?? [],
  };
}

/** Files in memory; a text of `DENIED` cannot be read. */
export function memoryFiles(files: Readonly<Record<string, string>>): FileReader {
  const names = Object.keys(files);
  const prefix = (directory: string) =>
    directory === '.' ? '' : directory.endsWith('/') ? directory : `${directory}/`;
  return {
    read: path => {
      const text = files[path];
      if (text === undefined && names.some(name => name.startsWith(`${path}/`)))
        return { ok: false, reason: 'directory', detail: 'it is a directory' };
      if (text === undefined) return { ok: false, reason: 'missing', detail: 'there is no such file' };
      if (text === 'DENIED') return { ok: false, reason: 'denied', detail: 'permission denied' };
      return { ok: true, text, executable: false };
    },
    list: directory => [
      ...new Set(
        names
          .filter(name => name.startsWith(prefix(directory)))
          .map(name => name.slice(prefix(directory).length).split('/')[0] ?? ''),
      ),
    ],
    stat: path => {
      if (names.includes(path)) return { kind: 'file', mode: 0o755, uid: 0 };
      return names.some(name => name.startsWith(`${path}/`)) ? { kind: 'directory', mode: 0o755, uid: 0 } : null;
    },
    directoryOf: path => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '/etc/keepalived'),
  };
}

/** A virtual server of TCP by NAT with these lines in it. */
export function virtualServer(lines: string, head = '10.0.0.1 80'): string {
  return `virtual_server ${head} {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\n${lines}\n}\n`;
}

/** A virtual server with one real server that has these lines in it. */
export function realServer(lines: string, virtualLines = ''): string {
  return virtualServer(`${virtualLines}\nreal_server 10.0.0.2 80 {\n${lines}\n}`);
}

/** `severity code line` of each fault. */
export function faultsOf(result: Pick<ReadResult, 'diagnostics'>): readonly string[] {
  return result.diagnostics.map(({ severity, code, line }) => `${severity} ${code} ${line}`);
}

/** The one fault of a text. */
export function onlyFault(result: ReadResult): Diagnostic {
  const [fault, ...others] = result.diagnostics;
  if (fault === undefined || others.length > 0) throw new Error(`not one fault: ${JSON.stringify(result.diagnostics)}`);
  return fault;
}

/** A checker that plans what it was given: for what the configuration does around it. */
export function fakeChecker(keyword: string, params: Params = [], over: Partial<Checker> = {}): Checker {
  return {
    keyword,
    doc: 'A checker of the tests.',
    params,
    defaultRetry: 1,
    defaultDelayBeforeRetry: 1000,
    pace: 'end',
    mail: { up: 'up', down: 'down' },
    plan: (_values, { patterns: _, trackFile: __, ...target }) => [target],
    check: () => Promise.reject(new Error('the configuration runs no check')),
    longest: () => 1000,
    ...over,
  };
}

/** Every line of a text, as the lexer cuts it. */
export function linesOf(text: string): readonly SourceLine[] {
  const next = readLines('main.conf', text);
  const lines: SourceLine[] = [];
  for (let line = next(); line !== undefined; line = next()) lines.push(line);
  return lines;
}
