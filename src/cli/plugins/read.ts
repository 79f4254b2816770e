import type { Diagnostic } from '../../config/diagnostics.ts';
import type { Checker } from '../../model/check.ts';
import type { Plugin } from '../../model/config.ts';
import type { PluginLoader } from './load.ts';

/**
 * Reads a configuration with the checkers of the plug-ins that it names. Which ones that are is known when it has been
 * read: then they are loaded, and it is read once more with all.
 */
export async function readWithPlugins<Result extends { readonly diagnostics: readonly Diagnostic[] }>(
  builtIn: readonly Checker[],
  read: (checkers: readonly Checker[]) => Result,
  pluginsOf: (result: Result) => readonly Plugin[],
  loader: PluginLoader,
): Promise<Result> {
  const first = read(builtIn);
  const plugins = pluginsOf(first);
  if (plugins.length === 0) return first;
  const { checkers, diagnostics } = await loader.load(plugins);
  const result = read([...builtIn, ...checkers]);
  return { ...result, diagnostics: [...diagnostics, ...result.diagnostics] };
}
