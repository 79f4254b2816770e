import type { NamedBefore } from '../keywords/refused-checkers.ts';
import type { ConfigNode, ConfigTree } from '../text/node.ts';

/** For each virtual_server the blocks before it that its checkers may name: those behind it keepalived does not find. */
export function collectNamed(tree: ConfigTree): ReadonlyMap<ConfigNode, NamedBefore> {
  const trackFiles = findFirst(tree, ['track_file', 'vrrp_track_file']);
  const bfdInstances = findFirst(tree, ['bfd_instance']);
  const found = new Map<ConfigNode, NamedBefore>();
  for (const [place, node] of tree.entries()) {
    if (node.param.name === 'virtual_server')
      found.set(node, { trackFiles: before(trackFiles, place), bfdInstances: before(bfdInstances, place) });
  }
  return found;
}

/** Where in the tree the first block of each name stands. */
function findFirst(tree: ConfigTree, keywords: readonly string[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (const [place, node] of tree.entries()) {
    const name = node.words[0]?.text ?? '';
    if (keywords.includes(node.param.name) && !places.has(name)) places.set(name, place);
  }
  return places;
}

function before(places: ReadonlyMap<string, number>, place: number): NamedBefore['trackFiles'] {
  return { has: name => (places.get(name) ?? place) < place };
}
