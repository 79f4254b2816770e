import type { FileReader } from '../file-reader.ts';

const maxAlternatives = 1000;

/** The paths of a pattern with braces resolved, each with what it matches, in sorted order; directories left out. */
export function expandGlob(
  pattern: string,
  files: FileReader,
): readonly { readonly pattern: string; readonly paths: readonly string[] }[] {
  return expandBraces(pattern).map(alternative => ({
    pattern: alternative,
    paths: matchPath(alternative, files).filter(path => files.stat(path)?.kind !== 'directory'),
  }));
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
function matchPath(pattern: string, files: FileReader): readonly string[] {
  if (!hasWildcard(pattern)) {
    const found = files.read(pattern);
    return found.ok || found.reason !== 'missing' ? [pattern] : [];
  }
  const segments = pattern.split('/');
  let prefixes = [segments[0] === '' ? '/' : ''];
  for (const [index, segment] of segments.entries()) {
    if (segment === '') continue;
    const last = index === segments.length - 1;
    const separator = last ? '' : '/';
    prefixes = prefixes.flatMap(prefix => {
      if (!hasWildcard(segment)) {
        const known = last && !files.list(prefix === '' ? '.' : prefix).includes(segment);
        return known ? [] : [prefix + segment + separator];
      }
      const regex = segmentToRegex(segment);
      return files
        .list(prefix === '' ? '.' : prefix)
        .filter(name => regex.test(name) && (segment.startsWith('.') || !name.startsWith('.')))
        .map(name => prefix + name + separator);
    });
  }
  return prefixes.sort();
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
