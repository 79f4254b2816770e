import type { Config } from '../../model/config.ts';
import { trackDirectory } from '../../model/track-file.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { ConfigNode, ConfigTree } from '../text/node.ts';

/** A FILE_CHECK of ours that reads a value file of ours would keep for ever what it once wrote. */
export function judgeOwnValueFiles(
  tree: ConfigTree,
  { settings, trackFiles }: Pick<Config, 'settings' | 'trackFiles'>,
  diagnostics: Diagnostics,
): void {
  const directory = `${trackDirectory(settings)}/`.replace(/\/+/g, '/');
  const own = new Set(trackFiles.filter(({ path }) => path.replace(/\/+/g, '/').startsWith(directory)).map(nameOf));
  if (own.size === 0) return;
  const servers = childrenOf(tree, 'virtual_server').flatMap(({ nodes }) => childrenOf(nodes, 'real_server'));
  for (const check of servers.flatMap(({ nodes }) => childrenOf(nodes, 'FILE_CHECK'))) {
    const line = childrenOf(check.nodes, 'track_file').at(-1);
    const name = line?.words[0]?.text;
    if (line === undefined || name === undefined || !own.has(name)) continue;
    const message = `track_file ${name} is a value file that checkalived writes itself: its verdict would hold for ever.`;
    const advice = 'Begin every line of the block with @^checkalived: it is for keepalived.';
    diagnostics.report('own-value-file', line.keyword.span, message, advice);
  }
}

function childrenOf(nodes: readonly ConfigNode[], name: string): readonly ConfigNode[] {
  return nodes.filter(({ param }) => param.name === name);
}

function nameOf({ name }: Config['trackFiles'][number]): string {
  return name;
}
