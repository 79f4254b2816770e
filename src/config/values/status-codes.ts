import type { StatusRange } from '../../model/params.ts';
import type { ConfigNode } from '../text/node.ts';
import { type ReadContext, reportValue } from './read-context.ts';

/** A list of `N` and `N-M`; bad ones are reported and left out. No argument at all says nothing. */
export function readStatusCodes(node: ConfigNode, context: ReadContext): readonly StatusRange[] | undefined {
  const ranges: StatusRange[] = [];
  for (const word of node.words) {
    const match = /^\+?(\d+)(?:-(\d+))?$/.exec(word.text);
    const from = Number(match?.[1]);
    const to = Number(match?.[2] ?? match?.[1]);
    if (match !== null && from >= 100 && to <= 599 && from <= to) ranges.push({ from, to });
    else {
      const advice = word.text.includes(',')
        ? `Separate codes with blanks: ${node.param.name} ${word.text.replaceAll(',', ' ')}`
        : 'Write codes from 100 to 599, or ranges such as 200-299.';
      reportValue(context, 'bad-value', word.span, `${word.text} is no HTTP status code.`, advice);
    }
  }
  // A copy is as short as the list; what grew may hold much more.
  return ranges.length > 0 ? ranges.slice() : undefined;
}
