import { example, heading, type Part, paragraph, terms } from './document.ts';

/** What stands below the options of a help text: paragraphs, and lists under a line of their own. */
export interface HelpParts {
  readonly text: readonly Part[];
  readonly examples: readonly Part[];
  readonly exitCodes: readonly Part[];
}

/** Reads the form that src/cli/help.ts keeps to: a line that ends with a colon has indented lines below it. */
export function splitHelp(after: string): HelpParts {
  const groups = after.split(/\n{2,}/).map(readGroup);
  const titled = (title: string): readonly Part[] =>
    groups.filter(group => group.title === title).flatMap(group => group.parts);
  return {
    text: groups
      .filter(group => group.title !== 'Examples' && group.title !== 'Exit codes')
      .flatMap(({ title, parts }) => [...(title === '' ? [] : [paragraph(`${title}:`)]), ...parts]),
    examples: titled('Examples'),
    exitCodes: titled('Exit codes'),
  };
}

/** A section of a manual page, unless it is empty. */
export function section(title: string, parts: readonly Part[]): readonly Part[] {
  return parts.length === 0 ? [] : [heading(1, title), ...parts];
}

interface Group {
  /** Without its colon; empty for a paragraph. */
  readonly title: string;
  readonly parts: readonly Part[];
}

function readGroup(text: string): Group {
  const [first = '', ...lines] = text.split('\n');
  if (text === '') return { title: '', parts: [] };
  if (!first.endsWith(':') || lines.length === 0 || !lines.every(line => line.startsWith('  ')))
    return { title: '', parts: [paragraph(text.replace(/\s*\n\s*/g, ' '))] };
  const title = first.slice(0, -1);
  const pairs = title === 'Examples' ? null : readPairs(lines);
  return { title, parts: [pairs ? terms(pairs) : example(lines.map(line => line.slice(2)).join('\n'))] };
}

/** `  term  text` on each line, further indented lines belong to the text; null if it is nothing of the kind. */
function readPairs(lines: readonly string[]): (readonly [string, string])[] | null {
  const pairs: (readonly [string, string])[] = [];
  for (const line of lines) {
    const match = /^ {2}(\S+(?: \S+)*) {2,}(\S.*)$/.exec(line);
    const last = pairs.at(-1);
    if (match) pairs.push([`\`${match[1]}\``, match[2] ?? '']);
    else if (last && line.startsWith('   ')) pairs[pairs.length - 1] = [last[0], `${last[1]} ${line.trim()}`];
    else return null;
  }
  return pairs;
}
