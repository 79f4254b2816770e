import type { ReadWords, TellFault, Word } from '../../model/params.ts';
import type { NextHop, RouteOption, VirtualRoute } from '../../model/routing.ts';
import type { Family } from '../../model/server.ts';
import { familyOf } from './addresses.ts';
import { readEncapsulation } from './read-encapsulation.ts';
import { joinFamily, readVia } from './read-gateway.ts';
import { readNextHops } from './read-next-hops.ts';
import { readPlainAddress, readPrefixed } from './read-prefix.ts';
import { routeOptions } from './route-options.ts';
import { isRouteType } from './routing-names.ts';
import { firstOf, readParts, tellPassedOver, type WordSteps } from './word-steps.ts';

export const routeSyntax =
  '[TYPE] [to] IP[/LEN]|default [via IP] [dev INTERFACE] [src IP] [table T] [metric N] [OPTION VALUE] [no_track] [nexthop via IP dev INTERFACE weight N]';

interface Draft {
  to: string | null;
  type: string;
  family: Family | null;
  /** The word inet or inet6 stands before. */
  familySaid: boolean;
  via: string | null;
  interface: string | null;
  options: RouteOption[];
  nextHops: NextHop[];
  track: boolean;
  trackGroup: string | null;
}

const routeTypeDefault = 'unicast';

/** A line of virtual_routes or static_routes (keepalived vrrp/vrrp_iproute.c:alloc_route). */
export function readRoute(where: 'virtual' | 'static'): ReadWords {
  return (words, tell): VirtualRoute | undefined => {
    const draft: Draft = {
      to: null,
      type: routeTypeDefault,
      family: null,
      familySaid: false,
      via: null,
      interface: null,
      options: [],
      nextHops: [],
      track: true,
      trackGroup: null,
    };
    const isUsable = readParts(words, tell, (word, steps) => readPart(draft, word, steps, where, tell));
    return isUsable ? finish(draft, firstOf(words), tell) : undefined;
  };
}

/** false = the route is of no use with this. */
function readPart(draft: Draft, word: Word, steps: WordSteps, where: 'virtual' | 'static', tell: TellFault): boolean {
  switch (word.text) {
    case 'inet':
    case 'inet6':
      draft.familySaid = true;
      tellPassedOver(word, steps, tell);
      return joinFamily(draft, word.text, word, tell);
    case 'no_track':
      draft.track = false;
      return true;
    case 'add':
    case 'append':
    case 'prepend':
    case 'onlink':
      draft.options.push({ name: word.text, value: null });
      return true;
    case 'dev':
    case 'oif':
      return take(word, steps, argument => {
        draft.interface = argument.text;
        return true;
      });
    case 'gw':
      tell('bad-value', word, 'gw is an old name of via.', 'Write via.');
      return readGateway(draft, word, steps, tell);
    case 'via':
      return readGateway(draft, word, steps, tell);
    case 'src':
      return take(word, steps, argument => {
        const address = readPlainAddress(argument, tell);
        if (address === undefined || !joinFamily(draft, familyOf(address), argument, tell)) return false;
        draft.options.push({ name: 'src', value: address });
        return true;
      });
    case 'nexthop':
      if (draft.nextHops.length > 0) {
        tell('bad-value', word, 'nexthop and or exclude each other.', 'Write nexthop for each hop.');
        return false;
      }
      draft.nextHops = readNextHops(draft, steps, tell);
      return true;
    case 'or':
      tell('bad-value', word, 'or is an old name of nexthop.', 'Write nexthop via IP.');
      return take(word, steps, argument => {
        const via = readPlainAddress(argument, tell);
        if (via === undefined) return false;
        draft.nextHops.push({ via: draft.via, interface: null, options: [] }, { via, interface: null, options: [] });
        draft.via = null;
        return true;
      });
    case 'as':
      tell('bad-value', word, 'as to is for MPLS only, and is ignored.', 'Remove it.');
      if (steps.peek()?.text === 'to') steps.next();
      steps.next();
      return true;
    case 'encap':
      readEncapsulation(draft.options, word, steps, tell);
      return true;
    case 'track_group':
      if (where === 'virtual') return readDestination(draft, word, steps, tell);
      return take(word, steps, argument => {
        draft.trackGroup = argument.text;
        return true;
      });
    default:
      return routeOptions.has(word.text)
        ? readOption(draft, word, steps, tell)
        : readDestination(draft, word, steps, tell);
  }
}

function take(option: Word, steps: WordSteps, use: (argument: Word) => boolean): boolean {
  const argument = steps.argument(option);
  return argument !== undefined && use(argument);
}

function readGateway(draft: Draft, word: Word, steps: WordSteps, tell: TellFault): boolean {
  const via = readVia(draft, word, steps, tell);
  if (via !== undefined) draft.via = via;
  return via !== undefined;
}

function readOption(draft: Draft, word: Word, steps: WordSteps, tell: TellFault): boolean {
  const option = routeOptions.get(word.text);
  if (option?.lock && steps.peek()?.text === 'lock') steps.next();
  return take(word, steps, argument => {
    if (option?.family !== undefined && !joinFamily(draft, option.family, word, tell)) return false;
    if (option?.takes(argument.text)) draft.options.push({ name: word.text, value: argument.text });
    else {
      tell('bad-value', argument, `${word.text} cannot be ${argument.text}.`, `Write ${option?.hint}.`);
      return option?.optional === true;
    }
    return true;
  });
}

function readDestination(draft: Draft, word: Word, steps: WordSteps, tell: TellFault): boolean {
  let target: Word | undefined = word;
  if (target.text === 'to') target = steps.argument(word);
  if (target !== undefined && isRouteType(target.text)) {
    draft.type = target.text;
    target = steps.argument(target);
  }
  if (target === undefined) return false;
  if (['default', 'any', 'all', 'default6'].includes(target.text)) {
    draft.to = 'default';
    if (target.text === 'default6') return joinFamily(draft, 'inet6', target, tell);
    if (draft.family === null || draft.familySaid) return true;
    const message = `The route is left out: ${target.text} must stand before the addresses.`;
    tell('bad-address', target, message, `Write ${target.text} first.`);
    return false;
  }
  const address = readPrefixed(target, (code, at, message, hint) =>
    code === 'bad-address'
      ? tell('bad-value', at, `${target.text} is no option of a route.`, 'Write the long names of ip route add.')
      : tell(code, at, message, hint),
  );
  if (address === undefined || !joinFamily(draft, address.family, target, tell)) return false;
  draft.to = address.written ? `${address.address}/${address.prefix}` : address.address;
  return true;
}

function finish(draft: Draft, first: Word, tell: TellFault): VirtualRoute | undefined {
  const { to, interface: device, trackGroup, family, familySaid: _familySaid, ...route } = draft;
  if (to === null)
    return tell('bad-value', first, 'The route has no destination.', 'Write its address, or default, first.');
  if (draft.track) {
    const protocol = draft.options.find(option => option.name === 'protocol')?.value;
    if (protocol !== undefined && protocol !== '18' && protocol !== 'keepalived')
      tell('bad-value', first, `The route to ${to} is tracked, so its protocol is keepalived's.`, 'Write no_track.');
    if (device === null) {
      const hint = 'Write dev INTERFACE, or no_track behind the route.';
      tell('bad-value', first, `The route to ${to} has no interface, so it is not tracked.`, hint);
    }
  }
  if (trackGroup !== null && device === null)
    tell('bad-value', first, `The route to ${to} has a track_group and no interface.`, 'Write dev INTERFACE.');
  const track = draft.track && device !== null;
  const rest = { ...route, to, family: family ?? 'inet', interface: device, track, span: first.span } as const;
  return { ...rest, ...(trackGroup !== null && { trackGroup }) };
}
