import { join, resolve } from 'node:path';
import { runbookBase } from '../../../alerts/rules/rule.ts';
import type { Io, Modules } from '../io.ts';
import { plural } from '../output/diagnostics.ts';

export interface ExportOptions {
  readonly directory: string;
  /** Overwrite what differs. */
  readonly force: boolean;
}

export interface RulesOptions extends ExportOptions {
  /** Where the runbooks are. */
  readonly runbooks?: string | undefined;
}

type Outputs = Pick<Io, 'stdout' | 'stderr'>;
type Files = Pick<Modules, 'readPackaged' | 'readFile' | 'writeFile'>;

/** Where the provisioning that is committed says that the dashboards are. */
const usualDirectory = '/var/lib/grafana/dashboards/checkalived';

/** Writes the dashboards and what makes Grafana find them. 0: all of it is there, 1: it is not. */
export async function writeDashboards(options: ExportOptions, io: Outputs, files: Files): Promise<number> {
  const place = (text: string): string =>
    text.replace(/(?<=^ *path: )(\S+)$/m, path =>
      path.startsWith(usualDirectory)
        ? JSON.stringify(resolve(options.directory) + path.slice(usualDirectory.length))
        : path,
    );
  const copies = pick(files.readPackaged('dashboards'), /\.(?:json|yaml)$/, text => place(text));
  return copy(copies, options, io, files);
}

/** Writes the alert rules and the example for Alertmanager. 0: all of it is there, 1: it is not. */
export async function writeRules(options: RulesOptions, io: Outputs, files: Files): Promise<number> {
  const runbooks = options.runbooks?.replace(/\/*$/, '/') ?? runbookBase;
  const copies = pick(files.readPackaged('alerts'), /^(?:rules\/[^/]+|alertmanager)\.yml$/, text =>
    text.replaceAll(runbookBase, runbooks),
  );
  return copy(copies, options, io, files);
}

function pick(
  packaged: ReadonlyMap<string, string>,
  wanted: RegExp,
  edit: (text: string) => string,
): ReadonlyMap<string, string> {
  return new Map([...packaged].filter(([path]) => wanted.test(path)).map(([path, text]) => [path, edit(text)]));
}

/** All of them or, where one of them would be overwritten or cannot be read, none. */
function copy(
  copies: ReadonlyMap<string, string>,
  { directory, force }: ExportOptions,
  { stdout, stderr }: Outputs,
  { readFile, writeFile }: Files,
): number {
  if (copies.size === 0) {
    stderr.write('checkalived: this installation lacks the files; install the whole package again\n');
    return 1;
  }
  const found = [...copies].map(([name, text]) => {
    const path = join(directory, name);
    return { path, text, read: readFile(path) };
  });
  const blocked = found.flatMap(({ path, read }) =>
    read.ok || read.reason === 'missing' ? [] : [`${path} cannot be read: ${read.detail}`],
  );
  const changed = found.filter(({ text, read }) => read.ok && read.text !== text);
  if (blocked.length > 0) {
    stderr.write(`checkalived: nothing is written: ${blocked.join('; ')}\n`);
    return 1;
  }
  if (changed.length > 0 && !force) {
    for (const { path } of changed) stderr.write(`checkalived: ${path} is there, and differs\n`);
    stderr.write(
      `checkalived: nothing is written, for ${plural(changed.length, 'file')} would be lost: take another directory, or --force\n`,
    );
    return 1;
  }
  for (const { path, text, read } of found) {
    if (read.ok && read.text === text) {
      stdout.write(`${path}: there already\n`);
      continue;
    }
    const outcome = writeFile(path, text);
    if (!outcome.ok) {
      stderr.write(`checkalived: ${path} cannot be written: ${outcome.detail}; see to the directory and start again\n`);
      return 1;
    }
    stdout.write(`${path}: written\n`);
  }
  return 0;
}
