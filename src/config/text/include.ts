import type { Diagnostics } from '../diagnostics.ts';
import { type FileReader, resolveBeside } from '../file-reader.ts';
import { expandGlob, type GlobAlternative, hasWildcard } from './glob.ts';
import type { Demand, Demands } from './include-level.ts';
import { type SourceLine, spanOf } from './lexer.ts';

const maxDepth = 32;

export interface IncludedFile {
  readonly path: string;
  readonly text: string;
}

/** The files of an include line, in order. `open`: the files around. */
export function includeFiles(
  demands: Demands,
  pattern: SourceLine,
  open: readonly string[],
  files: FileReader,
  diagnostics: Diagnostics,
): readonly IncludedFile[] {
  const span = spanOf(pattern, 0, pattern.text.length);
  if (open.length >= maxDepth) {
    const message = `More than ${maxDepth} files include one another.`;
    diagnostics.report('include-too-deep', span, message, 'Include files from fewer levels.');
    return [];
  }
  const { alternatives, complete } = expandGlob(resolveBeside(pattern.file, pattern.text), files);
  if (!complete) {
    const message = 'This include has to do with more names than can be looked at; nothing is read of it.';
    diagnostics.report('include-too-deep', span, message, 'Name the directory, and write fewer wildcards and braces.');
    return [];
  }
  const paths = alternatives.flatMap(alternative => alternative.paths);
  const missing = findMissing(pattern.text, alternatives);
  if (missing !== null) reportMissing(missing);
  return paths.flatMap(path => readOne(path));

  function reportMissing(demand: Demand): void {
    const advice = pattern.text.startsWith('"')
      ? 'Write the name without quotation marks.'
      : 'Correct the name; a relative one is relative to the directory of this file.';
    const message =
      paths.length === 0
        ? `No file matches ${pattern.text}.`
        : `A file of ${pattern.text} is missing; the others are read.`;
    const severity = demands.has(demand) ? 'error' : demand === 'wildcard_match' ? 'hint' : 'warning';
    diagnostics.report('include-missing', span, message, advice, { severity, keepalived: demands.has(demand) });
  }

  function readOne(path: string): readonly IncludedFile[] {
    if (open.includes(path)) {
      const message = `${path} includes itself.`;
      diagnostics.report('include-too-deep', span, message, 'Remove this include.');
      return [];
    }
    const read = files.read(path);
    const keepalived = demands.has('read');
    if (!read.ok && read.reason === 'directory' && hasWildcard(pattern.text) && !keepalived) return [];
    if (!read.ok) {
      const message = `${path} cannot be read: ${read.detail}.`;
      const advice =
        read.reason === 'directory'
          ? 'Name the files in it: DIRECTORY/*.conf.'
          : read.reason === 'denied'
            ? 'Correct its permissions, or remove the include.'
            : 'Name a readable file, or remove the include.';
      const severity = read.reason === 'directory' && !keepalived ? 'hint' : 'error';
      diagnostics.report('include-unreadable', span, message, advice, { severity, keepalived });
      return [];
    }
    if (read.executable) {
      const message = `${path} is executable: keepalived does not read it, checkalived does.`;
      diagnostics.report('executable-file', span, message, `Run chmod a-x ${path}.`, { keepalived });
    }
    return [{ path, text: read.text }];
  }
}

/** The demand that is not met; which one that is depends on what is missing (keepalived lib/parser.c:open_and_check_glob). */
function findMissing(pattern: string, alternatives: readonly GlobAlternative[]): Demand | null {
  const none = alternatives.every(({ paths }) => paths.length === 0);
  const missing = alternatives.some(alternative => alternative.missing);
  if (!none) return missing ? 'brace_match' : null;
  if (!missing) return hasWildcard(pattern) ? 'wildcard_match' : 'match';
  return pattern.includes('{') ? 'brace_match' : 'match';
}
