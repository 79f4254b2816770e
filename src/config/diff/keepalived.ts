import { printConfig } from '../print/print.ts';
import type { ConfigNode, ConfigTree } from '../text/node.ts';
import { type Change, matchByName, nothing } from './change.ts';

/**
 * A change for each keyword that keepalived alone acts on and that differs, wherever it stands: it is no part of the
 * model. `compared` = keywords of the root whose blocks are told otherwise.
 */
export function diffKeepalivedKeywords(
  before: ConfigTree,
  after: ConfigTree,
  compared: ReadonlySet<string>,
): readonly Change[] {
  const [old, now] = [before, after].map(tree => collect(tree.filter(({ param }) => !compared.has(param.name))));
  return matchByName(old ?? [], now ?? [], ({ name }) => name).flatMap(([from, to]) => {
    const what = (to ?? from)?.name ?? '';
    if (from === null) return [tellOfKeepalived('added', what)];
    if (to === null) return [tellOfKeepalived('removed', what)];
    return from.text === to.text ? [] : [tellOfKeepalived('changed', what)];
  });
}

/** keepalived acts on it, so neither its parts nor its values are told. */
export function tellOfKeepalived(
  change: Change['change'],
  what: string,
  effect = 'checkalived does not act on it',
): Change {
  return { change, ...nothing, what, from: null, to: null, effect, takesEffect: 'never' };
}

interface Passage {
  /** Blocks around it, and its keyword. */
  readonly name: string;
  /** All that is said by this name, in one form. */
  readonly text: string;
}

function collect(tree: ConfigTree): readonly Passage[] {
  const texts = new Map<string, string>();
  visit(tree, '');
  return [...texts].map(([name, text]) => ({ name, text }));

  function visit(nodes: readonly ConfigNode[], around: string): void {
    for (const node of nodes) {
      const { param, words } = node;
      const name = `${around}${param.name}`;
      if (param.keepalivedOnly === true) texts.set(name, `${texts.get(name) ?? ''}${printConfig([node]).text}`);
      else if (node.nodes.length > 0) visit(node.nodes, `${[name, ...words.map(({ text }) => text)].join(' ')} `);
    }
  }
}
