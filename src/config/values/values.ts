import type { NamedValue, Param, Params, Value, Values } from '../../model/params.ts';
import type { Span } from '../../model/span.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { ConfigNode } from '../text/node.ts';
import { indexParams } from '../text/param-index.ts';
import type { ReadContext } from './read-context.ts';
import { readValue } from './read-value.ts';

/** A block, or the part of one that is read together. */
export interface Block {
  readonly keyword: { readonly span: Span };
  readonly nodes: readonly ConfigNode[];
}

/**
 * The typed values of a block; bad ones are reported and left out. `isStrict` names the keywords whose faults make a
 * check another one than was written. The blocks in it are read too, unless `inner` leaves them to somebody else.
 */
export function readValues(
  block: Block,
  params: Params,
  diagnostics: Diagnostics,
  isStrict: (name: string) => boolean,
  inner: 'with blocks' | 'without blocks' = 'with blocks',
): Values {
  const found: Value[] = [];
  const strict: ReadContext = { report: diagnostics.report, strict: true };
  const lax: ReadContext = { report: diagnostics.report, strict: false };
  for (const node of block.nodes) {
    const { param } = node;
    if (inner === 'without blocks' && param.type.kind === 'block') continue;
    if (param.repeat === 'first' && found.some(value => value.param.name === param.name)) {
      const advice = 'Remove one of the two; the first one is used.';
      diagnostics.report('repeated-keyword', node.keyword.span, `${param.name} stands here a second time.`, advice);
      continue;
    }
    // Of a keyword of keepalived the last may win in silence, as it does there.
    const replaces = param.repeat === 'replace' || (param.repeat === undefined && param.ours === true);
    if (replaces && found.some(value => value.param.name === param.name)) {
      const advice = 'Remove one of the two; this one is used.';
      const message = `${param.name} stands here a second time.`;
      // keepalived 2.2.7 replaces a pattern without a complaint.
      const keepalived = param.ours !== true && param.type.kind !== 'pattern';
      diagnostics.report('repeated-keyword', node.keyword.span, message, advice, { keepalived });
    }
    reportAge(node, diagnostics);
    const value =
      param.type.kind === 'block'
        ? readValues(node, param.type.params, diagnostics, isStrict)
        : readValue(node, isStrict(param.name) ? strict : lax);
    if (value !== undefined) found.push({ param, value, node });
  }
  return new BlockValues(block, params, found);
}

function reportAge(node: ConfigNode, diagnostics: Diagnostics): void {
  const { param } = node;
  if (param.since !== undefined && isNewer(param.since)) {
    const message = `keepalived before ${param.since} does not know ${param.name}.`;
    diagnostics.report(
      'newer-keyword',
      node.keyword.span,
      message,
      `Hide it from an older one: @checkalived ${param.name} ...`,
    );
  }
  if (param.deprecated === undefined) return;
  const judgement = param.tolerated ? { keepalived: false } : {};
  if (param.deprecated === '') {
    const message = `${param.name} has no meaning any more and is ignored.`;
    diagnostics.report('removed-keyword', node.keyword.span, message, 'Remove the line.', judgement);
  } else {
    const message = `${param.name} is an old name of ${param.deprecated}.`;
    diagnostics.report('deprecated-keyword', node.keyword.span, message, `Write ${param.deprecated}.`, judgement);
  }
}

const newer = new Map<string, boolean>();

/** Than keepalived 2.2.7, the one whose opinion diagnostics give. */
function isNewer(since: string): boolean {
  const known = newer.get(since);
  if (known !== undefined) return known;
  const [major = 0, minor = 0, patch = 0] = since.split('.').map(part => Number.parseInt(part, 10));
  const answer = major * 10_000 + minor * 100 + patch > 20_207;
  newer.set(since, answer);
  return answer;
}

/** Values from what was read; asking for a name that is no row of the table is a bug and throws. */
class BlockValues implements Values {
  readonly #block: Block;
  readonly #rows: ReadonlyMap<string, Param>;
  readonly #found: readonly Value[];

  constructor(block: Block, params: Params, found: readonly Value[]) {
    this.#block = block;
    this.#rows = indexParams(params);
    this.#found = found;
  }

  get span(): Span {
    return this.#block.keyword.span;
  }

  get<T>(name: string): T | undefined {
    return this.#last(name)?.value as T | undefined;
  }

  all<T>(name: string): readonly T[] {
    const last = this.#last(name);
    if (last === undefined) return [];
    const kept = last.param.repeat === 'all' ? this.#found.filter(value => value.param.name === name) : [last];
    return kept.map(({ value }) => value as T);
  }

  inOrder(names: readonly string[]): readonly NamedValue[] {
    return this.#found
      .filter(({ param }) => names.includes(param.name))
      .map(({ param, value, node }) => ({ name: param.name, value, span: node.keyword.span }));
  }

  spanOf(name: string): Span {
    return this.#last(name)?.node.keyword.span ?? this.span;
  }

  has(name: string): boolean {
    return this.#last(name) !== undefined;
  }

  #last(name: string): Value | undefined {
    if (!this.#rows.has(name)) throw new Error(`there is no keyword ${name} in this table`);
    for (let index = this.#found.length - 1; index >= 0; index--) {
      const value = this.#found[index];
      if (value?.param.name === name) return value;
    }
    return undefined;
  }
}
