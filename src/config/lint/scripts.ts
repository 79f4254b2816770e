import type { ConfigNode, ConfigTree } from '../text/node.ts';
import { readScript } from '../values/read-command.ts';
import { walkTree } from './nodes.ts';

/** A keyword that names a command, and its program: a path, or a name that is looked for in PATH. */
export interface UsedScript {
  readonly node: ConfigNode;
  readonly program: string;
}

/** The commands that stand in a configuration, in its order. */
export function* findScripts(tree: ConfigTree): Generator<UsedScript, undefined> {
  for (const node of walkTree(tree)) {
    if (node.param.type.kind !== 'script') continue;
    const program = readScript(node, true, { report: () => {}, strict: false })?.argv[0];
    if (program !== undefined) yield { node, program };
  }
  return undefined;
}

/** Each program with a path once, at the place where it stands first. */
export function* findPrograms(tree: ConfigTree): Generator<UsedScript, undefined> {
  const seen = new Set<string>();
  for (const script of findScripts(tree)) {
    if (!script.program.startsWith('/') || seen.has(script.program)) continue;
    seen.add(script.program);
    yield script;
  }
  return undefined;
}

/** For the examples of rules. */
export function exampleCheck(path: string): Readonly<Record<string, readonly string[]>> {
  return { '10.0.0.2 80': ['MISC_CHECK {', `misc_path "${path} 10.0.0.2"`, '}'] };
}

/** For the examples of rules. */
export const exampleGlobals: readonly string[] = ['global_defs {', 'script_user nobody', 'enable_script_security', '}'];
