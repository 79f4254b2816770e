import type { TellFault, Word } from '../../model/params.ts';
import { secret } from '../../model/secret.ts';
import { findNearest } from '../nearest.ts';
import type { ConfigNode } from '../text/node.ts';
import { findCronFault } from './cron.ts';
import { readFifo, readPattern, readScript, readUser } from './read-command.ts';
import { type ReadContext, reportValue } from './read-context.ts';
import {
  readAddress,
  readEndpoint,
  readGranularity,
  readHostPort,
  readInterface,
  readLbKind,
  readPort,
} from './read-network.ts';
import { readInt, readTimer, readWeight } from './read-number.ts';
import { readStatusCodes } from './status-codes.ts';

/** What the words behind a keyword mean, by the kind of its row; undefined when they mean nothing (and that is reported). */
export function readValue(node: ConfigNode, context: ReadContext): unknown {
  const { param, words } = node;
  const { type, name } = param;
  const first = words[0];
  const withFirst = <T>(count: number, read: (word: Word) => T): T | undefined =>
    first === undefined ? reportMissing(node, context) : only(node, count, context, read(first));
  switch (type.kind) {
    case 'flag':
      return readFlag(node, context);
    case 'bool':
      return readBool(node, context);
    case 'list':
      return readEntries(node, context);
    case 'words':
    case 'ignored':
      return textsOf(words);
    case 'status-codes':
      return readStatusCodes(node, context);
    case 'int':
      if (words.length === 0 && type.bare !== undefined) return type.bare;
      return first === undefined
        ? reportMissing(node, context)
        : only(node, 1, context, readInt(first, name, type, context));
    case 'timer':
      return first === undefined
        ? reportMissing(node, context)
        : only(node, 1, context, readTimer(first, name, type, context));
    case 'word':
      if (words.length === 0 && type.bare !== undefined) return type.bare;
      return withFirst(1, word => word.text);
    case 'interface':
      return withFirst(1, word => readInterface(word, name, context));
    case 'weight':
      return withFirst(2, () => readWeight(words, name, type, context));
    case 'custom':
      return type.read(words, tellFault(node, context));
    case 'secret':
      // Surplus words may be a part of the secret, and must not be shown.
      return withFirst(Number.POSITIVE_INFINITY, word => secret(word.text));
    case 'choice':
      return withFirst(1, word => readChoice(word, node, type.of, type.anyCase === true, context));
    case 'address':
      return withFirst(1, word => readAddress(word, name, context));
    case 'port':
      return withFirst(1, word => readPort(word, name, context));
    case 'endpoint':
      return withFirst(2, () => readEndpoint(words, name, context) ?? undefined);
    case 'host-port':
      return withFirst(2, () => readHostPort(words, name, context));
    case 'script':
      if (words.length === 0 && type.optional) return null;
      return withFirst(Number.POSITIVE_INFINITY, () => readScript(node, type.user, context));
    case 'pattern':
      return readPattern(node, context);
    case 'user':
      return withFirst(2, () => readUser(textsOf(words)));
    case 'fifo':
      return withFirst(3, () => readFifo(textsOf(words)));
    case 'lb-kind':
      return withFirst(Number.POSITIVE_INFINITY, () => readLbKind(node, context));
    case 'granularity':
      return withFirst(1, word => readGranularity(word, name, context));
    case 'md5':
      return withFirst(1, word => readMd5(word, name, context));
    case 'cron':
      return withFirst(Number.POSITIVE_INFINITY, () => readCron(node, context));
    case 'block':
      throw new Error(`the block ${name} is no value`);
  }
}

function textsOf(words: readonly Word[]): readonly string[] {
  return words.map(word => word.text);
}

/** The lines of a list block, or what they mean. */
function readEntries(node: ConfigNode, context: ReadContext): readonly unknown[] {
  const { type } = node.param;
  if (type.kind !== 'list' || type.entry === undefined) return node.entries;
  const { read } = type.entry;
  const tell = tellFault(node, context);
  return node.entries.map(words => read(words, tell)).filter(entry => entry !== undefined);
}

function tellFault(node: ConfigNode, context: ReadContext): TellFault {
  return (code, word, message, hint) => {
    const span = word?.span ?? node.keyword.span;
    // The older keepalived does not read the line.
    if (code === 'newer-value' && node.source.onlyFor === 'checkalived') return undefined;
    if (code === 'surplus-words' || code === 'ignored-value' || code === 'newer-value')
      context.report(code, span, message, hint);
    else reportValue(context, code, span, message, hint);
    return undefined;
  };
}

function reportMissing(node: ConfigNode, context: ReadContext): undefined {
  const { name } = node.param;
  reportValue(
    context,
    'missing-argument',
    node.keyword.span,
    `${name} lacks its argument.`,
    `Write ${name} ${sample(node)}.`,
  );
  return undefined;
}

function readFlag(node: ConfigNode, context: ReadContext): true {
  const [first] = node.words;
  if (first !== undefined && /^(on|off|true|false|yes|no)$/i.test(first.text)) {
    const off = /^(off|false|no)$/i.test(first.text);
    const message = `${node.param.name} takes no argument here: ${first.text} is ignored, and it is on.`;
    const advice = off ? `Remove the line to leave ${node.param.name} off.` : `Write ${node.param.name} alone.`;
    context.report('flag-argument', first.span, message, advice, off ? {} : { severity: 'hint' });
    return true;
  }
  return only(node, 0, context, true);
}

function readBool(node: ConfigNode, context: ReadContext): boolean | undefined {
  const [first] = node.words;
  if (first === undefined) return true;
  if (/^(on|true|yes)$/.test(first.text)) return only(node, 1, context, true);
  if (/^(off|false|no)$/.test(first.text)) return only(node, 1, context, false);
  const message = `${node.param.name} is on or off, not ${first.text}.`;
  reportValue(
    context,
    'bad-value',
    first.span,
    message,
    'Write on, true or yes; or off, false or no, in small letters.',
  );
  return undefined;
}

function readChoice(
  word: Word,
  node: ConfigNode,
  of: readonly string[],
  anyCase: boolean,
  context: ReadContext,
): string | undefined {
  const found = of.find(each => each === word.text || (anyCase && each.toLowerCase() === word.text.toLowerCase()));
  if (found !== undefined) return found;
  const nearest = findNearest(word.text, of);
  const advice = nearest === null ? `Write one of ${of.join(', ')}.` : `Did you mean ${nearest}?`;
  reportValue(context, 'bad-value', word.span, `${node.param.name} cannot be ${word.text}.`, advice);
  return undefined;
}

function readMd5(word: Word, name: string, context: ReadContext): string | undefined {
  if (/^[0-9a-fA-F]{32}$/.test(word.text)) return word.text.toLowerCase();
  const message =
    word.text.length === 32
      ? `${name} holds other characters than hexadecimal digits.`
      : `${name} has ${word.text.length} characters; an MD5 digest has 32.`;
  reportValue(context, 'bad-value', word.span, message, 'Take the digest that genhash prints.');
  return undefined;
}

function readCron(node: ConfigNode, context: ReadContext): string | undefined {
  const expression = node.words
    .map(word => word.text)
    .join(' ')
    .trim()
    .replace(/\s+/g, ' ');
  const fault = findCronFault(expression);
  if (fault === null) return expression;
  const span = node.words[0]?.span ?? node.keyword.span;
  const advice =
    'Write five fields, minute hour day month weekday, or six with seconds first: schedule "*/10 * * * * *".';
  context.report('bad-value', span, `This is no cron expression: ${fault}.`, advice, {
    severity: 'error',
    keepalived: false,
  });
  return undefined;
}

/** Says that words behind the arguments are ignored, as keepalived does without a word. */
function only<T>(node: ConfigNode, count: number, context: ReadContext, value: T): T {
  const surplus = node.words[count];
  if (surplus !== undefined && value !== undefined) {
    const message = `${node.param.name} takes ${count === 0 ? 'no argument' : count === 1 ? 'one argument' : `${count} arguments`}; ${surplus.text} and what follows is ignored.`;
    context.report(
      'surplus-words',
      surplus.span,
      message,
      'Put another keyword on a line of its own, or remove the words.',
    );
  }
  return value;
}

function sample(node: ConfigNode): string {
  const { type } = node.param;
  switch (type.kind) {
    case 'int':
      return `and a number from ${type.min} to ${type.max}`;
    case 'timer':
      return 'and a number of seconds';
    case 'port':
      return 'and a port from 1 to 65535';
    case 'choice':
      return `and one of ${type.of.join(', ')}`;
    case 'address':
    case 'endpoint':
      return 'and a numeric address';
    case 'script':
      return '"/path/of/program argument"';
    case 'lb-kind':
      return 'NAT, DR or TUN';
    default:
      return 'and its value';
  }
}
