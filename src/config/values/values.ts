import type { Param, Params, Value, Values } from '../../model/params.ts';
import type { Span } from '../../model/span.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { ConfigNode } from '../text/parser.ts';
import { readValue } from './read-value.ts';

/** A block, or the part of one that is read together. */
export interface Block {
  readonly keyword: { readonly span: Span };
  readonly nodes: readonly ConfigNode[];
}

/**
 * The typed values of a block; bad ones are reported and left out. `isStrict` names the keywords whose faults make a
 * check another one than was written.
 */
export function readValues(
  block: Block,
  params: Params,
  diagnostics: Diagnostics,
  isStrict: (name: string) => boolean,
): Values {
  const found = new Map<string, Value[]>();
  for (const node of block.nodes) {
    const { param } = node;
    const { span } = node.keyword;
    const earlier = found.get(param.name) ?? [];
    if (param.repeat === 'first' && earlier.length > 0) {
      const advice = 'Remove one of the two; the first one is used.';
      diagnostics.report('repeated-keyword', span, `${param.name} stands here a second time.`, advice);
      continue;
    }
    if (param.repeat === 'replace' && earlier.length > 0) {
      const advice = 'Remove one of the two; this one is used.';
      diagnostics.report('repeated-keyword', span, `${param.name} stands here a second time.`, advice);
    }
    reportAge(node, diagnostics);
    const value =
      param.type.kind === 'block'
        ? readValues(node, param.type.params, diagnostics, isStrict)
        : readValue(node, { report: diagnostics.report, strict: isStrict(param.name) });
    if (value === undefined) continue;
    const valueSpan = node.words[0]?.span ?? span;
    found.set(param.name, [...(param.repeat === 'all' ? earlier : []), { param, value, span, valueSpan }]);
  }
  return makeValues(block.keyword.span, params, found);
}

function reportAge({ param, keyword }: ConfigNode, diagnostics: Diagnostics): void {
  if (param.since !== undefined && isNewer(param.since)) {
    const message = `keepalived before ${param.since} does not know ${param.name}.`;
    diagnostics.report(
      'newer-keyword',
      keyword.span,
      message,
      `Hide it from an older one: @checkalived ${param.name} ...`,
    );
  }
  if (param.deprecated === undefined) return;
  const judgement = param.tolerated ? { keepalived: false } : {};
  if (param.deprecated === '') {
    const message = `${param.name} has no meaning any more and is ignored.`;
    diagnostics.report('removed-keyword', keyword.span, message, 'Remove the line.', judgement);
  } else {
    const message = `${param.name} is an old name of ${param.deprecated}.`;
    diagnostics.report('deprecated-keyword', keyword.span, message, `Write ${param.deprecated}.`, judgement);
  }
}

/** Than keepalived 2.2.7, the one whose opinion diagnostics give. */
function isNewer(since: string): boolean {
  const [major = 0, minor = 0, patch = 0] = since.split('.').map(part => Number.parseInt(part, 10));
  return major * 10_000 + minor * 100 + patch > 20_207;
}

/** Values from what was read; asking for a name that is no row of the table is a bug and throws. */
function makeValues(span: Span, params: Params, found: ReadonlyMap<string, readonly Value[]>): Values {
  const names: ReadonlyMap<string, Param> = new Map(params.map(param => [param.name, param]));
  const valuesOf = (name: string): readonly Value[] => {
    if (!names.has(name)) throw new Error(`there is no keyword ${name} in this table`);
    return found.get(name) ?? [];
  };
  return {
    span,
    get: <T>(name: string) => valuesOf(name).at(-1)?.value as T | undefined,
    all: <T>(name: string) => valuesOf(name).map(value => value.value as T),
    spanOf: name => valuesOf(name).at(-1)?.span ?? span,
    has: name => valuesOf(name).length > 0,
  };
}
