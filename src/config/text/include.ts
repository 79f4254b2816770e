import type { Diagnostics } from '../diagnostics.ts';
import { type FileReader, resolveBeside } from '../file-reader.ts';
import { expandGlob, hasWildcard } from './glob.ts';
import { type SourceLine, spanOf } from './lexer.ts';

const maxDepth = 32;

export interface IncludedFile {
  readonly path: string;
  readonly text: string;
}

/**
 * The files of an include line. `level` is the letter behind `include`: r = readable, m = a match is needed, w = even
 * for a wildcard, b = for every alternative in braces, a = all of them. `open`: the files around.
 */
export function includeFiles(
  level: string,
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
  const groups = expandGlob(resolveBeside(pattern.file, pattern.text), files);
  reportMissing();
  return groups.flatMap(group => group.paths).flatMap(path => readOne(path));

  function reportMissing(): void {
    const none = groups.every(group => group.paths.length === 0);
    const someNone = groups.some(group => group.paths.length === 0);
    const wildcard = hasWildcard(pattern.text);
    const demanded =
      (level === 'm' && none && !wildcard) ||
      (level === 'w' && none) ||
      ((level === 'b' || level === 'a') && (none || someNone));
    const advice = pattern.text.startsWith('"')
      ? 'Write the name without quotation marks.'
      : 'Correct the name; a relative one is relative to the directory of this file.';
    const message = `No file matches ${pattern.text}.`;
    if (demanded) diagnostics.report('include-missing', span, message, advice, { severity: 'error', keepalived: true });
    else if (none) diagnostics.report('include-missing', span, message, advice, wildcard ? { severity: 'hint' } : {});
  }

  function readOne(path: string): readonly IncludedFile[] {
    if (open.includes(path)) {
      const message = `${path} includes itself.`;
      diagnostics.report('include-too-deep', span, message, 'Remove this include.');
      return [];
    }
    const read = files.read(path);
    if (!read.ok) {
      const message = `${path} cannot be read: ${read.detail}.`;
      diagnostics.report('include-unreadable', span, message, 'Correct its permissions, or remove the include.');
      return [];
    }
    if (read.executable) {
      const message = `${path} is executable: keepalived does not read it, checkalived does.`;
      diagnostics.report('executable-file', span, message, `Run chmod a-x ${path}.`);
    }
    return [{ path, text: read.text }];
  }
}
