import type { Plugin } from '../model/config.ts';
import { resolveBeside } from './file-reader.ts';
import type { ConfigTree } from './text/node.ts';

/** The plug-ins that the root blocks `checkalived { ... }` of a tree name, in the order of the file. */
export function findPlugins(tree: ConfigTree): readonly Plugin[] {
  return tree
    .filter(block => block.param.name === 'checkalived')
    .flatMap(block => block.nodes)
    .filter(node => node.param.name === 'plugin')
    .flatMap(({ words: [path] }) =>
      path === undefined ? [] : [{ path: resolveBeside(path.span.file, path.text), span: path.span }],
    );
}
