import type { TellFault, Word } from '../../model/params.ts';
import type { NextHop, RouteOption } from '../../model/routing.ts';
import { readEncapsulation } from './read-encapsulation.ts';
import { joinFamily, type RouteFamily, readVia } from './read-gateway.ts';
import { isDecimal } from './routing-names.ts';
import type { WordSteps } from './word-steps.ts';

interface Draft {
  via: string | null;
  interface: string | null;
  readonly options: RouteOption[];
}

/** What stands behind the first nexthop, up to the end of the line or to what is no part of a hop. */
export function readNextHops(route: RouteFamily, steps: WordSteps, tell: TellFault): NextHop[] {
  const hops: Draft[] = [emptyHop()];
  for (let word = steps.next(); word !== undefined; word = steps.next()) {
    const hop = hops.at(-1);
    if (word.text === 'nexthop') hops.push(emptyHop());
    else if (hop !== undefined && !readPart(route, hop, word, steps, tell)) {
      // keepalived vrrp/vrrp_iproute.c:parse_nexthops keeps the route, and the rest of the line is lost.
      while (steps.next() !== undefined);
    }
  }
  return hops;
}

function emptyHop(): Draft {
  return { via: null, interface: null, options: [] };
}

/** false = the hops end here. */
function readPart(route: RouteFamily, hop: Draft, word: Word, steps: WordSteps, tell: TellFault): boolean {
  switch (word.text) {
    case 'via':
      hop.via = readVia(route, word, steps, tell) ?? null;
      return hop.via !== null;
    case 'dev':
      hop.interface = steps.argument(word)?.text ?? null;
      return hop.interface !== null;
    case 'onlink':
      hop.options.push({ name: 'onlink', value: null });
      return true;
    case 'weight': {
      const weight = steps.argument(word);
      if (weight !== undefined && isDecimal(weight.text, 1, 256)) {
        hop.options.push({ name: 'weight', value: weight.text });
        return true;
      }
      if (weight !== undefined)
        tell('out-of-range', weight, `weight is 1 to 256, not ${weight.text}.`, 'Write a number from 1 to 256.');
      return false;
    }
    case 'realms':
      hop.options.push({ name: 'realms', value: steps.argument(word)?.text ?? null });
      return joinFamily(route, 'inet', word, tell);
    case 'encap':
      readEncapsulation(hop.options, word, steps, tell);
      return true;
    default:
      tell('bad-value', word, `${word.text} is no option of a next hop.`, 'Write via, dev, weight, onlink or realms.');
      return false;
  }
}
