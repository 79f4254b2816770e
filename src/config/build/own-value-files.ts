import type { Config } from '../../model/config.ts';
import { trackDirectory } from '../../model/track-file.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { ConfigNode, ConfigTree } from '../text/node.ts';

/**
 * The FILE_CHECKs that read what we write ourselves, each with its complaint: one that ran would keep for ever what it
 * once said, so no check is made of it, in a configuration that is taken with its faults neither.
 */
export function findOwnValueReaders(
  tree: ConfigTree,
  { settings, trackFiles }: Pick<Config, 'settings' | 'trackFiles'>,
  diagnostics: Diagnostics,
): ReadonlySet<ConfigNode> {
  const readers = new Set<ConfigNode>();
  const directory = `${trackDirectory(settings)}/`.replace(/\/+/g, '/');
  const own = new Set(trackFiles.filter(({ path }) => path.replace(/\/+/g, '/').startsWith(directory)).map(nameOf));
  if (own.size === 0) return readers;
  const servers = childrenOf(tree, 'virtual_server').flatMap(({ nodes }) => childrenOf(nodes, 'real_server'));
  for (const check of servers.flatMap(({ nodes }) => childrenOf(nodes, 'FILE_CHECK'))) {
    const line = childrenOf(check.nodes, 'track_file').at(-1);
    const name = line?.words[0]?.text;
    if (line === undefined || name === undefined || !own.has(name)) continue;
    const message = `track_file ${name} is a value file that checkalived writes itself: its verdict would hold for ever.`;
    const advice = 'Begin every line of the block with @^checkalived: it is for keepalived.';
    diagnostics.report('own-value-file', line.keyword.span, message, advice);
    readers.add(check);
  }
  return readers;
}

function childrenOf(nodes: readonly ConfigNode[], name: string): readonly ConfigNode[] {
  return nodes.filter(({ param }) => param.name === name);
}

function nameOf({ name }: Config['trackFiles'][number]): string {
  return name;
}
