import { channels } from '../../alerts/index.ts';
import { checkers } from '../../checks/index.ts';
import { describeArguments, type Mark } from '../../src/config/keywords/describe.ts';
import { createTables } from '../../src/config/keywords/tables.ts';
import type { Param, Params } from '../../src/model/params.ts';
import { heading, type KeywordEntry, type Part, paragraph } from './document.ts';

/** A block of the language and the rows of its table. */
export interface Block {
  /** Its keyword; with that of the block around it where several blocks have one of this name. */
  readonly title: string;
  /** Where it stands, from the root; empty for the root itself. */
  readonly path: readonly string[];
  readonly doc: string;
  readonly params: Params;
  /** The whole block is keepalived's business. */
  readonly keepalivedOnly: boolean;
}

export interface Chapter {
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** Which blocks of the root stand in which chapter, in this order; what is in none of them comes last. */
const chapters: readonly { readonly title: string; readonly blocks: readonly string[] }[] = [
  {
    title: 'Blocks: checking',
    blocks: ['', 'global_defs', 'virtual_server_group', 'virtual_server', 'SSL', 'track_file', 'vrrp_track_file'],
  },
  { title: 'Blocks: settings of checkalived', blocks: ['checkalived'] },
  {
    title: 'Blocks: VRRP and the rest of keepalived',
    blocks: ['vrrp_instance', 'vrrp_sync_group', 'vrrp_script', 'vrrp_track_process', 'bfd_instance'],
  },
];
const lastChapter = 'Blocks: VRRP and the rest of keepalived';

/** Every block of the language, checking first, blocks within blocks included, each after the one that holds it. */
export function listChapters(): readonly Chapter[] {
  const { root } = createTables(checkers, channels);
  const found = collectBlocks({
    name: '',
    doc: 'Keywords outside of every block.',
    params: root,
    over: [],
    only: false,
  });
  const blocks = nameBlocks(found).map(tellUnsupported);
  const known = chapters.flatMap(chapter => chapter.blocks);
  const filled = chapters.map(({ title, blocks: names }) => ({
    title,
    blocks: [
      ...names.flatMap(name => blocks.filter(block => (block.path[0] ?? '') === name)),
      ...(title === lastChapter ? blocks.filter(block => !known.includes(block.path[0] ?? '')) : []),
    ],
  }));
  return filled.filter(chapter => chapter.blocks.length > 0);
}

/** keepalived's checkers that are not here are words of real_server all the same. */
function tellUnsupported(block: Block): Block {
  const [keyword = '', over = ''] = [...block.path].reverse();
  const isUnsupported = (name: string): boolean =>
    /^[A-Z]+_/.test(name) && !checkers.some(checker => checker.keyword === name);
  if (over === 'real_server' && isUnsupported(keyword))
    return { ...block, doc: `${block.doc} Not supported: a real server that asks for it is an error.` };
  const names = block.params.map(({ name }) => name).filter(isUnsupported);
  if (keyword !== 'real_server' || names.length === 0) return block;
  return { ...block, doc: `${block.doc} Not supported, and an error: ${names.map(mark).join(', ')}.` };
}

/** Every chapter with its blocks and their keywords. */
export function describeChapters(): readonly Part[] {
  return listChapters().flatMap(({ title, blocks }) => [heading(1, title), ...blocks.flatMap(describeBlock)]);
}

interface Found {
  readonly name: string;
  readonly doc: string;
  readonly params: Params;
  readonly over: readonly string[];
  readonly only: boolean;
}

function collectBlocks(found: Found): readonly Found[] {
  const { name, params, over, only } = found;
  const path = name === '' ? [] : [...over, name];
  const inner = params.flatMap(param => {
    if (param.type.kind !== 'block') return [];
    const { params: rows } = param.type;
    return collectBlocks({
      name: param.name,
      doc: param.doc,
      params: rows,
      over: path,
      only: only || param.keepalivedOnly === true,
    });
  });
  return [found, ...inner];
}

function nameBlocks(found: readonly Found[]): readonly Block[] {
  return found.map(({ name, doc, params, over, only }) => {
    const alone = found.filter(other => other.name === name).length === 1;
    const title = name === '' ? 'Root of the file' : alone ? name : `${over.at(-1)}: ${name}`;
    return { title, path: name === '' ? [] : [...over, name], doc, params, keepalivedOnly: only };
  });
}

function describeBlock({ title, path, doc, params, keepalivedOnly }: Block): readonly Part[] {
  const over = path.slice(0, -1).map(mark).join(', ');
  const place = over === '' ? doc : `Inside ${over}. ${doc}`;
  const read = params.filter(param => param.type.kind !== 'ignored' || param.deprecated !== undefined);
  const passed = params.filter(param => !read.includes(param));
  const others = keepalivedOnly ? read : read.filter(param => param.keepalivedOnly);
  const used = read.filter(param => !others.includes(param));
  const lead = keepalivedOnly
    ? 'keepalived alone acts on this block; checkalived reads and judges it:'
    : 'keepalived alone acts on these; checkalived reads and judges them:';
  return [
    heading(2, title),
    paragraph(place),
    ...listEntries(used),
    ...(others.length > 0 ? [paragraph(lead), ...listEntries(others)] : []),
    ...[...groupByDoc(passed)].map(([text, names]) => paragraph(`Accepted and not used: ${names}. ${text}`)),
  ];
}

function listEntries(params: Params): readonly Part[] {
  return params.length === 0 ? [] : [{ kind: 'keywords', entries: params.map(describeParam) }];
}

function describeParam(param: Param): KeywordEntry {
  return {
    name: param.name,
    arguments: describeArguments(param, mark),
    default: param.default ?? '',
    since: param.since ?? '',
    meaning: describeMeaning(param),
  };
}

function describeMeaning({ doc, ours, required, repeat, deprecated }: Param): string {
  const notes = [
    doc,
    ours ? '*Ours.*' : '',
    required ? 'Mandatory.' : '',
    repeats[repeat ?? 'last'] ?? '',
    deprecated ? `Write ${mark(deprecated)} instead.` : '',
  ];
  return notes.filter(note => note !== '').join(' ');
}

/** What is to be said where a keyword may stand twice, and the last one does not count silently. */
const repeats: Readonly<Record<string, string>> = {
  first: 'The first one counts.',
  replace: 'The last one counts, a second one is reported.',
  all: 'May stand several times.',
};

function groupByDoc(params: Params): ReadonlyMap<string, string> {
  const groups = new Map<string, string>();
  for (const { name, doc } of params) {
    const before = groups.get(doc);
    groups.set(doc, before === undefined ? mark(name) : `${before}, ${mark(name)}`);
  }
  return groups;
}

const mark: Mark = text => `\`${text}\``;
