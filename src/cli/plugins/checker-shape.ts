import type { Checker } from '../../model/check.ts';
import type { ParamType } from '../../model/params.ts';

/** What is wrong with something that is to be a checker, each the end of a sentence. */
export function findShapeFaults(value: unknown): readonly string[] {
  if (!isRecord(value))
    return [`it exports ${value === undefined ? 'nothing' : describe(value)}, not a checker or a list of checkers`];
  const { keyword } = value;
  if (typeof keyword !== 'string' || !/^[A-Z][A-Z0-9_]*$/.test(keyword)) {
    return [`keyword is ${describe(keyword)}, not capital letters, digits and underscores such as REDIS_CHECK`];
  }
  const members = Object.entries(memberFaults).flatMap(([name, findFault]) => findFault(value[name]) ?? []);
  return [...members, ...findParamFaults(value['params'], 'params')].map(fault => `in ${keyword}, ${fault}`);
}

/** Each member by its own, but for `keyword` and `params`. */
type FindFault = (value: unknown) => string | null;
const memberFaults: Readonly<Record<Exclude<keyof Checker, 'keyword' | 'ours' | 'params' | 'begin'>, FindFault>> = {
  doc: value => (isText(value) ? null : `doc is ${describe(value)}, not a sentence`),
  defaultRetry: value =>
    Number.isInteger(value) && Number(value) >= 0 ? null : `defaultRetry is ${describe(value)}, not a whole number`,
  defaultDelayBeforeRetry: value =>
    value === 'delay_loop' || isSpan(value)
      ? null
      : `defaultDelayBeforeRetry is ${describe(value)}, not a number of milliseconds or 'delay_loop'`,
  immediate: value =>
    value === undefined || value === true ? null : `immediate is ${describe(value)}, not true or left out`,
  pace: value => (value === 'end' || value === 'start' ? null : `pace is ${describe(value)}, not 'end' or 'start'`),
  mail: value =>
    isRecord(value) && isText(value['up']) && isText(value['down']) ? null : 'mail lacks its texts up and down',
  plan: value => findFunctionFault('plan', value),
  check: value => findFunctionFault('check', value),
  longest: value => findFunctionFault('longest', value),
  watch: value => (value === undefined ? null : findFunctionFault('watch', value)),
  peer: value => (value === undefined ? null : findFunctionFault('peer', value)),
  solitary: value =>
    value === undefined || isText(value) ? null : `solitary is ${describe(value)}, not a reason or left out`,
};

/** Keywords of every checker; what they mean is not for a plug-in to say. */
const common: ReadonlySet<string> = new Set(
  'delay_loop schedule warmup retry rise delay_before_retry nb_get_retry alpha log_all_failures'.split(' '),
);

function findParamFaults(params: unknown, where: string, around = common): readonly string[] {
  if (!Array.isArray(params)) return [`${where} is ${describe(params)}, not a list of rows`];
  const names = new Set<string>();
  return params.flatMap((param: unknown, index) => {
    const row = `${where}[${index}]`;
    if (!isRecord(param)) return [`${row} is ${describe(param)}, not a row`];
    const { name, type, doc } = param;
    if (typeof name !== 'string' || !/^[a-z][a-z0-9_]*$/.test(name))
      return [`the name of ${row} is ${describe(name)}, not small letters, digits and underscores`];
    if (names.has(name)) return [`${where} has two rows ${name}`];
    names.add(name);
    if (around.has(name)) return [`${row} is ${name}, which every checker has already`];
    if (!isText(doc)) return [`the row ${name} of ${where} lacks doc, its sentence`];
    if (name === 'connect_timeout' && where === 'params' && !(isRecord(type) && type['kind'] === 'timer'))
      return ['connect_timeout is not of kind timer, as it is in all checkers'];
    return findTypeFaults(type, `the row ${name} of ${where}`);
  });
}

function findTypeFaults(type: unknown, where: string): readonly string[] {
  const kind = isRecord(type) ? type['kind'] : undefined;
  if (!isRecord(type) || typeof kind !== 'string' || !Object.hasOwn(kinds, kind))
    return [`${where} has the kind ${describe(kind)}, which is none of ${Object.keys(kinds).join(', ')}`];
  return kinds[kind as ParamType['kind']](type, where);
}

type FindFaults = (type: Readonly<Record<string, unknown>>, where: string) => readonly string[];
const nothing: FindFaults = () => [];
const range: FindFaults = ({ min, max }, where) =>
  typeof min === 'number' && typeof max === 'number' && min <= max ? [] : [`${where} lacks its numbers min and max`];

/** What each kind needs besides. */
const kinds: Readonly<Record<ParamType['kind'], FindFaults>> = {
  flag: nothing,
  bool: nothing,
  int: range,
  timer: range,
  word: nothing,
  interface: nothing,
  weight: range,
  words: nothing,
  choice: ({ of }, where) =>
    Array.isArray(of) && of.length > 0 && of.every(isText) ? [] : [`${where} lacks its words in of`],
  address: nothing,
  port: nothing,
  endpoint: nothing,
  'host-port': nothing,
  script: ({ user }, where) =>
    typeof user === 'boolean' ? [] : [`${where} does not say in user whether it takes one`],
  pattern: nothing,
  user: nothing,
  fifo: nothing,
  'lb-kind': nothing,
  granularity: nothing,
  'status-codes': nothing,
  md5: nothing,
  secret: nothing,
  cron: nothing,
  custom: ({ syntax, read }, where) =>
    isText(syntax) && typeof read === 'function' ? [] : [`${where} lacks its syntax and the function read`],
  list: ({ entry, head }, where) => [
    ...(entry === undefined || (isRecord(entry) && isText(entry['syntax']) && typeof entry['read'] === 'function')
      ? []
      : [`${where} lacks the syntax and the function read of its entry`]),
    ...(head === undefined ? [] : findTypeFaults(head, `the head of ${where}`)),
  ],
  block: ({ params, head }, where) => [
    ...findParamFaults(params, where, new Set()),
    ...(head === undefined ? [] : findTypeFaults(head, `the head of ${where}`)),
  ],
  ignored: nothing,
};

function findFunctionFault(name: string, value: unknown): string | null {
  return typeof value === 'function' ? null : `${name} is ${describe(value)}, not a function`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isSpan(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'string') return `'${value.slice(0, 40)}'`;
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
