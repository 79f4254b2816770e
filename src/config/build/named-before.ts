import type { NamedBefore } from '../keywords/checkers-to-come.ts';
import type { ConfigNode, ConfigTree } from '../text/node.ts';

/** For each virtual_server the blocks before it that its checkers may name: those behind it keepalived does not find. */
export function collectNamed(tree: ConfigTree): ReadonlyMap<ConfigNode, NamedBefore> {
  const found = new Map<ConfigNode, NamedBefore>();
  let before: NamedBefore = { trackFiles: new Set(), bfdInstances: new Set() };
  for (const node of tree) {
    switch (node.param.name) {
      case 'virtual_server':
        found.set(node, before);
        break;
      case 'track_file':
      case 'vrrp_track_file':
        before = { ...before, trackFiles: new Set([...before.trackFiles, nameOf(node)]) };
        break;
      case 'bfd_instance':
        before = { ...before, bfdInstances: new Set([...before.bfdInstances, nameOf(node)]) };
    }
  }
  return found;
}

function nameOf(node: ConfigNode): string {
  return node.words[0]?.text ?? '';
}
