import { printable } from './style.ts';

/** A part of a line for a terminal, and which of its columns are meant. */
interface Excerpt {
  readonly shown: string;
  /** Columns left of what is meant. */
  readonly before: number;
  /** Columns that are meant; at least one. */
  readonly marked: number;
}

/** A character as it is shown, and its columns. */
interface Glyph {
  readonly text: string;
  readonly width: number;
}

const tabStop = 4;
const ellipsis: Glyph = { text: '…', width: 1 };
/** Of the shown columns, those kept left of what is meant when a line is cut. */
const lead = 0.25;
/** Times the shown columns. */
const far = 4;
/** East Asian wide and full-width characters, and emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;
const combining = /\p{M}/u;

/** Cuts a line to `width` columns, so that `length` characters from index `from` on are in sight. */
export function excerpt(line: string, from: number, length: number, width: number): Excerpt {
  // What is far away is not in sight, however long the line is.
  const first = Math.max(0, from - far * width);
  const left = layOut(line.slice(first, from), 0);
  const meant = layOut(line.slice(from, Math.min(from + length, from + far * width)), widthOf(left));
  const right = layOut(line.slice(from + length, from + length + far * width), widthOf(left) + widthOf(meant));
  const all = [...left, ...meant, ...right];
  if (widthOf(all) <= width) return show(all, widthOf(left), widthOf(meant));
  const start = Math.max(0, Math.min(widthOf(left) - Math.floor(width * lead), widthOf(all) - width));
  return cutOut(all, start, width, widthOf(left), widthOf(meant));
}

function layOut(text: string, column: number): readonly Glyph[] {
  let at = column;
  return [...text].map(character => {
    const glyph = character === '\t' ? tabAt(at) : glyphOf(printable(character));
    at += glyph.width;
    return glyph;
  });
}

function tabAt(column: number): Glyph {
  const width = tabStop - (column % tabStop);
  return { text: ' '.repeat(width), width };
}

function glyphOf(text: string): Glyph {
  return { text, width: combining.test(text) ? 0 : wide.test(text) ? 2 : 1 };
}

function widthOf(glyphs: readonly Glyph[]): number {
  return glyphs.reduce((sum, { width }) => sum + width, 0);
}

/** `width` columns from `start` on, with an ellipsis at each end where something is left out. */
function cutOut(glyphs: readonly Glyph[], start: number, width: number, before: number, marked: number): Excerpt {
  const head = start > 0 ? [ellipsis] : [];
  const tail = start + width < widthOf(glyphs) ? [ellipsis] : [];
  const kept: Glyph[] = [];
  let column = 0;
  let dropped = 0;
  for (const glyph of glyphs) {
    const first = column;
    column += glyph.width;
    if (first < start + widthOf(head)) dropped = column;
    else if (column <= start + width - widthOf(tail)) kept.push(glyph);
  }
  const shown = [...head, ...kept, ...tail];
  const offset = before - dropped + widthOf(head);
  return show(shown, offset, Math.min(marked, widthOf(shown) - offset));
}

function show(glyphs: readonly Glyph[], before: number, marked: number): Excerpt {
  return {
    shown: glyphs
      .map(({ text }) => text)
      .join('')
      .trimEnd(),
    before,
    marked: Math.max(1, marked),
  };
}
