import { type Change, diffConfigs, diffTrees } from '../../config/diff/diff.ts';
import type { Io, Modules, Output } from '../io.ts';
import { readAs, readForWork } from '../load.ts';
import { paint, printable, type Style } from '../output/style.ts';

export interface DiffOptions {
  readonly before: string;
  readonly after: string;
  readonly configId: string;
  readonly json: boolean;
  /** Compare in spite of errors. */
  readonly lenient: boolean;
}

/** Says what a reload from one configuration to another changes. 0: nothing, 1: something, 2: one cannot be read or has errors. */
export async function diffConfigFiles(
  { before, after, configId, json, lenient }: DiffOptions,
  io: Io,
  modules: Pick<Modules, 'load' | 'loadTree'>,
): Promise<number> {
  const old = await readForWork({ file: before, configId, lenient, isArgument: true }, io, modules);
  const now = await readForWork({ file: after, configId, lenient, isArgument: true }, io, modules);
  if (old === null || now === null) return 2;
  const trees = await readAs(async () => {
    const [earlier, later] = [await modules.loadTree(before, configId), await modules.loadTree(after, configId)];
    return diffTrees(earlier.tree, later.tree);
  });
  if (!trees.ok) {
    io.stderr.write(`checkalived: ${trees.problem}\n`);
    return 2;
  }
  const changes = [...diffConfigs(old.config, now.config), ...trees.loaded];
  if (json) io.stdout.write(`${JSON.stringify(changes.map(describe), null, 2)}\n`);
  else print(changes, io.stdout);
  // src/cli/commands/run.ts
  if (old.config.virtualServers.length > 0 && now.config.virtualServers.length === 0) {
    io.stderr.write(`checkalived: ${after} has no virtual server: a reload refuses it\n`);
  }
  return changes.length > 0 ? 1 : 0;
}

/** The documented fields, and no others. */
function describe(change: Change): object {
  const { virtualServer, realServer, check, what, from, to, effect, takesEffect } = change;
  return { change: change.change, virtualServer, realServer, check, what, from, to, effect, takesEffect };
}

const signs: Readonly<Record<Change['change'], { readonly sign: string; readonly style: Style }>> = {
  added: { sign: '+', style: 'green' },
  removed: { sign: '-', style: 'red' },
  changed: { sign: '~', style: 'yellow' },
};

/** A line for each change, an empty one between virtual servers. */
function print(changes: readonly Change[], stdout: Output): void {
  for (const [index, change] of changes.entries()) {
    const before = changes[index - 1];
    if (before !== undefined && groupOf(before) !== groupOf(change)) stdout.write('\n');
    const { sign, style } = signs[change.change];
    stdout.write(`${paint(sign, style, stdout.colours)} ${printable(formatChange(change))}\n`);
  }
}

function groupOf(change: Change): string | null {
  return change.virtualServer ?? (isKeepalived(change) ? 'keepalived' : null);
}

/** Of what keepalived alone acts on it is not told what is in it. */
function isKeepalived({ takesEffect, from, to }: Change): boolean {
  return takesEffect === 'never' && from === null && to === null;
}

/** `[10.0.0.1]:tcp:80 [10.0.0.2]:tcp:80 TCP_CHECK: retry 1 -> 3 (keeps its verdict and streak ...)`. */
function formatChange(change: Change): string {
  const { virtualServer, realServer, check, effect } = change;
  if (isKeepalived(change)) return `keepalived: ${change.what} ${change.change}; ${effect}`;
  const place = [virtualServer, realServer, check].filter(part => part !== null).join(' ');
  return `${place === '' ? '' : `${place}: `}${formatWhat(change)} (${effect})`;
}

function formatWhat({ change, what, from, to }: Change): string {
  if (change === 'added') return `${what} added: ${to}`;
  if (change === 'removed') return `${what} removed: ${from}`;
  return from === to ? `${what} changed` : `${what} ${from ?? 'none'} -> ${to ?? 'none'}`;
}
