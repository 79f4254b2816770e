/** Bytes, and a mask of the half bytes that may be anything: a set bit is not compared. */
export interface HexString {
  readonly bytes: readonly number[];
  readonly mask: readonly number[];
}

/**
 * Pairs of hexadecimal digits with blanks anywhere between them; a digit alone before a blank is a whole byte, and with
 * `wildcards` an x stands for any digit (keepalived lib/parser.c:read_hex_str). null when it is none.
 */
export function readHexString(text: string, wildcards: boolean): HexString | null {
  const bytes: number[] = [];
  const mask: number[] = [];
  for (const [digits] of text.matchAll(/[^ \t][^ ]?/g)) {
    if (!(wildcards ? /^[0-9a-fx]+$/i : /^[0-9a-f]+$/i).test(digits)) return null;
    bytes.push(Number.parseInt(digits.replace(/x/gi, '0'), 16));
    mask.push(Number.parseInt(digits.replace(/[^x]/gi, '0').replace(/x/gi, 'f'), 16));
  }
  return bytes.length === 0 ? null : { bytes, mask };
}
