import { Buffer } from 'node:buffer';

/** Bytes, one character each, or the number of a group of the last match. */
export type TextPart = string | number;
export type EscapedText =
  | { readonly ok: true; readonly parts: readonly TextPart[] }
  | { readonly ok: false; readonly message: string };

const letters: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t', '0': '\0', '\\': '\\' };
/** For messages. */
export const escapes = '\\r \\n \\t \\0 \\\\ \\xHH';

/** A text with `\r \n \t \0 \\ \xHH`, and `\1` to `\9` for groups; what is not ASCII becomes UTF-8. */
export function readEscapedText(text: string): EscapedText {
  const parts: TextPart[] = [];
  let bytes = '';
  for (let at = 0; at < text.length; ) {
    const [piece = ''] = /^[^\\]+/.exec(text.slice(at)) ?? [];
    bytes += Buffer.from(piece).toString('latin1');
    at += piece.length;
    if (at === text.length) break;
    const found = /^\\(?:x([0-9a-fA-F]{2})|([1-9])|(.))/s.exec(text.slice(at));
    const [whole = '', hex, group, letter = ''] = found ?? [];
    const plain = hex === undefined ? letters[letter] : String.fromCharCode(Number.parseInt(hex, 16));
    if (group !== undefined) {
      if (bytes !== '') parts.push(bytes);
      bytes = '';
      parts.push(Number(group));
    } else if (plain === undefined) {
      return { ok: false, message: whole === '' ? 'a backslash stands at its end' : `${whole} means nothing` };
    } else bytes += plain;
    at += whole.length;
  }
  if (bytes !== '') parts.push(bytes);
  return { ok: true, parts };
}

/** Bytes from hexadecimal digits, one character each; undefined when they are none. */
export function readHexBytes(words: readonly string[]): string | undefined {
  const digits = words.join('');
  if (digits === '' || digits.length % 2 !== 0 || !/^[0-9a-fA-F]+$/.test(digits)) return undefined;
  return Buffer.from(digits, 'hex').toString('latin1');
}
