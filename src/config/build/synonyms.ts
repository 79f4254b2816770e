import type { Values } from '../../model/params.ts';
import type { ConfigNode } from '../text/node.ts';

/** The value of keywords that mean the same: of those that have a usable one, the last that stands in the block. */
export function readSynonyms<T>(
  { nodes }: Pick<ConfigNode, 'nodes'>,
  values: Values,
  names: readonly string[],
): T | undefined {
  const places = names.filter(name => values.has(name)).map(name => values.spanOf(name));
  const last = nodes.findLast(child => names.includes(child.param.name) && places.includes(child.keyword.span));
  return last && values.get<T>(last.param.name);
}
