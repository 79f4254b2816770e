/** A text cut like a shell does it, or why it cannot be. */
export type ShellWords =
  | { readonly ok: true; readonly words: readonly string[] }
  | { readonly ok: false; readonly message: string };

const letters: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/**
 * keepalived's second word cutter, for command lines: both quotation marks quote, adjacent pieces join.
 * `keepEscapes` leaves `\x` as it is, for a text that will be cut a second time (keepalived lib/parser.c:alloc_strvec_quoted_escaped).
 */
export function cutShellWords(text: string, keepEscapes = false): ShellWords {
  const words: string[] = [];
  let word: string | null = null;
  let quote: string | null = null;
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === '\\') {
      if (at + 1 >= text.length) return { ok: false, message: 'a backslash ends the line' };
      const { value, next } = readEscape(text, at + 1);
      word = (word ?? '') + (keepEscapes ? text.slice(at, next) : value);
      at = next;
      continue;
    }
    at++;
    if (quote !== null) {
      if (char === quote) quote = null;
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/[ \t\n\v\f\r]/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + char;
  }
  if (quote !== null) return { ok: false, message: `the closing ${quote} is missing` };
  if (word !== null) words.push(word);
  return { ok: true, words };
}

function readEscape(text: string, at: number): { readonly value: string; readonly next: number } {
  const rest = text.slice(at, at + 4);
  const octal = /^[0-7]{1,3}/.exec(rest)?.[0];
  if (octal !== undefined) return { value: byte(Number.parseInt(octal, 8)), next: at + octal.length };
  const hex = /^x([0-9a-fA-F]{1,2})/.exec(rest)?.[1];
  if (hex !== undefined) return { value: byte(Number.parseInt(hex, 16)), next: at + 1 + hex.length };
  const control = /^c(.)/.exec(rest)?.[1];
  if (control !== undefined) return { value: byte(control.charCodeAt(0) & 0x1f), next: at + 2 };
  const char = text.charAt(at);
  return { value: letters[char] ?? char, next: at + 1 };
}

function byte(value: number): string {
  return String.fromCharCode(value & 0xff);
}
