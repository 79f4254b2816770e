import type { FileReader } from '../file-reader.ts';

const maxAlternatives = 1000;

/** One alternative of the braces of a pattern. */
export interface GlobAlternative {
  /** What it matches, in sorted order, directories too. */
  readonly paths: readonly string[];
  /** A name in it without a wildcard is not there. */
  readonly missing: boolean;
}

/** The alternatives of a pattern with braces, in their order. */
export function expandGlob(pattern: string, files: FileReader): readonly GlobAlternative[] {
  return expandBraces(pattern).map(alternative => matchPath(alternative, files));
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
  return middles.flatMap(middle => tails.map(tail => head + middle + tail)).slice(0, maxAlternatives);
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
function matchPath(pattern: string, files: FileReader): GlobAlternative {
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
    prefixes = prefixes.flatMap(prefix => {
      const regex = hasWildcard(segment) ? segmentToRegex(segment) : null;
      const names = regex === null ? [segment] : listNames(prefix, segment, regex, files);
      const found = names.filter(name => regex !== null || files.stat(prefix + name) !== null);
      if (found.length === 0 && (regex === null || !isDirectory(prefix, files))) missing = true;
      return found.map(name => prefix + name + separator);
    });
  }
  return { paths: prefixes.sort(), missing };
}

function listNames(prefix: string, segment: string, regex: RegExp, files: FileReader): readonly string[] {
  return files
    .list(prefix === '' ? '.' : prefix)
    .filter(name => regex.test(name) && (segment.startsWith('.') || !name.startsWith('.')));
}

function isDirectory(prefix: string, files: FileReader): boolean {
  return prefix === '' || prefix === '/' || files.stat(prefix.slice(0, -1))?.kind === 'directory';
}

/** Whether a name matches one segment of a pattern. */
function segmentToRegex(segment: string): RegExp {
  let source = '';
  for (let at = 0; at < segment.length; at++) {
    const char = segment.charAt(at);
    const close = char === '[' ? segment.indexOf(']', at + 2) : -1;
    if (char === '*') source += '.*';
    else if (char === '?') source += '.';
    else if (close > 0) {
      const set = segment
        .slice(at + 1, close)
        .replace(/[\\\]]/g, '\\$&')
        .replace(/^[!^]/, '^')
        .replace(/\[/g, '\\[');
      source += isClass(set) ? `[${set}]` : escapeRegex(segment.slice(at, close + 1));
      at = close;
    } else source += escapeRegex(char);
  }
  return new RegExp(`^${source}$`);
}

/** `[z-a]` is a set with nothing in it for the shell, and a fault for a regular expression. */
function isClass(set: string): boolean {
  try {
    return new RegExp(`[${set}]`) !== null;
  } catch {
    return false;
  }
}

function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
