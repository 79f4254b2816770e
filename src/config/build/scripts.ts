import type { Values } from '../../model/params.ts';
import type { Script } from '../../model/server.ts';
import type { ConfigNode } from '../text/node.ts';

/** Does the line that counts stand behind `@checkalived`, where keepalived does not see it? */
export function isOurs(nodes: readonly ConfigNode[], name: string): boolean {
  return nodes.findLast(node => node.param.name === name)?.source.onlyFor === 'checkalived';
}

/** A notify script of a block; null = none. */
export function readNotify(node: ConfigNode, values: Values, name: string): Script | null {
  const script = values.get<Script>(name);
  if (script === undefined) return null;
  return isOurs(node.nodes, name) ? { ...script, ours: true } : script;
}
