import type { Span } from '../../model/span.ts';
import type { ConfigNode, ConfigTree } from '../text/node.ts';

/** Ways into the tree of a configuration, so that not every rule walks through all of it. */
export interface TreeIndex {
  /** The keyword that stands at the span of a virtual server, a real server, a check or a vrrp_instance. */
  nodeAt(span: Span): ConfigNode | undefined;
  /** The keywords of this name, wherever they stand, in the order of the configuration. */
  nodesNamed(name: string): readonly ConfigNode[];
  /** The keywords that take a command. */
  scripts(): readonly ConfigNode[];
  /** The keywords that keepalived does not know, or not with this value; of a block of ours the block. */
  ours(): readonly ConfigNode[];
}

/** Each index is made when it is first asked: many configurations never need one of them. */
export function openTree(tree: ConfigTree): TreeIndex {
  let places: ReadonlyMap<Span, ConfigNode> | null = null;
  let found: Found | null = null;
  const search = (): Found => {
    found ??= collect(tree, { names: new Map(), scripts: [], ours: [] });
    return found;
  };
  return {
    nodeAt(span) {
      places ??= indexBlocks(tree);
      return places.get(span);
    },
    nodesNamed: name => search().names.get(name) ?? [],
    scripts: () => search().scripts,
    ours: () => search().ours,
  };
}

interface Found {
  readonly names: Map<string, ConfigNode[]>;
  readonly scripts: ConfigNode[];
  readonly ours: ConfigNode[];
}

function collect(tree: ConfigTree, found: Found, inOurs = false): Found {
  for (const node of tree) {
    const { name, type, ours } = node.param;
    const same = found.names.get(name);
    if (same === undefined) found.names.set(name, [node]);
    else same.push(node);
    if (type.kind === 'script') found.scripts.push(node);
    if ((ours === true || hasOwnValue(node)) && !inOurs) found.ours.push(node);
    collect(node.nodes, found, inOurs || ours === true);
  }
  return found;
}

function hasOwnValue({ param: { type }, words }: ConfigNode): boolean {
  return type.kind === 'choice' && type.ours !== undefined && type.ours.includes(words[0]?.text ?? '');
}

/** What the model has a span of: whole blocks, not the keywords in them. */
const indexed: ReadonlySet<string> = new Set(['virtual_server', 'vrrp_instance']);

function indexBlocks(tree: ConfigTree): ReadonlyMap<Span, ConfigNode> {
  const places = new Map<Span, ConfigNode>();
  const add = (node: ConfigNode): void => void places.set(node.keyword.span, node);
  const blocksIn = ({ nodes }: ConfigNode): readonly ConfigNode[] =>
    nodes.filter(({ param }) => param.type.kind === 'block');
  for (const root of tree.filter(({ param }) => indexed.has(param.name))) {
    add(root);
    for (const inner of blocksIn(root)) {
      add(inner);
      blocksIn(inner).forEach(add);
    }
  }
  return places;
}
