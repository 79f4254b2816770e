import type { TellFault, Word } from '../../model/params.ts';
import type { RouteOption } from '../../model/routing.ts';
import { canonicalAddress, familyOf } from './addresses.ts';
import { isDecimal, isNumberOrName } from './routing-names.ts';
import type { WordSteps } from './word-steps.ts';

const max64 = 2 ** 64;

/** What may follow `encap ip` and `encap ip6`, each with an argument. */
const parts: Readonly<Record<'ip' | 'ip6', Readonly<Record<string, (text: string) => boolean>>>> = {
  ip: {
    id: text => isDecimal(text, 0, max64),
    dst: text => isOf('inet', text),
    src: text => isOf('inet', text),
    tos: text => isNumberOrName(text, 255),
    ttl: text => isDecimal(text, 0, 255),
    flags: text => isDecimal(text, 0, 65_535),
  },
  ip6: {
    id: text => isDecimal(text, 0, max64),
    dst: text => isOf('inet6', text),
    src: text => isOf('inet6', text),
    tc: text => isNumberOrName(text, 255),
    hoplimit: text => isDecimal(text, 0, 255),
    flags: text => isDecimal(text, 0, 65_535),
  },
};

/** `encap ip|ip6 [id N] [dst IP] [src IP] ...`, `encap mpls LABELS`, `encap ila LOCATOR` (vrrp/vrrp_iproute.c:parse_encap). */
export function readEncapsulation(options: RouteOption[], encap: Word, steps: WordSteps, tell: TellFault): void {
  const type = steps.argument(encap);
  if (type === undefined) return;
  options.push({ name: 'encap', value: type.text });
  if (type.text === 'mpls' || type.text === 'ila') {
    const value = steps.argument(type);
    if (value !== undefined) options.push({ name: type.text, value: value.text });
  } else if (type.text === 'ip' || type.text === 'ip6') readTunnel(options, type, parts[type.text], steps, tell);
  else tell('bad-value', type, `There is no encapsulation ${type.text}.`, 'Write ip, ip6, mpls or ila.');
}

function readTunnel(
  options: RouteOption[],
  type: Word,
  known: Readonly<Record<string, (text: string) => boolean>>,
  steps: WordSteps,
  tell: TellFault,
): void {
  let addressed = false;
  for (let word = steps.peek(); word !== undefined; word = steps.peek()) {
    const takes = Object.hasOwn(known, word.text) ? known[word.text] : undefined;
    if (takes === undefined) break;
    steps.next();
    const argument = steps.argument(word);
    if (argument === undefined) return;
    if (!takes(argument.text)) {
      const hint = `Write what ${type.text} encapsulation takes.`;
      tell('bad-value', argument, `${word.text} of an encapsulation cannot be ${argument.text}.`, hint);
    }
    options.push({ name: `encap ${word.text}`, value: argument.text });
    addressed ||= word.text === 'dst' || word.text === 'id';
  }
  if (!addressed) tell('bad-value', type, 'The encapsulation has no dst and no id.', 'Write dst IP or id N.');
}

function isOf(family: 'inet' | 'inet6', text: string): boolean {
  const address = canonicalAddress(text);
  return address !== null && familyOf(address) === family;
}
