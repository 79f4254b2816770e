import type { Params, Values } from '../../model/params.ts';
import type { Span } from '../../model/span.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { ConfigNode } from '../text/node.ts';
import { readValues } from '../values/values.ts';

/** The values of a block of VRRP: none of its faults concerns checking. */
export function readVrrpValues(node: ConfigNode, diagnostics: Diagnostics): Values {
  return readValues(node, paramsOf(node), diagnostics, () => false);
}

function paramsOf({ param }: ConfigNode): Params {
  if (param.type.kind !== 'block') throw new Error(`${param.name} is no block with keywords`);
  return param.type.params;
}

/** The name of a block; without one, or where it must not have more words, keepalived skips the block. */
export function readName(node: ConfigNode, words: 'one' | 'any', diagnostics: Diagnostics): string | null {
  const { param, keyword } = node;
  const [name, surplus] = node.words;
  if (name === undefined) {
    const message = `${param.name} lacks its name, and is left out.`;
    diagnostics.report('missing-argument', keyword.span, message, `Write ${param.name} NAME {.`);
    return null;
  }
  if (surplus === undefined) return name.text;
  const skipped = words === 'one';
  const message = skipped
    ? `${param.name} ${name.text} is left out: its name is one word.`
    : `${param.name} takes one word as its name; ${surplus.text} is ignored.`;
  const hint = `Write ${param.name} ${name.text} {, or put the name in quotation marks.`;
  const judgement = skipped ? ({ severity: 'warning', keepalived: true } as const) : {};
  diagnostics.report('surplus-words', surplus.span, message, hint, judgement);
  return skipped ? null : name.text;
}

/** The same where no two blocks may have one name: the second one is left out, as keepalived does. */
export function readNewName(
  node: ConfigNode,
  words: 'one' | 'any',
  findFirst: (name: string) => { readonly span: Span } | undefined,
  diagnostics: Diagnostics,
): string | null {
  const name = readName(node, words, diagnostics);
  const first = name === null ? undefined : findFirst(name);
  if (first === undefined) return name;
  const message = `${node.param.name} ${name} is left out: line ${first.span.line} has one of this name.`;
  diagnostics.report('repeated-name', node.words[0]?.span ?? node.keyword.span, message, 'Give each its own name.');
  return null;
}
