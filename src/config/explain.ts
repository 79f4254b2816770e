import type { Param, Params, ParamType } from '../model/params.ts';
import { describeArguments } from './keywords/describe.ts';
import type { KeywordTables } from './keywords/tables.ts';
import { findNearest } from './nearest.ts';

/** A keyword with one meaning, and every block in which it has it. */
export interface Explanation {
  readonly keyword: string;
  /** Paths of blocks from the root, such as `virtual_server > real_server`; `root` is the root of the file. */
  readonly blocks: readonly string[];
  /** One sentence. */
  readonly doc: string;
  /** What stands behind it; empty for nothing. */
  readonly arguments: string;
  /** Bounds of a number. */
  readonly range: { readonly min: number; readonly max: number } | null;
  readonly unit: 'seconds' | 'milliseconds' | null;
  /** The words that it may be, if they are few. */
  readonly choices: readonly string[] | null;
  readonly default: string | null;
  /** Where a value comes from when it is left out, the nearest first. */
  readonly inherits: readonly string[];
  readonly required: boolean;
  readonly repeat: NonNullable<Param['repeat']>;
  /** keepalived version that brought it. */
  readonly since: string | null;
  /** What to write instead; empty for a keyword that has no meaning any more, null for one that has. */
  readonly deprecated: string | null;
  /**
   * `ours`: keepalived does not know it. `keepalived`: checkalived reads it and does not act on it. `unsupported`: the
   * same, of a checker, and a real server that uses it is an error.
   */
  readonly actor: 'both' | 'ours' | 'keepalived' | 'unsupported';
}

export type ExplainAnswer =
  | { readonly kind: 'found'; readonly explanations: readonly Explanation[] }
  /** It is no keyword: `section` of the reference has it. */
  | { readonly kind: 'language'; readonly section: string }
  /** `nearest`: names that may have been meant. */
  | { readonly kind: 'no-keyword'; readonly nearest: readonly string[] }
  | { readonly kind: 'no-block'; readonly nearest: readonly string[] }
  /** The keyword stands elsewhere, in these blocks. */
  | { readonly kind: 'other-block'; readonly blocks: readonly string[] };

/** What a block within a virtual_server takes from those around it (src/config/build/checks.ts, real-server.ts). */
const inherited: ReadonlySet<string> = new Set(
  'delay_loop schedule warmup retry rise delay_before_retry connect_timeout alpha virtualhost'.split(' '),
);
/** The same, of real servers alone. */
const inheritedByServers: ReadonlySet<string> = new Set(['weight', 'lvs_method', 'inhibit_on_failure']);
/** What is done away with before keywords are looked at, and where scripts/docs/prose/language.md tells of it. */
const language: readonly { readonly form: RegExp; readonly section: string }[] = [
  { form: /^include[rmwba]?$/, section: 'Files that are included' },
  { form: /^\$/, section: 'Variables' },
  { form: /^@/, section: 'Conditions' },
  { form: /^~/, section: 'Sequences' },
];
const rootName = 'root';
const arrow = ' > ';

/** What the tables say about a keyword; `block` is the name of a block, or its path. */
export function explainKeyword(tables: KeywordTables, keyword: string, block: string | null): ExplainAnswer {
  const directive = language.find(({ form }) => form.test(keyword));
  if (directive !== undefined) return { kind: 'language', section: directive.section };
  const places = listPlaces(tables.root, []);
  const names = [...new Set(places.map(({ param }) => param.name))];
  const found = places.filter(({ param }) => param.name === keyword);
  if (found.length === 0) return { kind: 'no-keyword', nearest: listNearest(keyword, names) };
  const tell = (asked: readonly Place[]): ExplainAnswer => ({ kind: 'found', explanations: joinSame(asked, tables) });
  if (block === null) return tell(found);
  const blocks = [rootName, ...places.filter(isBlock).map(({ param }) => param.name)];
  const asked = found.filter(({ path }) => isIn(path, block));
  if (asked.length > 0) return tell(asked);
  if (!places.some(({ path }) => isIn(path, block)))
    return { kind: 'no-block', nearest: listNearest(block, [...new Set(blocks)]) };
  return { kind: 'other-block', blocks: [...new Set(found.map(({ path }) => nameOf(path)))] };
}

/** A row of a table, and the blocks around it with their rows. */
interface Place {
  readonly param: Param;
  readonly path: readonly Level[];
}
interface Level {
  readonly name: string;
  readonly params: Params;
}

function listPlaces(params: Params, path: readonly Level[]): readonly Place[] {
  return params.flatMap(param => {
    const inner = param.type.kind === 'block' ? param.type.params : [];
    return [{ param, path }, ...listPlaces(inner, [...path, { name: param.name, params: inner }])];
  });
}

function isBlock({ param }: Place): boolean {
  return param.type.kind === 'block' || param.type.kind === 'list';
}

function isIn(path: readonly Level[], block: string): boolean {
  return path.at(-1)?.name === block || nameOf(path) === block;
}

function nameOf(path: readonly Level[]): string {
  return path.length === 0 ? rootName : path.map(level => level.name).join(arrow);
}

/** Rows that say the same are told once, with all of their blocks. */
function joinSame(places: readonly Place[], tables: KeywordTables): readonly Explanation[] {
  const joined = new Map<string, Explanation>();
  for (const place of places) {
    const { blocks, ...rest } = explain(place, tables);
    const key = JSON.stringify(rest);
    joined.set(key, { ...rest, blocks: [...(joined.get(key)?.blocks ?? []), ...blocks] });
  }
  return [...joined.values()];
}

function explain({ param, path }: Place, tables: KeywordTables): Explanation {
  const { name, type, doc, required = false, repeat = 'last' } = param;
  return {
    keyword: name,
    blocks: [nameOf(path)],
    doc,
    arguments: describeArguments(param),
    ...measure(type),
    choices: type.kind === 'choice' ? type.of : null,
    default: param.default ?? null,
    inherits: listHeirs(name, path),
    required,
    repeat,
    since: param.since ?? null,
    deprecated: param.deprecated ?? null,
    actor: [...path, param].some(level => tables.refused.has(level.name)) ? 'unsupported' : whoActs(param),
  };
}

function whoActs({ type, ours, keepalivedOnly, deprecated }: Param): Explanation['actor'] {
  if (ours === true) return 'ours';
  const isReadOver = type.kind === 'ignored' && deprecated === undefined;
  return isReadOver || keepalivedOnly === true ? 'keepalived' : 'both';
}

function measure(type: ParamType): Pick<Explanation, 'range' | 'unit'> {
  switch (type.kind) {
    case 'int':
    case 'weight':
      return { range: { min: type.min, max: type.max }, unit: null };
    case 'timer':
      return {
        range: { min: type.min, max: type.max },
        unit: type.unit === 'ms' ? 'milliseconds' : 'seconds',
      };
    case 'port':
      return { range: { min: 1, max: 65_535 }, unit: null };
    default:
      return { range: null, unit: null };
  }
}

/** The blocks around that have the same keyword, from the inside to the outside. */
function listHeirs(name: string, path: readonly Level[]): readonly string[] {
  // The block host of SMTP_CHECK refuses all others.
  if (path.at(-1)?.name === 'host' && name !== 'connect_timeout') return [];
  const isServer = path.at(-1)?.name === 'real_server';
  if (!inherited.has(name) && !(isServer && inheritedByServers.has(name))) return [];
  return path
    .slice(0, -1)
    .filter(({ params }) => params.some(param => param.name === name))
    .map(level => level.name)
    .reverse();
}

/** Those that are spelt alike, then those that hold the word. */
function listNearest(word: string, names: readonly string[]): readonly string[] {
  const like = findNearest(word, names);
  const holding = word.length < 3 ? [] : names.filter(name => name.toLowerCase().includes(word.toLowerCase()));
  return [...new Set([...(like === null ? [] : [like]), ...holding])].slice(0, 8);
}
