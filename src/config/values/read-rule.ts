import type { ReadWords, TellFault, Word } from '../../model/params.ts';
import type { RouteOption, RuleAction, VirtualRule } from '../../model/routing.ts';
import type { Family } from '../../model/server.ts';
import { readPrefixed } from './read-prefix.ts';
import { isCNumber, isDecimal, isNumberOrName, parseCNumber } from './routing-names.ts';
import { firstOf, readParts, tellPassedOver, type WordSteps } from './word-steps.ts';

export const ruleSyntax =
  '[not] [from IP[/LEN]] [to IP[/LEN]] [iif INTERFACE] [oif INTERFACE] [fwmark M[/MASK]] [OPTION VALUE] table T|goto N|l3mdev|blackhole|unreachable|prohibit preference N [no_track]';

interface Draft {
  family: Family | null;
  invert: boolean;
  from: string | null;
  to: string | null;
  preference: number | null;
  action: RuleAction | null;
  options: RouteOption[];
  track: boolean;
  trackGroup: string | null;
}

const max32 = 4_294_967_295;
const isRange = (text: string): boolean => /^\d+-\d+$/.test(text);

/** Selectors with one argument; without `optional` a wrong one costs the rule. */
const selectors: ReadonlyMap<
  string,
  { readonly takes: (text: string) => boolean; readonly hint: string; readonly optional?: true }
> = new Map([
  ['tos', { takes: (text: string) => isNumberOrName(text, 255), hint: 'a number from 0 to 255' }],
  ['dsfield', { takes: (text: string) => isNumberOrName(text, 255), hint: 'a number from 0 to 255' }],
  ['fwmark', { takes: isMark, hint: 'MARK or MARK/MASK' }],
  ['realms', { takes: () => true, hint: 'a realm' }],
  ['suppress_prefixlength', { takes: (text: string) => isDecimal(text, 0, 2_147_483_647), hint: 'a number' }],
  ['sup_pl', { takes: (text: string) => isDecimal(text, 0, 2_147_483_647), hint: 'a number' }],
  ['suppress_ifgroup', { takes: (text: string) => isNumberOrName(text, 2_147_483_647), hint: 'a number' }],
  ['sup_group', { takes: (text: string) => isNumberOrName(text, 2_147_483_647), hint: 'a number' }],
  ['dev', { takes: () => true, hint: 'an interface' }],
  ['iif', { takes: () => true, hint: 'an interface' }],
  ['oif', { takes: () => true, hint: 'an interface' }],
  ['tunnel-id', { takes: (text: string) => isDecimal(text, 0, 2 ** 64), hint: 'a number' }],
  ['uidrange', { takes: isRange, hint: 'FIRST-LAST' }],
  ['protocol', { takes: (text: string) => isDecimal(text, 0, 255), hint: 'a number from 0 to 255', optional: true }],
  ['ipproto', { takes: isProtocol, hint: 'tcp, udp, sctp or another name or number', optional: true }],
  ['sport', { takes: isRange, hint: 'FIRST-LAST, both of them', optional: true }],
  ['dport', { takes: isRange, hint: 'FIRST-LAST, both of them', optional: true }],
]);
const tableOptions: ReadonlySet<string> = new Set([
  'realms',
  'suppress_prefixlength',
  'sup_pl',
  'suppress_ifgroup',
  'sup_group',
]);

/** A line of virtual_rules or static_rules (keepalived vrrp/vrrp_iprule.c:alloc_rule). */
export function readRule(where: 'virtual' | 'static'): ReadWords {
  return (words, tell): VirtualRule | undefined => {
    const draft: Draft = {
      family: null,
      invert: false,
      from: null,
      to: null,
      preference: null,
      action: null,
      options: [],
      track: true,
      trackGroup: null,
    };
    const isUsable = readParts(words, tell, (word, steps) => readPart(draft, word, steps, where, tell));
    return isUsable ? finish(draft, firstOf(words), tell) : undefined;
  };
}

/** false = the rule is of no use with this. */
function readPart(draft: Draft, word: Word, steps: WordSteps, where: 'virtual' | 'static', tell: TellFault): boolean {
  switch (word.text) {
    case 'not':
      draft.invert = true;
      return true;
    case 'no_track':
      draft.track = false;
      return true;
    case 'inet':
    case 'inet6':
      tellPassedOver(word, steps, tell);
      return joinFamily(draft, word.text, word, tell);
    case 'from':
    case 'to':
      return readSide(draft, word.text, word, steps, tell);
    case 'preference':
    case 'order':
    case 'priority': {
      const argument = steps.argument(word);
      if (argument === undefined) return false;
      if (!isCNumber(argument.text, max32)) return tellBad(word, argument, `a number from 0 to ${max32}`, tell);
      draft.preference = parseCNumber(argument.text);
      return true;
    }
    default:
      if (word.text === 'track_group' && where === 'static') {
        draft.trackGroup = steps.argument(word)?.text ?? null;
        return draft.trackGroup !== null;
      }
      return selectors.has(word.text)
        ? readSelector(draft, word, steps, tell)
        : readAction(draft, word, steps, where, tell);
  }
}

function tellBad(option: Word, argument: Word, hint: string, tell: TellFault): false {
  tell('bad-value', argument, `${option.text} of a rule cannot be ${argument.text}.`, `Write ${hint}.`);
  return false;
}

function joinFamily(draft: Draft, family: Family | 'any', word: Word, tell: TellFault): boolean {
  draft.family ??= family === 'any' ? null : family;
  if (draft.family === null || draft.family === family) return true;
  const message = `The rule is left out: ${word.text} is of another family than what stands before.`;
  tell('bad-address', word, message, 'Write addresses of one family, and leave out what stands for all.');
  return false;
}

function readSide(draft: Draft, side: 'from' | 'to', word: Word, steps: WordSteps, tell: TellFault): boolean {
  const argument = steps.argument(word);
  if (argument === undefined) return false;
  const all = ['default', 'any', 'all'].includes(argument.text);
  const address = all ? undefined : readPrefixed(argument, tell);
  if (!all && address === undefined) return false;
  draft[side] = address === undefined ? null : `${address.address}/${address.prefix}`;
  return joinFamily(draft, address?.family ?? 'any', argument, tell);
}

function readSelector(draft: Draft, word: Word, steps: WordSteps, tell: TellFault): boolean {
  const selector = selectors.get(word.text);
  const argument = steps.argument(word);
  if (selector === undefined || argument === undefined) return false;
  if (!selector.takes(argument.text)) {
    tellBad(word, argument, selector.hint, tell);
    return selector.optional === true;
  }
  draft.options.push({ name: word.text, value: argument.text });
  return word.text !== 'realms' || joinFamily(draft, 'inet', word, tell);
}

function readAction(draft: Draft, word: Word, steps: WordSteps, where: 'virtual' | 'static', tell: TellFault): boolean {
  const action = nameAction(word, steps, where, tell);
  if (action === undefined) return false;
  if (draft.action !== null) {
    tell('bad-value', word, 'The rule has two actions, and is left out.', 'Write one table, goto or type.');
    return false;
  }
  draft.action = action;
  return true;
}

function nameAction(
  word: Word,
  steps: WordSteps,
  where: 'virtual' | 'static',
  tell: TellFault,
): RuleAction | undefined {
  const name = word.text === 'type' ? steps.argument(word) : word;
  if (name === undefined) return undefined;
  switch (name.text) {
    case 'table':
    case 'lookup': {
      const table = steps.argument(name);
      if (table === undefined) return undefined;
      if (isNumberOrName(table.text, max32) && !(isCNumber(table.text, max32) && parseCNumber(table.text) === 0))
        return { kind: 'table', table: table.text };
      return tell('bad-value', table, `There is no table ${table.text}.`, 'Write the number or name of a table.');
    }
    case 'goto': {
      const target = steps.argument(name);
      if (target === undefined) return undefined;
      if (isDecimal(target.text, 0, max32)) return { kind: 'goto', target: Number(target.text) };
      return tell('bad-value', target, `goto cannot be ${target.text}.`, 'Write the preference of another rule.');
    }
    case 'l3mdev':
    case 'nop':
    case 'blackhole':
    case 'unreachable':
    case 'prohibit':
      return { kind: name.text };
    default: {
      const options = where === 'static' ? ' or track_group GROUP' : '';
      const hint = `Write the long names of ip rule add${options}.`;
      return tell('bad-value', name, `${name.text} is no option of a rule; the rule is left out.`, hint);
    }
  }
}

function finish(draft: Draft, first: Word, tell: TellFault): VirtualRule | undefined {
  const { action, preference, options, track, trackGroup, family, ...rule } = draft;
  if (action === null) return tell('bad-value', first, 'The rule has no action, and is left out.', 'Write table T.');
  if (action.kind === 'goto' && (preference === null || preference >= action.target)) {
    const hint = 'Write preference N with a number below that of goto.';
    return tell('bad-value', first, 'A rule with goto needs a smaller preference, and is left out.', hint);
  }
  const forTables = options.find(option => tableOptions.has(option.name));
  if (forTables !== undefined && action.kind !== 'table' && action.kind !== 'l3mdev')
    return tell('bad-value', first, `${forTables.name} is for rules with a table.`, 'Write table T.');
  const protocol = options.find(option => option.name === 'protocol')?.value;
  if (track && protocol !== undefined && protocol !== '18')
    tell('bad-value', first, "The rule is tracked, so its protocol is keepalived's.", 'Write no_track.');
  if (trackGroup !== null && !options.some(option => option.name === 'iif' || option.name === 'dev'))
    tell('bad-value', first, 'The rule has a track_group and no interface.', 'Write iif INTERFACE.');
  if (preference === null) {
    const message = 'The rule has no preference; keepalived chooses one.';
    tell('bad-value', first, message, 'Write preference N.');
  }
  const common = {
    ...rule,
    family: family === 'inet6' ? 'inet6' : 'inet',
    action,
    preference,
    options,
    track,
  } as const;
  return { ...common, span: first.span, ...(trackGroup !== null && { trackGroup }) };
}

function isMark(text: string): boolean {
  const [mark = '', mask] = text.split('/');
  return isCNumber(mark, max32) && (mask === undefined || isCNumber(mask, max32));
}

function isProtocol(text: string): boolean {
  return isDecimal(text, 0, 255) || /^[a-z][a-z0-9-]*$/i.test(text);
}
