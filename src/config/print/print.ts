import type { Param, Word } from '../../model/params.ts';
import type { Span } from '../../model/span.ts';
import { cutWords, type Piece, type SourceLine } from '../text/lexer.ts';
import type { ConfigNode, ConfigTree } from '../text/node.ts';
import { type LineContent, writeLine } from './line.ts';

/** A configuration as text. */
export interface PrintedConfig {
  /** Each line ends with a line feed; empty for an empty configuration. */
  readonly text: string;
  /** Keywords that no text is read as: they are left out. */
  readonly unwritable: readonly Span[];
}

/** Where a line stands. */
interface Place {
  readonly depth: number;
  /** keepalived skips the line. */
  readonly hidden: boolean;
}

const indentation = '    ';
const ownId = 'checkalived';

/**
 * The one text of a configuration: what is read from it means the same, for keepalived too. A line for each keyword, four
 * blanks for each block around it, an empty line before and behind each block of the root. What keepalived does not
 * know, or was hidden from it by `@checkalived`, stands behind that.
 */
export function printConfig(tree: ConfigTree): PrintedConfig {
  const lines: string[] = [];
  const unwritable: Span[] = [];
  for (const [index, node] of tree.entries()) {
    const before = tree[index - 1];
    if (before !== undefined && lines.length > 0 && (hasBlock(before) || hasBlock(node))) lines.push('');
    writeNode(node, { depth: 0, hidden: false });
  }
  return { text: lines.map(line => `${line}\n`).join(''), unwritable };

  function writeNode(node: ConfigNode, around: Place): void {
    const { param, source, keyword, nodes, entries, body } = node;
    const place = { ...around, hidden: around.hidden || param.ours === true || isHidden(source) };
    const opens = hasBlock(node);
    const head = headOf(node);
    const words = [param.name, ...textsOf(head ?? [])];
    const content = { words, source: head && source, opens, isCommand: isCommand(param) };
    if (!writeContent(content, keyword.span, place) || !opens) return;
    const within = { ...place, depth: place.depth + 1 };
    for (const child of nodes) writeNode(child, within);
    if (param.type.kind === 'ignored') {
      writeSkipped(body.slice(1), within);
      return;
    }
    if (body.length > 0) for (const statement of body) writeStatement(statement, false, within);
    else
      for (const entry of entries)
        writeContent({ words: textsOf(entry), source: null, opens: false, isCommand: false }, keyword.span, within);
    push('}', place);
  }

  /** What stands behind the opening brace; a brace that is missing at the end is put there. */
  function writeSkipped(statements: readonly Piece[], { depth, hidden }: Place): void {
    let inner = depth;
    let opened = false;
    for (const [index, statement] of statements.entries()) {
      if (statement.kind === 'close') push('}', { depth: --inner, hidden });
      else if (statement.kind === 'text')
        opened = writeStatement(statement, statements[index + 1]?.kind === 'open', { depth: inner, hidden });
      else {
        if (!opened) push('{', { depth: inner, hidden });
        opened = false;
        inner++;
      }
    }
    while (inner >= depth) push('}', { depth: --inner, hidden });
  }

  /** Whether it was written, with an opening brace behind it if there is to be one. */
  function writeStatement({ line }: Piece, opens: boolean, { depth, hidden }: Place): boolean {
    const words = cutWords(line);
    const [first] = words;
    const place = { depth, hidden: hidden || isHidden(line) };
    const content = { words: textsOf(words), source: line, opens, isCommand: false };
    return first === undefined || writeContent(content, first.span, place);
  }

  function writeContent(content: LineContent, span: Span, place: Place): boolean {
    const text = writeLine(content);
    if (text === null) unwritable.push(span);
    else push(text, place);
    return text !== null;
  }

  function push(text: string, { depth, hidden }: Place): void {
    lines.push(`${hidden ? `@${ownId} ` : ''}${indentation.repeat(depth)}${text}`);
  }
}

function hasBlock({ param, body }: ConfigNode): boolean {
  return param.type.kind === 'block' || param.type.kind === 'list' || body.length > 0;
}

/** null = there is none: the words are ignored, or are the entry of a list that lacks its brace. */
function headOf({ param, words, entries, body }: ConfigNode): readonly Word[] | null {
  if (param.type.kind !== 'list') return words;
  return param.type.head === undefined || (entries.length > 0 && body.length === 0) ? null : words;
}

function isCommand({ type }: Param): boolean {
  return type.kind === 'script' || type.kind === 'pattern';
}

function isHidden({ onlyFor }: SourceLine): boolean {
  return onlyFor === ownId;
}

function textsOf(words: readonly Word[]): readonly string[] {
  return words.map(word => word.text);
}
