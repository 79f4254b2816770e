import type { Word } from '../../model/params.ts';
import type { Span } from '../../model/span.ts';
import type { ConfigNode, ConfigTree } from '../text/parser.ts';
import { type LineContent, writeLine } from './line.ts';

/** A configuration as text. */
export interface PrintedConfig {
  /** Each line ends with a line feed; empty for an empty configuration. */
  readonly text: string;
  /** Keywords that no text is read as: they are left out. */
  readonly unwritable: readonly Span[];
}

const indentation = '    ';
/** Keeps a line from keepalived, which would not know its keyword. */
const oursOnly = '@checkalived ';

/**
 * The one text of a configuration: what is read from it means the same, for keepalived too. A line for each keyword, four
 * blanks for each block around it, an empty line before and behind each block of the root.
 */
export function printConfig(tree: ConfigTree): PrintedConfig {
  const lines: string[] = [];
  const unwritable: Span[] = [];
  for (const [index, node] of tree.entries()) {
    const before = tree[index - 1];
    if (before !== undefined && lines.length > 0 && (hasBlock(before) || hasBlock(node))) lines.push('');
    writeNode(node, 0, '');
  }
  return { text: lines.map(line => `${line}\n`).join(''), unwritable };

  function writeNode(node: ConfigNode, depth: number, prefixAround: string): void {
    const prefix = node.param.ours === true ? oursOnly : prefixAround;
    const opens = hasBlock(node);
    const words = [node.param.name, ...headOf(node).map(word => word.text)];
    if (!writeWords({ words, source: node.source, opens }, node.keyword, depth, prefix) || !opens) return;
    for (const child of node.nodes) writeNode(child, depth + 1, prefix);
    for (const entry of node.entries) writeEntry(entry, depth + 1, prefix);
    if (node.skipped.length > 0) writeSkipped(node.skipped.slice(1), depth, prefix);
    else push('}', depth, prefix);
  }

  function writeEntry(entry: readonly Word[], depth: number, prefix: string): void {
    const [first] = entry;
    const words = entry.map(word => word.text);
    if (first !== undefined) writeWords({ words, source: null, opens: false }, first, depth, prefix);
  }

  /** What stands behind the opening brace; a brace that is missing at the end is put there. */
  function writeSkipped(statements: ConfigNode['skipped'], depth: number, prefix: string): void {
    let inner = 1;
    let opened = false;
    for (const [index, { kind, words, source }] of statements.entries()) {
      const [first] = words;
      if (kind === 'close') push('}', depth + --inner, prefix);
      else if (kind === 'open') {
        if (!opened) push('{', depth + inner, prefix);
        opened = false;
        inner++;
      } else if (first !== undefined) {
        const opens = statements[index + 1]?.kind === 'open';
        const content = { words: words.map(word => word.text), source, opens };
        opened = writeWords(content, first, depth + inner, prefix) && opens;
      }
    }
    while (inner > 0) push('}', depth + --inner, prefix);
  }

  function writeWords(content: LineContent, keyword: Word, depth: number, prefix: string): boolean {
    const text = writeLine(content);
    if (text === null) unwritable.push(keyword.span);
    else push(text, depth, prefix);
    return text !== null;
  }

  function push(text: string, depth: number, prefix: string): void {
    lines.push(`${prefix}${indentation.repeat(depth)}${text}`);
  }
}

function hasBlock({ param, skipped }: ConfigNode): boolean {
  return param.type.kind === 'block' || param.type.kind === 'list' || skipped.length > 0;
}

/** Where the brace is missing in a list block the words of the line are its entry. */
function headOf({ words, entries }: ConfigNode): readonly Word[] {
  return entries[0] === words ? [] : words;
}
