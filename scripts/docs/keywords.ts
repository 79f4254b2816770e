import { checkers } from '../../checks/index.ts';
import { createTables } from '../../src/config/keywords/tables.ts';
import type { Checker } from '../../src/model/check.ts';
import type { Param, Params, ParamType } from '../../src/model/params.ts';
import { code, formatTable, pageHead } from './markdown.ts';

/** A block of the reference and the rows of its table. */
interface Section {
  readonly title: string;
  readonly text: string;
  readonly params: Params;
}

/** docs/reference/keywords.md: every keyword of every block, from the tables that the reader itself uses. */
export function writeKeywords(): string {
  const head = `${pageHead('Keywords', 'the keyword tables in src/config and checks')}
Every keyword that checkalived reads in a keepalived.conf, block by block. *Ours* marks what keepalived does not know:
in a file that keepalived reads too, write it on a line that begins with \`@checkalived\`. Where a keyword may stand in
several blocks the innermost wins: checker, real_server, virtual_server. Of a keyword that stands twice the last counts,
unless the table says otherwise. \`SECONDS\` take up to six decimals, \`[BOOL]\` is one of true, on, yes, false, off, no, and
means true when it is left out.
`;
  return [head, ...listSections().map(writeSection)].join('\n');
}

/** Every block with its rows, blocks within blocks included, each after the one that holds it. */
export function listSections(): readonly Section[] {
  const { root, checkers: checkerTables, realServer, toCome } = createTables(checkers);
  const inCheckers = checkers.flatMap(checker => {
    const params = withDefaults(checker, checkerTables.get(checker.keyword) ?? []);
    return nested(checker.keyword, `Inside real_server. ${checker.doc}`, params);
  });
  const roots = root.flatMap(param => {
    if (param.type.kind !== 'block') return [];
    return [{ title: param.name, text: param.doc, params: param.type.params }];
  });
  return [
    { title: 'Root of the file', text: 'Blocks that are read, and those that are read over.', params: root },
    ...roots,
    {
      title: 'real_server',
      text: `Inside virtual_server. Not supported yet, and an error: ${[...toCome.keys()].join(', ')}.`,
      params: realServer,
    },
    ...inCheckers,
    ...[...toCome.values()].flatMap(({ keyword, doc, params }) =>
      nested(keyword, `Inside real_server, and not supported yet. ${doc}`, params),
    ),
  ];
}

/** The keyword tables are the same for all checkers; what a checker does when nothing is written is its own. */
function withDefaults({ defaultRetry, defaultDelayBeforeRetry }: Checker, params: Params): Params {
  const defaults: Readonly<Record<string, number>> = {
    retry: defaultRetry,
    delay_before_retry: defaultDelayBeforeRetry / 1000,
  };
  return params.map(param => {
    const value = defaults[param.name];
    return value === undefined ? param : { ...param, default: `of the real server, else ${value}` };
  });
}

/** The block and the blocks within it. */
function nested(title: string, text: string, params: Params): Section[] {
  const inner = params.flatMap(param =>
    param.type.kind === 'block' ? nested(`${title}: ${param.name}`, param.doc, param.type.params) : [],
  );
  return [{ title, text, params }, ...inner];
}

function writeSection({ title, text, params }: Section): string {
  const read = params.filter(param => param.type.kind !== 'ignored' || param.deprecated !== undefined);
  const over = params.filter(param => !read.includes(param));
  const parts = [`## ${title}\n`, `${text}\n`];
  if (read.length > 0) {
    const rows = read.map(param => [
      code(param.name),
      heads[param.name] ?? describeType(param.type),
      param.default ?? '',
      describeParam(param),
    ]);
    parts.push(formatTable(['Keyword', 'Arguments', 'Default', 'Meaning'], rows));
  }
  for (const [doc, names] of groupByDoc(over)) parts.push(`Accepted and not used: ${names}. ${doc}\n`);
  return parts.join('\n');
}

/** Where the words before the brace are more than a type says. */
const heads: Readonly<Record<string, string>> = {
  virtual_server: `${code('IP [PORT]')}, ${code('fwmark N')} or ${code('group NAME')}, ${code('{ ... }')}`,
  virtual_server_group: `${code('NAME { ... }')}, in it lines ${code('IP[-LAST|/MASK] [PORT]')} and ${code('fwmark N [inet|inet6]')}`,
};

function groupByDoc(params: Params): ReadonlyMap<string, string> {
  const groups = new Map<string, string>();
  for (const { name, doc } of params) {
    const before = groups.get(doc);
    groups.set(doc, before === undefined ? code(name) : `${before}, ${code(name)}`);
  }
  return groups;
}

function describeParam({ doc, ours, keepalivedOnly, required, repeat, deprecated, since }: Param): string {
  const notes = [
    doc,
    ours ? '*Ours.*' : '',
    keepalivedOnly ? '*Without effect here.*' : '',
    required ? 'Mandatory.' : '',
    repeat === 'first' ? 'The first one counts.' : '',
    repeat === 'all' ? 'May stand several times.' : '',
    deprecated ? `Write ${code(deprecated)} instead.` : '',
    since ? `keepalived ${since} and newer.` : '',
  ];
  return notes.filter(note => note !== '').join(' ');
}

function describeType(type: ParamType): string {
  switch (type.kind) {
    case 'flag':
    case 'ignored':
      return '';
    case 'bool':
      return code('[BOOL]');
    case 'int':
      return `${code(type.bare === undefined ? 'N' : '[N]')}, ${type.min} to ${type.max}`;
    case 'timer':
      return `${code(type.unit === 'ms' ? 'MILLISECONDS' : 'SECONDS')}, ${describeSpan(type.min, type.max)}`;
    case 'word':
      return code(type.bare === undefined ? 'WORD' : '[WORD]');
    case 'interface':
      return code('INTERFACE');
    case 'weight':
      return `${code('N [reverse|noreverse]')}, ${type.min} to ${type.max}`;
    case 'custom':
      return code(type.syntax);
    case 'words':
      return code('WORD ...');
    case 'choice':
      return `one of ${type.of.map(code).join(', ')}${type.anyCase ? ', in any case' : ''}`;
    case 'address':
      return code('IP');
    case 'port':
      return code('PORT');
    case 'endpoint':
      return code('IP [PORT]');
    case 'host-port':
      return code('HOST [PORT]');
    case 'script':
      return code(type.user ? 'COMMAND [USER [GROUP]]' : 'COMMAND');
    case 'pattern':
      return code('"PATTERN"');
    case 'user':
      return code('USER [GROUP]');
    case 'fifo':
      return code('PATH [USER [GROUP]]');
    case 'lb-kind':
      return `${code('NAT')}, ${code('DR')} or ${code('TUN [type ipip|gue|gre] [port N] [nocsum|csum|remcsum]')}`;
    case 'granularity':
      return 'netmask (IPv4) or prefix length (IPv6)';
    case 'status-codes':
      return `${code('N')} or ${code('N-M')}, several, 100 to 599`;
    case 'md5':
      return '32 hexadecimal digits';
    case 'secret':
      return `${code('WORD')}, never printed`;
    case 'cron':
      return `${code('"EXPRESSION"')}, five or six fields`;
    case 'list':
      return type.entry === undefined ? code('{ ... }') : `${code('{ ... }')}, in it lines ${code(type.entry.syntax)}`;
    case 'block':
      return type.head ? `${describeType(type.head)} ${code('{ ... }')}` : code('{ ... }');
  }
}

/** More seconds than there have been is no limit to speak of. */
function describeSpan(min: number, max: number): string {
  if (max > 1e10) return min === 0 ? '0 or more' : 'more than 0';
  return `${plainNumber(min)} to ${plainNumber(max)}`;
}

/** Never 1e-6. */
function plainNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(6).replace(/0+$/, '');
}
