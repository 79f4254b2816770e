import type { Code, Diagnostic } from '../../config/diagnostics.ts';
import { codeTable } from '../../config/diagnostics.ts';
import type { Checker } from '../../model/check.ts';
import type { Plugin } from '../../model/config.ts';
import { findShapeFaults } from './checker-shape.ts';
import { guardChecker } from './guard.ts';

/** What a loader of plug-ins needs of the host. Paths are absolute. */
export interface PluginHost {
  absolute(path: string): string;
  /** What changes when the file does; null = there is no such file. */
  stampOf(path: string): string | null;
  /** Why the file must not be loaded; null = it may be. */
  findWeakness(path: string): string | null;
  /** All that the module exports. `attempt`: how often it was tried before, since a module that failed fails for ever. */
  load(path: string, attempt: number): Promise<Readonly<Record<string, unknown>>>;
  /** Where this checkalived is installed. */
  readonly packageRoot: string;
}

export interface PluginLoader {
  /** The checkers of these plug-ins, and what is wrong with them. Each file is loaded once in the life of a process. */
  load(plugins: readonly Plugin[]): Promise<LoadedPlugins>;
}
interface LoadedPlugins {
  readonly checkers: readonly Checker[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A plug-in as it was when it was loaded. */
interface Kept {
  readonly stamp: string | null;
  readonly exported: readonly unknown[];
}
type Report = (code: Code, message: string, hint: string) => void;

/** `taken`: keywords that no plug-in may have. */
export function createPluginLoader(taken: ReadonlySet<string>, host: PluginHost): PluginLoader {
  const kept = new Map<string, Kept>();
  const attempts = new Map<string, number>();
  return {
    async load(plugins) {
      const diagnostics: Diagnostic[] = [];
      const checkers = new Map<string, Checker>();
      const owners = new Map<string, string>();
      const seen = new Set<string>();
      for (const plugin of plugins) {
        const path = host.absolute(plugin.path);
        if (seen.has(path)) continue;
        seen.add(path);
        const report = reportAt(plugin, diagnostics);
        const exported = await loadOne(path, report);
        for (const checker of exported.flatMap(value => accept(value, path, report))) {
          const owner = taken.has(checker.keyword) ? 'the configuration language' : owners.get(checker.keyword);
          if (owner === undefined) {
            owners.set(checker.keyword, path);
            checkers.set(checker.keyword, guardChecker(checker, path));
          } else {
            const message = `The keyword ${checker.keyword} of the plug-in ${path} is taken by ${owner}.`;
            report('plugin-keyword', message, 'Give the checker another keyword.');
          }
        }
      }
      return { checkers: [...checkers.values()], diagnostics };
    },
  };

  async function loadOne(path: string, report: Report): Promise<readonly unknown[]> {
    const stamp = host.stampOf(path);
    const before = kept.get(path);
    if (before !== undefined) {
      if (before.stamp !== stamp) {
        const message = `The plug-in ${path} was changed after it was loaded: what was loaded stays in use.`;
        report('plugin-changed', message, 'Restart checkalived to load it anew.');
      }
      return before.exported;
    }
    if (stamp === null) {
      report('plugin-not-loaded', `There is no plug-in ${path}.`, 'Write the path of a file, .js or .mjs.');
      return [];
    }
    const weakness = host.findWeakness(path);
    if (weakness !== null) {
      const advice = 'Leave the file and all directories above it to root: chown root and chmod go-w.';
      report('plugin-insecure', `The plug-in ${path} is not loaded: ${weakness}.`, advice);
      return [];
    }
    const attempt = attempts.get(path) ?? 0;
    attempts.set(path, attempt + 1);
    try {
      const exported = listCheckers(await host.load(path, attempt));
      if (exported.length === 0) {
        const advice = 'Export a checker as default or by a name (docs/guides/write-a-checker.md).';
        report('plugin-contract', `The plug-in ${path} exports no checker.`, advice);
        return [];
      }
      kept.set(path, { stamp, exported });
      return exported;
    } catch (fault) {
      const { message, hint } = explainFault(fault, path, host.packageRoot);
      report('plugin-not-loaded', `The plug-in ${path} cannot be loaded: ${message}.`, hint);
      return [];
    }
  }
}

/** The default export, or else those by a name that have a keyword; a list stands for what is in it. */
function listCheckers(exported: Readonly<Record<string, unknown>>): readonly unknown[] {
  if ('default' in exported) return [exported['default']].flat();
  return Object.values(exported)
    .flat()
    .filter(value => typeof value === 'object' && value !== null && 'keyword' in value);
}

function accept(value: unknown, path: string, report: Report): readonly Checker[] {
  const faults = findShapeFaults(value);
  for (const fault of faults) {
    const advice = 'Mend the plug-in (docs/guides/write-a-checker.md has the contract), and restart checkalived.';
    report('plugin-contract', `The plug-in ${path} does not keep the contract: ${fault}.`, advice);
  }
  return faults.length === 0 ? [value as Checker] : [];
}

function explainFault(fault: unknown, path: string, packageRoot: string): { message: string; hint: string } {
  const [message = ''] = (fault instanceof Error ? fault.message : String(fault)).split('\n');
  const code = fault instanceof Error && 'code' in fault ? fault.code : undefined;
  if (code === 'ERR_MODULE_NOT_FOUND' && message.includes("'checkalived'")) {
    const modules = `${path.slice(0, path.lastIndexOf('/'))}/node_modules`;
    const hint = `Let it find checkalived: mkdir -p ${modules} && ln -s ${packageRoot} ${modules}/checkalived.`;
    return { message, hint };
  }
  return { message, hint: `Mend the plug-in; node ${path} shows more.` };
}

function reportAt({ span }: Plugin, diagnostics: Diagnostic[]): Report {
  const { file, line, column, length } = span;
  return (code, message, hint) => {
    const { severity, keepalived } = codeTable[code];
    diagnostics.push({ severity, code, message, hint, file, line, column, length, keepalived });
  };
}
