import { readFileSync } from 'node:fs';
import { example, heading, type Part, paragraph, terms } from './document.ts';

/** What is written by hand, in the folder prose. */
export function loadProse(name: 'language' | 'examples' | 'agent'): readonly Part[] {
  return readProse(readFileSync(new URL(`prose/${name}.md`, import.meta.url), 'utf8'));
}

/** Reads a small part of Markdown: `#` and `##` headings, paragraphs, fenced examples, and lists of `- term: text`. */
export function readProse(text: string): readonly Part[] {
  const [before = '', ...fences] = text.split(/^```\n/m);
  return [
    ...readParagraphs(before),
    ...fences.flatMap((piece, index) => (index % 2 === 0 ? [example(piece.trimEnd())] : readParagraphs(piece))),
  ];
}

function readParagraphs(text: string): readonly Part[] {
  return text
    .split(/\n{2,}/)
    .map(part => part.trim())
    .filter(part => part !== '')
    .map(readParagraph);
}

function readParagraph(text: string): Part {
  const title = /^(#{1,2}) (.+)$/.exec(text);
  if (title) return heading(title[1] === '#' ? 1 : 2, title[2] ?? '');
  if (!text.startsWith('- ')) return paragraph(joinLines(text));
  return terms(
    text
      .split(/^- /m)
      .slice(1)
      .map(item => {
        const [, term = '', meaning = ''] = /^(.+?): ([\s\S]+)$/.exec(item) ?? [];
        if (term === '') throw new Error(`"${item.trim()}" is no term with its text`);
        return [term, joinLines(meaning)];
      }),
  );
}

function joinLines(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, ' ');
}
