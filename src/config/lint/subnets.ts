import type { HostAddress } from '../../model/ports.ts';
import type { ConfigNode, ConfigTree } from '../text/node.ts';
import { formatAddress, type NumericAddress, parseAddress } from '../values/addresses.ts';
import { childrenOf } from './nodes.ts';

/** All addresses that share their first `prefix` bits; `first` has zeros behind them. */
export interface Subnet {
  readonly first: NumericAddress;
  readonly prefix: number;
}

/** The subnet that an address with its prefix length is in; null when it is none, or one of a single address. */
export function subnetOf(address: NumericAddress | null, prefix: number): Subnet | null {
  if (address === null) return null;
  const bits = bitsOf(address);
  if (!(prefix > 0 && prefix < bits)) return null;
  const size = 1n << BigInt(bits - prefix);
  return { first: { ...address, value: address.value - (address.value % size) }, prefix };
}

export function isInside(address: NumericAddress, { first, prefix }: Subnet): boolean {
  if (address.family !== first.family) return false;
  const shift = BigInt(bitsOf(address) - prefix);
  return address.value >> shift === first.value >> shift;
}

/** The address of a subnet that has the host bits of another address. */
export function moveInto({ first, prefix }: Subnet, address: NumericAddress): NumericAddress {
  return { ...first, value: first.value + (address.value % (1n << BigInt(bitsOf(first) - prefix))) };
}

/** `10.65.32.0/23`. */
export function formatSubnet({ first, prefix }: Subnet): string {
  return `${formatAddress(first)}/${prefix}`;
}

/** The addresses that a configuration puts on interfaces: those of VRRP instances and static ones. */
export function readAddresses(tree: ConfigTree): readonly HostAddress[] {
  return tree.flatMap(node => {
    if (node.param.name === 'static_ipaddress') return readEntries(node, '');
    if (node.param.name !== 'vrrp_instance') return [];
    const device = childrenOf(node, 'interface').at(-1)?.words[0]?.text ?? '';
    const blocks = ['virtual_ipaddress', 'virtual_ipaddress_excluded'].flatMap(name => childrenOf(node, name));
    return blocks.flatMap(block => readEntries(block, device));
  });
}

/** Lines `ADDRESS[/PREFIX] ... [dev INTERFACE] ...`. */
function readEntries({ entries }: ConfigNode, device: string): readonly HostAddress[] {
  return entries.flatMap(words => {
    const texts = words.map(word => word.text);
    const [address = '', length] = (texts[0] ?? '').split('/');
    const numeric = parseAddress(address);
    if (numeric === null) return [];
    const at = texts.indexOf('dev');
    return {
      address: formatAddress(numeric),
      prefix: length === undefined ? bitsOf(numeric) : Number(length),
      interface: (at < 0 ? undefined : texts[at + 1]) ?? device,
    };
  });
}

function bitsOf({ family }: NumericAddress): number {
  return family === 'inet' ? 32 : 128;
}
