import type { FileReader } from '../file-reader.ts';

const maxAlternatives = 1000;
/** Longer ones are no names of files (PATH_MAX), and braces in them could be nested without end. */
const longestPattern = 4096;
/** A pattern such as a dozen of `/*` goes through the whole disk, and round in circles of it. */
const mostLookedAt = 50_000;

/** One alternative of the braces of a pattern. */
export interface GlobAlternative {
  /** What it matches, in sorted order, directories too. */
  readonly paths: readonly string[];
  /** A name in it without a wildcard is not there. */
  readonly missing: boolean;
}

/** The alternatives of a pattern with braces, in their order. */
export interface Glob {
  readonly alternatives: readonly GlobAlternative[];
  /** false: it was given up, for it has to do with too many names. */
  readonly complete: boolean;
}

/** Names that may still be looked at. */
interface Budget {
  left: number;
}

export function expandGlob(pattern: string, files: FileReader): Glob {
  if (pattern.length > longestPattern) return { alternatives: [], complete: false };
  const budget = { left: mostLookedAt };
  const alternatives = expandBraces(pattern).map(alternative => matchPath(alternative, files, budget));
  return { alternatives, complete: budget.left > 0 };
}

export function hasWildcard(pattern: string): boolean {
  return /[*?[]/.test(pattern);
}

/** `a{b,c}` → `ab`, `ac`; nested ones too. Braces without a partner stand for themselves. */
function expandBraces(pattern: string): readonly string[] {
  const open = pattern.indexOf('{');
  const close = open < 0 ? -1 : findClosing(pattern, open);
  if (close < 0) return [pattern];
  const head = pattern.slice(0, open);
  const tails = expandBraces(pattern.slice(close + 1));
  const middles = splitAtCommas(pattern.slice(open + 1, close)).flatMap(part => expandBraces(part));
  const found: string[] = [];
  for (const middle of middles) {
    for (const tail of tails) if (found.length < maxAlternatives) found.push(head + middle + tail);
  }
  return found;
}

function findClosing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '{') depth++;
    else if (text[at] === '}' && --depth === 0) return at;
  }
  return -1;
}

function splitAtCommas(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '{') depth++;
    else if (text[at] === '}') depth--;
    else if (text[at] === ',' && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}

/** Walks down the directories, segment by segment. */
function matchPath(pattern: string, files: FileReader, budget: Budget): GlobAlternative {
  if (!hasWildcard(pattern)) {
    const found = files.stat(pattern) !== null;
    return { paths: found ? [pattern] : [], missing: !found };
  }
  const segments = pattern.split('/');
  let prefixes = [segments[0] === '' ? '/' : ''];
  let missing = false;
  for (const [index, segment] of segments.entries()) {
    if (segment === '') continue;
    const separator = index === segments.length - 1 ? '' : '/';
    const matcher = hasWildcard(segment) ? readSegment(segment) : null;
    prefixes = prefixes.flatMap(prefix => {
      if (budget.left <= 0) return [];
      const names = matcher === null ? [segment] : files.list(prefix === '' ? '.' : prefix);
      budget.left -= names.length + 1;
      const found = names.filter(name =>
        matcher === null ? files.stat(prefix + name) !== null : isShown(name, segment) && matchName(name, matcher),
      );
      if (found.length === 0 && (matcher === null || !isDirectory(prefix, files))) missing = true;
      return found.map(name => prefix + name + separator);
    });
  }
  return { paths: prefixes.sort(), missing };
}

/** Only a dot that is written matches one at the beginning. */
function isShown(name: string, segment: string): boolean {
  return segment.startsWith('.') || !name.startsWith('.');
}

function isDirectory(prefix: string, files: FileReader): boolean {
  return prefix === '' || prefix === '/' || files.stat(prefix.slice(0, -1))?.kind === 'directory';
}

/** One character of a name, or any number of them. */
type Step = '*' | ((char: string) => boolean);

/** A segment of a pattern, character by character. */
function readSegment(segment: string): readonly Step[] {
  const steps: Step[] = [];
  for (let at = 0; at < segment.length; at++) {
    const char = segment.charAt(at);
    const close = char === '[' ? segment.indexOf(']', at + 2) : -1;
    const set = close > 0 ? readSet(segment.slice(at + 1, close)) : null;
    if (set !== null) {
      steps.push(each => set.test(each));
      at = close;
    } else if (char === '*') steps.push('*');
    else if (char === '?') steps.push(() => true);
    else steps.push(each => each === char);
  }
  return steps;
}

/** What stands between brackets; null for `[z-a]`, which is a set with nothing in it for the shell. */
function readSet(inner: string): RegExp | null {
  const escaped = inner
    .replace(/[\\\]]/g, '\\$&')
    .replace(/^[!^]/, '^')
    .replace(/\[/g, '\\[');
  try {
    return new RegExp(`^[${escaped}]$`);
  } catch {
    return null;
  }
}

/** Goes back to the last star only, so that many of them take no longer. */
function matchName(name: string, steps: readonly Step[]): boolean {
  let at = 0;
  let step = 0;
  let star: { readonly step: number; at: number } | null = null;
  while (at < name.length) {
    const wanted = steps[step];
    if (wanted === '*') star = { step: ++step, at };
    else if (wanted?.(name.charAt(at))) {
      at++;
      step++;
    } else if (star === null) return false;
    else {
      at = ++star.at;
      step = star.step;
    }
  }
  return steps.slice(step).every(each => each === '*');
}
