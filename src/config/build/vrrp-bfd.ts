import type { Values } from '../../model/params.ts';
import type { BfdInstance, TrackerWeight } from '../../model/trackers.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { ConfigNode } from '../text/node.ts';
import { familyOf } from '../values/addresses.ts';
import { readNewName, readVrrpValues } from './vrrp-blocks.ts';

const maxName = 31;

/** `bfd_instance NAME { ... }`; null = of no use (keepalived bfd/bfd_parser.c:bfd_end_handler). */
export function buildBfd(
  node: ConfigNode,
  known: readonly BfdInstance[],
  diagnostics: Diagnostics,
): BfdInstance | null {
  const name = readNewName(node, 'any', text => known.find(bfd => bfd.name === text), diagnostics);
  if (name === null) return null;
  const { span } = node.keyword;
  if (name.length > maxName) {
    const message = `bfd_instance ${name} is left out: a name has at most ${maxName} characters.`;
    diagnostics.report('bad-value', node.words[0]?.span ?? span, message, 'Write a shorter name.');
    return null;
  }
  const values = readVrrpValues(node, diagnostics);
  const neighbor = values.get<string>('neighbor_ip') ?? values.get<string>('neighbour_ip');
  if (neighbor === undefined) {
    const message = `bfd_instance ${name} has no neighbor_ip, and is left out.`;
    diagnostics.report('missing-keyword', span, message, 'Write neighbor_ip IP.');
    return null;
  }
  const source = values.get<string>('source_ip') ?? null;
  if (!judgeAddresses(name, neighbor, source, values, known, diagnostics)) return null;
  return { name, neighbor, source, ...readTimes(values), ...readTtl(name, neighbor, values, diagnostics), span };
}

function judgeAddresses(
  name: string,
  neighbor: string,
  source: string | null,
  values: Values,
  known: readonly BfdInstance[],
  diagnostics: Diagnostics,
): boolean {
  if (source !== null && familyOf(source) !== familyOf(neighbor)) {
    const message = `bfd_instance ${name} is left out: source_ip and neighbor_ip are of different families.`;
    const hint = 'Write addresses of one family.';
    diagnostics.report('family-mismatch', values.spanOf('source_ip'), message, hint, { severity: 'warning' });
    return false;
  }
  const other = known.find(
    bfd => bfd.neighbor === neighbor && (source === null || bfd.source === null || bfd.source === source),
  );
  if (other === undefined) return true;
  const message = `bfd_instance ${name} is left out: ${other.name} has the same addresses.`;
  diagnostics.report('conflicting-keywords', values.span, message, 'Write other addresses, or remove one of the two.');
  return false;
}

function readTimes(values: Values): Omit<BfdInstance, 'name' | 'neighbor' | 'source' | 'ttl' | 'maxHops' | 'span'> {
  const told = (['vrrp', 'checker'] as const).filter(each => values.has(each));
  return {
    minRx: values.get<number>('min_rx') ?? 10,
    minTx: values.get<number>('min_tx') ?? 10,
    idleTx: values.get<number>('idle_tx') ?? 1000,
    multiplier: values.get<number>('multiplier') ?? 5,
    passive: values.has('passive'),
    multihop: values.get<boolean>('multihop') ?? false,
    weight: values.get<TrackerWeight>('weight') ?? { weight: 0, reverse: false },
    tells: told.length > 0 ? told : ['vrrp', 'checker'],
  };
}

function readTtl(
  name: string,
  neighbor: string,
  values: Values,
  diagnostics: Diagnostics,
): Pick<BfdInstance, 'ttl' | 'maxHops'> {
  const usual = familyOf(neighbor) === 'inet' ? 255 : 64;
  const ttl = values.get<number>('ttl') ?? values.get<number>('hoplimit') ?? usual;
  const maxHops = values.get<number>('max_hops') ?? 0;
  if (maxHops <= ttl) return { ttl, maxHops };
  const message = `max_hops of bfd_instance ${name} is above its ttl of ${ttl}, and is lowered to it.`;
  diagnostics.report('conflicting-keywords', values.spanOf('max_hops'), message, `Write max_hops ${ttl} or less.`);
  return { ttl, maxHops: ttl };
}
