import type { Span } from '../../model/span.ts';
import type { ConfigNode, ConfigTree } from '../text/node.ts';

/** Where a url block of a checker says what is fetched, and what must come back. */
export interface UrlPlace {
  readonly path: ConfigNode;
  /** The one that counts. */
  readonly digest: ConfigNode | null;
}
/** The place of a url by the keyword of its checker, its number among the urls there, and its path. */
export type UrlPlaces = (checker: Span, index: number, path: string) => UrlPlace | null;

/** Finds the url blocks of all checkers of a configuration. */
export function findUrlPlaces(tree: ConfigTree): UrlPlaces {
  // A checker out of a variable or a sequence stands at one place several times, with urls that may differ.
  const places = new Map<string, (UrlPlace | null)[][]>();
  visit(tree);
  return (checker, index, path) =>
    places
      .get(keyOf(checker))
      ?.map(urls => urls[index])
      .find(place => place?.path.words[0]?.text === path) ?? null;

  function visit(nodes: readonly ConfigNode[]): void {
    for (const node of nodes) {
      const urls = node.nodes.filter(({ param }) => param.name === 'url');
      if (urls.length === 0) visit(node.nodes);
      else {
        const key = keyOf(node.keyword.span);
        const same = places.get(key);
        if (same === undefined) places.set(key, [urls.map(placeOf)]);
        else same.push(urls.map(placeOf));
      }
    }
  }
}

function placeOf({ nodes }: ConfigNode): UrlPlace | null {
  const path = nodes.findLast(({ param }) => param.name === 'path');
  const digest = nodes.find(({ param }) => param.name === 'digest') ?? null;
  return path === undefined ? null : { path, digest };
}

function keyOf({ file, line, column }: Span): string {
  return `${file}\n${line}\n${column}`;
}
