import type { ConfigNode, ConfigTree } from '../text/node.ts';

/** The keywords of this name that stand in a block. */
export function childrenOf(node: ConfigNode | undefined, name: string): readonly ConfigNode[] {
  return node === undefined ? [] : node.nodes.filter(child => child.param.name === name);
}

/** Whether a block has a row of this name in its table. */
export function takes({ param: { type } }: ConfigNode, name: string): boolean {
  return type.kind === 'block' && type.params.some(param => param.name === name);
}

/** Every keyword of a tree, blocks before what is in them. */
export function* walkTree(tree: ConfigTree): Generator<ConfigNode, undefined> {
  for (const node of tree) {
    yield node;
    yield* walkTree(node.nodes);
  }
  return undefined;
}
