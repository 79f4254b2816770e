import type { ReadWords, TellFault, Word } from '../../model/params.ts';
import type { VirtualAddress } from '../../model/routing.ts';
import { findNearest } from '../nearest.ts';
import { canonicalAddress, familyOf } from './addresses.ts';
import { readPlainAddress, readPrefixed } from './read-prefix.ts';
import { isScope } from './routing-names.ts';
import { firstOf, stepThrough } from './word-steps.ts';

export const addressSyntax =
  'IP[/LEN] [dev INTERFACE] [brd IP|+|-] [scope SCOPE] [label LABEL] [peer IP] [home] [-nodad] [mngtmpaddr] [noprefixroute] [autojoin] [preferred_lft SECONDS|forever] [no_track]';

type Draft = { -readonly [Key in keyof VirtualAddress]: VirtualAddress[Key] };

const flags: ReadonlySet<string> = new Set(['home', '-nodad', 'mngtmpaddr', 'noprefixroute', 'autojoin']);
const options = [
  'dev',
  'brd',
  'broadcast',
  'scope',
  'label',
  'peer',
  'preferred_lft',
  'no_track',
  'track_group',
  'use_vmac',
  ...flags,
];
const maxLabel = 15;

/** A line of virtual_ipaddress or static_ipaddress (keepalived vrrp/vrrp_ipaddress.c:alloc_ipaddress). */
export function readVirtualAddress(where: 'virtual' | 'static'): ReadWords {
  return (words, tell) => {
    const first = firstOf(words);
    const found = readPrefixed(first, tell);
    if (found === undefined) return undefined;
    const { written, ...address } = found;
    const draft: Draft = { ...address, flags: [], track: true, useVmac: false, span: first.span };
    const steps = stepThrough(words.slice(1), tell);
    for (let option = steps.next(); option !== undefined; option = steps.next()) {
      if (flags.has(option.text)) draft.flags = [...draft.flags, option.text];
      else if (option.text === 'no_track') draft.track = false;
      else if (option.text === 'use_vmac' && where === 'virtual') draft.useVmac = true;
      else if (takesArgument(option.text, where)) {
        const argument = steps.argument(option);
        if (argument === undefined || !readOption(draft, option, argument, written, tell)) return undefined;
      } else tellUnknown(option, tell);
    }
    judgeTogether(draft, first, tell);
    return draft;
  };
}

function takesArgument(name: string, where: 'virtual' | 'static'): boolean {
  if (name === 'track_group') return where === 'static';
  return ['dev', 'brd', 'broadcast', 'scope', 'label', 'peer', 'preferred_lft'].includes(name);
}

/** false = the address is of no use with this. */
function readOption(draft: Draft, option: Word, argument: Word, written: boolean, tell: TellFault): boolean {
  switch (option.text) {
    case 'dev':
      if (draft.interface !== undefined) {
        tell('bad-value', option, `${draft.address} has a second dev; it is left out.`, 'Write dev once.');
        return false;
      }
      draft.interface = argument.text;
      return true;
    case 'scope':
      if (isScope(argument.text)) draft.scope = argument.text;
      else {
        const hint = 'Write global, site, link, host, nowhere or a number up to 255.';
        tell('bad-value', argument, `There is no scope ${argument.text}.`, hint);
      }
      return true;
    case 'label':
      if (argument.text.length <= maxLabel) {
        draft.label = argument.text;
        return true;
      }
      tell('bad-value', argument, `A label has at most ${maxLabel} characters.`, 'Write a shorter one, as in eth0:1.');
      return false;
    case 'peer':
      readPeer(draft, argument, written, tell);
      return true;
    case 'preferred_lft':
      if (argument.text === 'forever') draft.preferredLifetime = 'forever';
      else if (/^\+?\d+$/.test(argument.text) && Number(argument.text) <= 4_294_967_295)
        draft.preferredLifetime = Number(argument.text);
      else tell('bad-value', argument, `preferred_lft cannot be ${argument.text}.`, 'Write seconds, or forever.');
      return true;
    case 'track_group':
      draft.trackGroup = argument.text;
      return true;
    default:
      return readBroadcast(draft, argument, tell);
  }
}

function readBroadcast(draft: Draft, argument: Word, tell: TellFault): boolean {
  if (draft.family === 'inet6') {
    const message = `${draft.address} is left out: IPv6 has no broadcast address.`;
    tell('bad-address', argument, message, 'Remove brd and its argument.');
    return false;
  }
  const known = argument.text === '+' || argument.text === '-';
  const address = known ? argument.text : canonicalAddress(argument.text);
  if (address !== null && familyOf(address) === 'inet') {
    draft.broadcast = address;
    return true;
  }
  const message = `${draft.address} is left out: ${argument.text} is no broadcast address.`;
  tell('bad-address', argument, message, 'Write an IPv4 address, + or -.');
  return false;
}

/** keepalived 2.2.7 takes no prefix length here. */
function readPeer(draft: Draft, argument: Word, written: boolean, tell: TellFault): void {
  if (draft.peer !== undefined) {
    tell('bad-value', argument, `${draft.address} has a second peer.`, 'Write peer once.');
    return;
  }
  const peer = readPlainAddress(argument, tell);
  if (peer === undefined) return;
  if (familyOf(peer) !== draft.family) {
    tell('bad-address', argument, `The peer ${peer} is of another family.`, 'Write addresses of one family.');
    return;
  }
  if (written) {
    const message = `The prefix length of ${draft.address} is ignored, as it has a peer.`;
    tell('bad-value', argument, message, `Write ${draft.address} without a prefix length.`);
  }
  draft.peer = peer;
  draft.prefix = draft.family === 'inet' ? 32 : 128;
}

function judgeTogether(draft: Draft, first: Word, tell: TellFault): void {
  const { address, family, broadcast, peer, prefix } = draft;
  if (broadcast !== undefined && peer !== undefined)
    tell('bad-value', first, `${address} has a broadcast address and a peer.`, 'Remove brd and its argument.');
  else if ((broadcast === '+' || broadcast === '-') && prefix > 30)
    tell('bad-value', first, `/${prefix} leaves no room for a broadcast address.`, 'Write a shorter prefix length.');
  if (family === 'inet') return;
  if (draft.scope !== undefined && draft.scope !== 'global' && Number(draft.scope) !== 0)
    tell('bad-value', first, `IPv6 addresses have no scope of one's choice.`, 'Remove scope and its argument.');
  if (draft.label !== undefined)
    tell('bad-value', first, 'IPv6 addresses have no label.', 'Remove label and its argument.');
}

function tellUnknown(option: Word, tell: TellFault): void {
  const nearest = findNearest(option.text, options);
  const hint = nearest === null ? 'Remove it.' : `Did you mean ${nearest}?`;
  tell('bad-value', option, `${option.text} is no option of an address, and is ignored.`, hint);
}
