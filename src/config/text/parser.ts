import type { Param, Params, Word } from '../../model/params.ts';
import type { Span } from '../../model/span.ts';
import type { Diagnostics } from '../diagnostics.ts';
import { cutWords, endOfWord, type Piece, type SourceLine, spanOf, splitBraces } from './lexer.ts';
import { type ConfigNode, type ConfigTree, firstWord, LineNode } from './node.ts';
import { indexParams } from './param-index.ts';
import { isStrongRootBlock } from './recovery.ts';
import { reportUnknown } from './unknown.ts';

/** Brace, or a line with a keyword. */
type Statement = Piece;
interface Frame {
  readonly node: ConfigNode;
  readonly params: Params;
}

/** Reads lines as keywords and blocks by their tables. Whatever stands there, the reader goes on with the next line. */
export function parse(lines: Iterable<SourceLine>, root: Params, diagnostics: Diagnostics): ConfigTree {
  const statements = lookAhead(lines);
  /** The blocks around what is being read, the innermost last. */
  const frames: Frame[] = [];
  let nodes: readonly ConfigNode[] = [];
  while (statements.peek() !== undefined) nodes = nodes.concat(parseBody(root));
  return nodes;

  /** Reads up to the closing brace, to the end, or to a keyword that can only belong to a block further out. */
  function parseBody(params: Params): readonly ConfigNode[] {
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
        const keyword = firstText(statement);
        const param = keyword === undefined ? undefined : indexParams(params).get(keyword);
        if (keyword === undefined) statements.skip();
        else if (param !== undefined) found.push(parseNode(param, statement.line));
        else if (belongsFurtherOut(keyword)) {
          reportMissingBrace(frames.at(-1), firstWord(statement.line));
          return found.slice();
        } else parseUnknown(firstWord(statement.line), params);
      }
    }
    if (frames.length > 0) reportMissingBrace(frames.at(-1), null);
    return found.slice();
  }

  function parseNode(param: Param, source: SourceLine): ConfigNode {
    statements.skip();
    const node = new LineNode(param, source);
    switch (param.type.kind) {
      case 'block': {
        const frame: Frame = { node, params: param.type.params };
        const errors = diagnostics.errors().length;
        if (openBlock(frame)) {
          frames.push(frame);
          node.nodes = parseBody(frame.params);
          frames.pop();
        }
        node.fault = diagnostics.errors()[errors]?.message ?? null;
        return node;
      }
      case 'list':
        parseList(node);
        return node;
      case 'ignored':
        if (statements.peek()?.kind === 'open') node.body = skipBlock();
        return node;
      default:
        if (statements.peek()?.kind === 'open') {
          report(
            'unexpected-brace',
            statements.peek(),
            `${param.name} opens no block.`,
            'Remove the braces, or put the words in quotation marks.',
          );
          skipBlock();
        }
        return node;
    }
  }

  /** Steps over `{`. Without one, lines that can stand in the block are taken for it, as keepalived does. */
  function openBlock({ node, params }: Frame): boolean {
    const statement = statements.peek();
    if (statement?.kind === 'open') {
      statements.skip();
      return true;
    }
    const { text, span } = node.keyword;
    diagnostics.report(
      'missing-open-brace',
      span,
      `${text} lacks its opening brace.`,
      `Write ${text} ... { and } behind its lines.`,
    );
    const first = firstText(statement);
    return first !== undefined && indexParams(params).get(first) !== undefined;
  }

  function parseList(node: LineNode): void {
    const { text, span } = node.keyword;
    if (statements.peek()?.kind !== 'open') {
      const advice = `Write ${text} { and } around its lines.`;
      diagnostics.report('missing-open-brace', span, `${text} lacks its opening brace.`, advice);
      if (node.words.length > 0) node.entries = [node.words];
      return;
    }
    const [surplus] = node.param.type.kind === 'list' && node.param.type.head === undefined ? node.words : [];
    if (surplus !== undefined) {
      const message = `${text} takes nothing before its brace; ${surplus.text} and what follows is ignored.`;
      diagnostics.report('surplus-words', surplus.span, message, `Write ${text} { and its lines behind it.`, {
        severity: 'warning',
        keepalived: true,
      });
    }
    statements.skip();
    const body: Statement[] = [];
    let depth = 1;
    for (let statement = statements.peek(); statement !== undefined && depth > 0; statement = statements.peek()) {
      if (statement.kind === 'open') {
        depth++;
        report('unexpected-brace', statement, 'No block begins here.', 'Remove this brace and its }.');
      }
      if (statement.kind === 'text') {
        if (isStrongRootBlock(firstText(statement)) && statements.peek(1)?.kind === 'open') break;
        body.push(statement);
      }
      statements.skip();
      if (statement.kind === 'close') depth--;
    }
    node.body = body;
    node.entries = body.map(statement => cutWords(statement.line));
    if (depth > 0) reportMissingBrace({ node, params: [] }, null);
  }

  function parseUnknown(keyword: Word, params: Params): void {
    statements.skip();
    const block = statements.peek()?.kind === 'open';
    reportUnknown(
      keyword,
      block,
      params,
      frames.map(frame => frame.node.param.name),
      root,
      diagnostics,
    );
    if (block) skipBlock();
  }

  /** Skips from an opening brace to its partner, or to where a root block surely begins. */
  function skipBlock(): readonly Statement[] {
    const start = statements.peek();
    const skipped: Statement[] = [];
    let depth = 0;
    for (let statement = start; statement !== undefined; statement = statements.peek()) {
      if (statement.kind === 'open') depth++;
      if (statement.kind === 'text' && statements.peek(1)?.kind === 'open' && isStrongRootBlock(firstText(statement)))
        break;
      statements.skip();
      skipped.push(statement);
      if (statement.kind === 'close' && --depth === 0) return skipped;
    }
    if (start === undefined) return skipped;
    const message = `The block that begins here${frames.length > 0 ? ` in ${frames.at(-1)?.node.param.name}` : ''} is not closed.`;
    report('missing-brace', start, message, 'Write the } that is missing.');
    return skipped;
  }

  function belongsFurtherOut(keyword: string): boolean {
    if (frames.length === 0 || statements.peek(1)?.kind !== 'open') return false;
    if (isStrongRootBlock(keyword)) return true;
    return frames.slice(0, -1).some(frame => indexParams(frame.params).get(keyword)?.type.kind === 'block');
  }

  function reportMissingBrace(frame: Frame | undefined, before: Word | null): void {
    if (frame === undefined) return;
    const { text, span } = frame.node.keyword;
    const where = before === null ? 'before the end of the file' : `before ${before.text} on line ${before.span.line}`;
    diagnostics.report('missing-brace', span, `The block ${text} is not closed.`, `Write its } ${where}.`);
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

/** This many are let pass before the queue is moved up. */
const passedStatements = 100;

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
        if (first === queue.length) {
          queue.length = 0;
          first = 0;
        } else if (first > passedStatements) {
          queue.splice(0, first);
          first = 0;
        }
        if (/[{}]/.test(line.value.text)) queue.push(...splitBraces(line.value));
        else queue.push({ kind: 'text', line: line.value });
      }
      return queue[first + ahead];
    },
    skip: () => {
      first++;
    },
  };
}

/** The text of the first word; undefined for a brace, and for a line without words. */
function firstText(statement: Statement | undefined): string | undefined {
  if (statement?.kind !== 'text') return undefined;
  const { text } = statement.line;
  const end = endOfWord(text, 0);
  return end > 0 ? text.slice(0, end) : cutWords(statement.line)[0]?.text;
}

function statementSpan({ line }: Statement): Span {
  return spanOf(line, 0, line.text.length);
}
