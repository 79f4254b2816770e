import type { Param, Params, Word } from '../../model/params.ts';
import type { Span } from '../../model/span.ts';
import type { Diagnostics } from '../diagnostics.ts';
import { cutWords, type Piece, type SourceLine, spanOf, splitBraces } from './lexer.ts';
import { isStrongRootBlock } from './recovery.ts';
import { reportUnknown } from './unknown.ts';

/** One keyword as it stands in the file, with its arguments and what is in its block. */
export interface ConfigNode {
  readonly param: Param;
  readonly keyword: Word;
  readonly words: readonly Word[];
  /** The whole logical line, for the words that are cut like a shell does it. */
  readonly source: SourceLine;
  /** Of a block with keywords. */
  readonly nodes: readonly ConfigNode[];
  /** Of a list block: one entry a line. */
  readonly entries: readonly (readonly Word[])[];
  /** Of a list block and of one that is read over: what stands in it, for whoever writes it again. */
  readonly body: readonly Statement[];
  /** The first error in the block, if there is one. */
  readonly fault: string | null;
}

/** A whole configuration, one node for each keyword of the root. */
export type ConfigTree = readonly ConfigNode[];

/** A brace, or the words between two braces or ends of lines. */
export interface Statement {
  readonly kind: Piece['kind'];
  readonly words: readonly Word[];
  readonly source: SourceLine;
}
interface Frame {
  readonly keyword: Word;
  readonly params: Params;
}

/** A node whose block is still being read. */
type Draft = { -readonly [Key in keyof ConfigNode]: ConfigNode[Key] };

/** Of the many nodes without a block. */
const none: readonly never[] = [];

/** Reads lines as keywords and blocks by their tables. Whatever stands there, the reader goes on with the next line. */
export function parse(lines: Iterable<SourceLine>, root: Params, diagnostics: Diagnostics): ConfigTree {
  const statements = lookAhead(lines);
  const names = new Map<Params, ReadonlyMap<string, Param>>();
  let nodes: readonly ConfigNode[] = [];
  while (statements.peek() !== undefined) nodes = nodes.concat(parseBody(root, []));
  return nodes;

  /** Reads up to the closing brace, to the end, or to a keyword that can only belong to a block further out. */
  function parseBody(params: Params, frames: readonly Frame[]): readonly ConfigNode[] {
    const found: ConfigNode[] = [];
    let inner = 0;
    for (let statement = statements.peek(); statement !== undefined; statement = statements.peek()) {
      if (statement.kind === 'close') {
        statements.skip();
        if (inner > 0) inner--;
        else if (frames.length > 0) return found.slice();
        else
          report(
            'extra-brace',
            statement,
            'This brace closes nothing.',
            'Remove it, or look for the { that it was meant for.',
          );
      } else if (statement.kind === 'open') {
        statements.skip();
        inner++;
        report(
          'unexpected-brace',
          statement,
          'No block begins here.',
          'Remove this brace and the } that belongs to it.',
        );
      } else {
        const [keyword, ...words] = statement.words;
        const param = keyword && lookUp(params, keyword.text);
        if (keyword === undefined) statements.skip();
        else if (param !== undefined) found.push(parseNode(param, keyword, words, statement, frames));
        else if (belongsFurtherOut(keyword, frames)) {
          reportMissingBrace(frames, keyword);
          return found.slice();
        } else parseUnknown(keyword, params, frames);
      }
    }
    if (frames.length > 0) reportMissingBrace(frames, null);
    return found.slice();
  }

  function parseNode(
    param: Param,
    keyword: Word,
    words: readonly Word[],
    { source }: Statement,
    frames: readonly Frame[],
  ): ConfigNode {
    statements.skip();
    const node: Draft = { param, keyword, words, source, nodes: none, entries: none, body: none, fault: null };
    switch (param.type.kind) {
      case 'block': {
        const frame: Frame = { keyword, params: param.type.params };
        const errors = diagnostics.errors().length;
        const body = openBlock(frame) ? parseBody(frame.params, [...frames, frame]) : [];
        node.nodes = body;
        node.fault = diagnostics.errors()[errors]?.message ?? null;
        return node;
      }
      case 'list':
        parseList(node);
        return node;
      case 'ignored':
        if (statements.peek()?.kind === 'open') node.body = skipBlock(frames);
        return node;
      default:
        if (statements.peek()?.kind === 'open') {
          report('unexpected-brace', statements.peek(), `${keyword.text} opens no block.`, 'Remove the braces.');
          skipBlock(frames);
        }
        return node;
    }
  }

  /** Steps over `{`. Without one, lines that can stand in the block are taken for it, as keepalived does. */
  function openBlock(frame: Frame): boolean {
    const statement = statements.peek();
    if (statement?.kind === 'open') {
      statements.skip();
      return true;
    }
    const { text, span } = frame.keyword;
    diagnostics.report(
      'missing-open-brace',
      span,
      `${text} lacks its opening brace.`,
      `Write ${text} ... { and } behind its lines.`,
    );
    const first = statement?.words[0]?.text;
    return first !== undefined && lookUp(frame.params, first) !== undefined;
  }

  function parseList(node: Draft): void {
    const { keyword, words } = node;
    if (statements.peek()?.kind !== 'open') {
      const advice = `Write ${keyword.text} { and } around its lines.`;
      diagnostics.report('missing-open-brace', keyword.span, `${keyword.text} lacks its opening brace.`, advice);
      node.entries = words.length > 0 ? [words] : none;
      return;
    }
    statements.skip();
    const body: Statement[] = [];
    let closed = false;
    for (let statement = statements.peek(); statement !== undefined && !closed; statement = statements.peek()) {
      if (statement.kind === 'text') {
        if (isStrongRootBlock(statement.words[0]?.text) && statements.peek(1)?.kind === 'open') break;
        body.push(statement);
      }
      statements.skip();
      closed = statement.kind === 'close';
    }
    node.body = body;
    node.entries = body.map(statement => statement.words);
    if (!closed) reportMissingBrace([{ keyword, params: [] }], null);
  }

  function parseUnknown(keyword: Word, params: Params, frames: readonly Frame[]): void {
    statements.skip();
    const block = statements.peek()?.kind === 'open';
    reportUnknown(
      keyword,
      block,
      params,
      frames.map(frame => frame.keyword.text),
      diagnostics,
    );
    if (block) skipBlock(frames);
  }

  /** Skips from an opening brace to its partner, or to where a root block surely begins. */
  function skipBlock(frames: readonly Frame[]): readonly Statement[] {
    const start = statements.peek();
    const skipped: Statement[] = [];
    let depth = 0;
    for (let statement = start; statement !== undefined; statement = statements.peek()) {
      if (statement.kind === 'open') depth++;
      if (
        statement.kind === 'text' &&
        statements.peek(1)?.kind === 'open' &&
        isStrongRootBlock(statement.words[0]?.text)
      )
        break;
      statements.skip();
      skipped.push(statement);
      if (statement.kind === 'close' && --depth === 0) return skipped;
    }
    if (start === undefined) return skipped;
    const message = `The block that begins here${frames.length > 0 ? ` in ${frames.at(-1)?.keyword.text}` : ''} is not closed.`;
    report('missing-brace', start, message, 'Write the } that is missing.');
    return skipped;
  }

  function belongsFurtherOut(keyword: Word, frames: readonly Frame[]): boolean {
    if (frames.length === 0 || statements.peek(1)?.kind !== 'open') return false;
    if (isStrongRootBlock(keyword.text)) return true;
    return frames.slice(0, -1).some(frame => lookUp(frame.params, keyword.text)?.type.kind === 'block');
  }

  function reportMissingBrace(frames: readonly Frame[], before: Word | null): void {
    const frame = frames.at(-1);
    if (frame === undefined) return;
    const { text, span } = frame.keyword;
    const where = before === null ? 'before the end of the file' : `before ${before.text} on line ${before.span.line}`;
    diagnostics.report('missing-brace', span, `The block ${text} is not closed.`, `Write its } ${where}.`);
  }

  function lookUp(params: Params, name: string): Param | undefined {
    let table = names.get(params);
    if (table === undefined) {
      table = new Map(params.map(param => [param.name, param]));
      names.set(params, table);
    }
    return table.get(name);
  }

  function report(
    code: 'extra-brace' | 'unexpected-brace' | 'missing-brace',
    statement: Statement | undefined,
    message: string,
    advice: string,
  ): void {
    if (statement !== undefined) diagnostics.report(code, statementSpan(statement), message, advice);
  }
}

/** Statements as they are needed; the parser looks at most two ahead. */
function lookAhead(lines: Iterable<SourceLine>): { peek(ahead?: 0 | 1): Statement | undefined; skip(): void } {
  const source = lines[Symbol.iterator]();
  const queue: Statement[] = [];
  let first = 0;
  return {
    peek: (ahead = 0) => {
      while (queue.length <= first + ahead) {
        const line = source.next();
        if (line.done === true) return undefined;
        if (first > 0) queue.splice(0, first);
        first = 0;
        for (const { kind, line: piece } of splitBraces(line.value))
          queue.push({ kind, source: piece, words: kind === 'text' ? cutWords(piece) : [] });
      }
      return queue[first + ahead];
    },
    skip: () => {
      first++;
    },
  };
}

function statementSpan({ source }: Statement): Span {
  return spanOf(source, 0, source.text.length);
}
