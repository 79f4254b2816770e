/** A piece of the new file. `from` = the lines of the old file that it comes from; none = a default of ldirectord. */
export type Output =
  | { readonly kind: 'statement'; readonly text: string; readonly from: readonly number[] }
  | {
      readonly kind: 'block';
      readonly head: string;
      readonly from: readonly number[];
      readonly body: readonly Output[];
    }
  /** A line that keepalived does not read. */
  | { readonly kind: 'comment'; readonly text: string; readonly from: readonly number[] }
  /** Cannot be used as it is: written as comments, to be mended by hand. */
  | { readonly kind: 'disabled'; readonly body: readonly Output[] };

const indent = '    ';
/** keepalived reads 1022 bytes of a line. */
const longestComment = 300;

/** The text of a file; every line names the lines that it comes from. */
export function writeOutput(pieces: readonly Output[]): string {
  const rows = pieces.flatMap((piece, index) => (index === 0 ? writePiece(piece, 0) : ['', ...writePiece(piece, 0)]));
  return rows.map(row => `${row}\n`).join('');
}

export function say(text: string, ...from: readonly number[]): Output {
  return { kind: 'statement', text, from };
}

export function remark(text: string, ...from: readonly number[]): Output {
  return { kind: 'comment', text, from };
}

/** Stands beside every check that does less than the old one; the notes say why. */
export const weakerCheck: Output = remark('warning: this check is weaker than that of ldirectord, see above');

export function block(head: string, body: readonly Output[], ...from: readonly number[]): Output {
  return { kind: 'block', head, body, from };
}

export function disable(...body: readonly Output[]): Output {
  return { kind: 'disabled', body };
}

/** Whether a statement that counts begins with one of these words. */
export function saysAny(pieces: readonly Output[], words: readonly string[]): boolean {
  return pieces.some(piece => {
    if (piece.kind === 'statement') return words.includes(piece.text.split(' ')[0] ?? '');
    return piece.kind === 'block' && saysAny(piece.body, words);
  });
}

/** Every line of the old file that these pieces come from. */
export function linesOf(pieces: readonly Output[]): readonly number[] {
  return pieces.flatMap(piece => [
    ...(piece.kind === 'disabled' ? [] : piece.from),
    ...(piece.kind === 'block' || piece.kind === 'disabled' ? linesOf(piece.body) : []),
  ]);
}

/**
 * A word as keepalived.conf takes it, in quotation marks where it needs them; null when it cannot be written:
 * quotation marks cannot be escaped there, and a `$` may be taken for a variable.
 */
export function quoteWord(text: string): string | null {
  if (/^[\w./:?=&%,+@~^*;-]+$/.test(text)) return text;
  return text === '' || text.length > 800 || !/^[\x20-\x7e]*$/.test(text) || /["\\$]/.test(text) ? null : `"${text}"`;
}

/** A command line for misc_path and the like; null when it cannot be written. */
export function quoteCommand(words: readonly string[]): string | null {
  const written = words.map(word => (/^[\w./:=,+@%^~[\]!-]+$/.test(word) ? word : `'${word}'`));
  const plain = words.every(word => word !== '' && /^[\x20-\x7e]+$/.test(word) && !/["'\\$]/.test(word));
  const line = written.join(' ');
  return plain && line.length <= 800 ? `"${line}"` : null;
}

function writePiece(piece: Output, depth: number): readonly string[] {
  const margin = indent.repeat(depth);
  switch (piece.kind) {
    case 'statement':
      return [`${margin}${piece.text}${nameLines(piece.from)}`];
    case 'comment':
      return [`${margin}# ${cleanComment(piece.text)}${nameLines(piece.from)}`];
    case 'block':
      return [
        `${margin}${piece.head} {${nameLines(piece.from)}`,
        ...piece.body.flatMap(inner => writePiece(inner, depth + 1)),
        `${margin}}`,
      ];
    case 'disabled':
      return piece.body.flatMap(inner => writePiece(inner, depth)).map(row => `${margin}# ${row.slice(margin.length)}`);
  }
}

function nameLines(from: readonly number[]): string {
  const lines = [...new Set(from)].sort((one, other) => one - other);
  return lines.length === 0 ? '' : ` # line ${lines.join(', ')}`;
}

/** One line, without what an editor or keepalived could stumble over. */
function cleanComment(text: string): string {
  const clean = [...text].map(char =>
    char < ' ' || char === '\x7f' || char === '\u2028' || char === '\u2029' ? ' ' : char,
  );
  return (clean.length > longestComment ? `${clean.slice(0, longestComment).join('')}...` : clean.join('')).replace(
    /[\s\\]+$/,
    '',
  );
}
