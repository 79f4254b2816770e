import type { Family } from '../../model/server.ts';

/** A numeric address as a number, for ranges. */
export interface NumericAddress {
  readonly family: Family;
  readonly value: bigint;
}

/** Reads an address as strictly as inet_pton: four decimal parts without leading zeros, or plain IPv6. */
export function parseAddress(text: string): NumericAddress | null {
  return text.includes(':') ? parseInet6(text) : parseInet(text);
}

/** Four numbers without leading zeros: such a text is the one way to write its address. */
const inet = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

/** The one way to write an address, as inet_ntop does and as ipvsadm prints it; null when it is none. */
export function canonicalAddress(text: string): string | null {
  if (inet.test(text)) return text;
  const address = parseAddress(text);
  return address === null ? null : formatAddress(address);
}

export function familyOf(address: string): Family {
  return address.includes(':') ? 'inet6' : 'inet';
}

export function formatAddress({ family, value }: NumericAddress): string {
  if (family === 'inet') return [24n, 16n, 8n, 0n].map(shift => (value >> shift) & 255n).join('.');
  if (value >> 32n === 0xffffn) return `::ffff:${formatAddress({ family: 'inet', value: value & 0xffffffffn })}`;
  const groups = Array.from({ length: 8 }, (_, index) => Number((value >> BigInt(112 - 16 * index)) & 0xffffn));
  const { start, length } = longestZeros(groups);
  const hex = groups.map(group => group.toString(16));
  if (length < 2) return hex.join(':');
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`;
}

function parseInet(text: string): NumericAddress | null {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every(part => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return null;
  return { family: 'inet', value: parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n) };
}

function parseInet6(text: string): NumericAddress | null {
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const embedded = tail ? parseInet(tail[2] ?? '') : null;
  if (tail && embedded === null) return null;
  const low = embedded?.value ?? 0n;
  const plain = tail ? `${tail[1]}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}` : text;
  const halves = plain.split('::');
  if (halves.length > 2) return null;
  const [left = [], right = []] = halves.map(half => (half === '' ? [] : half.split(':')));
  const missing = 8 - left.length - right.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const groups = [...left, ...new Array<string>(halves.length === 2 ? missing : 0).fill('0'), ...right];
  if (!groups.every(group => /^[0-9a-fA-F]{1,4}$/.test(group))) return null;
  return { family: 'inet6', value: groups.reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n) };
}

function longestZeros(groups: readonly number[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (const [index, group] of groups.entries()) {
    if (group !== 0) start = index + 1;
    else if (index + 1 - start > best.length) best = { start, length: index + 1 - start };
  }
  return best;
}
