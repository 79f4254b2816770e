import type { ConfigNode } from '../text/node.ts';
import { readScript } from '../values/read-command.ts';
import type { TreeIndex } from './tree-index.ts';

/** A keyword that names a command, and its program: a path, or a name that is looked for in PATH. */
export interface UsedScript {
  readonly node: ConfigNode;
  readonly program: string;
}

/** The commands that stand in a configuration, in its order. */
export function findScripts({ scripts }: Pick<TreeIndex, 'scripts'>): readonly UsedScript[] {
  return scripts().flatMap(node => {
    const program = readScript(node, true, { report: () => {}, strict: false })?.argv[0];
    return program === undefined ? [] : { node, program };
  });
}

/** Each program with a path once, at the place where it stands first. */
export function findPrograms(index: Pick<TreeIndex, 'scripts'>): readonly UsedScript[] {
  const seen = new Set<string>();
  return findScripts(index).filter(({ program }) => {
    const isNew = program.startsWith('/') && !seen.has(program);
    seen.add(program);
    return isNew;
  });
}

/** For the examples of rules. */
export function exampleCheck(path: string): Readonly<Record<string, readonly string[]>> {
  return { '10.0.0.2 80': ['MISC_CHECK {', `misc_path "${path} 10.0.0.2"`, '}'] };
}

/** For the examples of rules. */
export const exampleGlobals: readonly string[] = ['global_defs {', 'script_user nobody', 'enable_script_security', '}'];
