import type { Params } from '../../model/params.ts';
import type { Diagnostics } from '../diagnostics.ts';
import { rootLineRows } from '../keywords/root-lines.ts';
import type { ConfigTree } from '../text/node.ts';
import { readValues } from '../values/values.ts';

const judged: ReadonlySet<string> = new Set(rootLineRows.map(param => param.name));

/** Judges what stands at the root, is keepalived's alone and is no part of VRRP. */
export function judgeRootLines(tree: ConfigTree, root: Params, diagnostics: Diagnostics): void {
  const nodes = tree.filter(node => judged.has(node.param.name));
  const [first] = nodes;
  if (first !== undefined) readValues({ keyword: first.keyword, nodes }, root, diagnostics, () => false);
}
