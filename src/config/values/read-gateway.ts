import type { TellFault, Word } from '../../model/params.ts';
import type { Family } from '../../model/server.ts';
import { familyOf } from './addresses.ts';
import { readPlainAddress } from './read-prefix.ts';
import type { WordSteps } from './word-steps.ts';

/** Of what family a route is so far; null = nothing has said it. */
export interface RouteFamily {
  family: Family | null;
}

/** The address behind via; undefined = the route is of no use with it. */
export function readVia(route: RouteFamily, word: Word, steps: WordSteps, tell: TellFault): string | undefined {
  const family = steps.peek()?.text;
  if (family === 'inet' || family === 'inet6') {
    steps.next();
    if (!joinFamily(route, family, word, tell)) return undefined;
  }
  const argument = steps.argument(word);
  const via = argument && readPlainAddress(argument, tell);
  return argument && via !== undefined && joinFamily(route, familyOf(via), argument, tell) ? via : undefined;
}

/** Takes a part of this family, or says that the route is left out. */
export function joinFamily(route: RouteFamily, family: Family, word: Word, tell: TellFault): boolean {
  route.family ??= family;
  if (route.family === family) return true;
  const message = `The route is left out: ${word.text} is of another family than what stands before.`;
  tell('bad-address', word, message, 'Write addresses of one family.');
  return false;
}
