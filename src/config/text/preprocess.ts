import type { Diagnostics } from '../diagnostics.ts';
import type { FileReader } from '../file-reader.ts';
import { mayPrecedeSecret } from '../secrets.ts';
import { type IncludedFile, includeFiles } from './include.ts';
import { applyIncludeCheck, type Demands, demandsOf } from './include-level.ts';
import {
  cutWords,
  findResidue,
  readLines,
  type SourceLine,
  sliceLine,
  spanOf,
  splitBraces,
  stripLine,
  takesPattern,
  trimLine,
} from './lexer.ts';
import { isSequence, type Round, readSequence, sequenceHeadEnd } from './sequences.ts';
import { reportStrangeBlanks } from './strange-blanks.ts';
import { createVariables, type Variables } from './variables.ts';

/** That sequences and variables make; what stands in files is limited by their size. */
const maxMadeLines = 500_000;
/** Of sequences and variables of several lines. */
const maxNesting = 500;
/** Files that are read in all: two includes of two files each, and so on, would go on for ever. */
const maxFiles = 10_000;
/** A line above this is not looked at: it is no line of a configuration. */
const longestRead = 65_536;
/** keepalived's line buffer without its terminator. */
const longestLine = 1022;

/** Nearly all lines: no comment, quotation mark, variable, condition, include or brace but at the end; no odd character. */
const plain = /^(?![\t ]*include)[\w\t .:/,=+%-]*[{}]?[\t ]*$/;

export interface PreprocessOptions {
  readonly files: FileReader;
  /** `@id` keeps a line for these, `@^id` hides it from them. */
  readonly configIds: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly diagnostics: Diagnostics;
  /** Told of every line that `@id` keeps, with the id. */
  readonly onKept: (id: string, line: SourceLine) => void;
  /** Told of every file that was read, with its text. */
  readonly onSource: (path: string, text: string) => void;
}

/** Where lines come from; the innermost is asked first. */
type Source =
  | { readonly kind: 'file'; readonly path: string; readonly next: () => SourceLine | undefined }
  | { readonly kind: 'lines'; readonly lines: readonly SourceLine[]; next: number }
  | {
      readonly kind: 'files';
      readonly files: readonly IncludedFile[];
      readonly demands: Demands;
      /** The id of the `@id` before the include: what is in the files is for it alone. */
      readonly onlyFor: string | undefined;
      next: number;
    }
  | { readonly kind: 'rounds'; readonly rounds: readonly Round[]; readonly rest: SourceLine; next: number };

/**
 * The lines of a file as they stand after comments, conditions, definitions, sequences, variables and includes
 * (keepalived lib/parser.c:read_line, in the same order).
 */
export function* preprocess(entry: string, text: string, options: PreprocessOptions): Generator<SourceLine> {
  const { files, diagnostics, configIds } = options;
  const variables = createVariables(configIds[0] ?? '', options.environment, diagnostics);
  const stack: Source[] = [];
  let ready: SourceLine | null = null;
  let last: SourceLine = { file: entry, line: 1, text: ' ', offset: 0, columns: null };
  let open: { readonly name: string; readonly lines: SourceLine[] } | null = null;
  let demands: Demands = new Set();
  let onlyFor: string | undefined;
  let madeLines = 0;
  let filesRead = 0;

  pushFile(entry, text);
  for (let source = stack.at(-1); source !== undefined; source = stack.at(-1)) {
    if (source.kind === 'rounds' || source.kind === 'lines') madeLines++;
    if (madeLines > maxMadeLines || stack.length > maxNesting) {
      diagnostics.report(
        'too-many-lines',
        spanOf(last, 0, 1),
        'Sequences and variables make lines without end; nothing after this is read.',
        'Look for a variable of several lines that holds itself, or for a sequence that is too long.',
      );
      break;
    }
    takeFrom(source);
    if (ready === null) continue;
    last = onlyFor === undefined ? ready : keepFor(onlyFor, ready);
    ready = null;
    yield last;
  }
  closeDefinition();

  /** Makes the next line ready, or changes where lines come from. */
  function takeFrom(source: Source): void {
    if (source.kind === 'rounds') {
      const round = source.rounds[source.next++];
      if (round === undefined) stack.pop();
      else {
        for (const [name, value] of round) variables.define(name, { text: value });
        processLine(source.rest);
      }
    } else if (source.kind === 'files') {
      // include_check holds to the end of its file.
      demands = source.demands;
      onlyFor = source.onlyFor;
      const file = source.files[source.next++];
      if (file === undefined) {
        stack.pop();
        onlyFor = stack.findLast(around => around.kind === 'files')?.onlyFor;
      } else if (++filesRead <= maxFiles) pushFile(file.path, file.text);
      else {
        const message = `More than ${maxFiles} files are included; ${file.path} and what follows is not read.`;
        diagnostics.report('include-too-deep', spanOf(last, 0, 1), message, 'Include each file once.');
        stack.length = 0;
      }
    } else if (source.kind === 'lines') {
      const line = source.lines[source.next++];
      if (line === undefined) stack.pop();
      else processLine(line);
    } else {
      const line = source.next();
      if (line === undefined) stack.pop();
      else processPhysicalLine(line);
    }
  }

  function processPhysicalLine(line: SourceLine): void {
    if (open === null && line.text.length <= longestLine && plain.test(line.text)) {
      const trimmed = trimLine(line);
      if (trimmed.text !== '') ready = trimmed;
      return;
    }
    const nul = line.text.indexOf('\0');
    if (nul >= 0) {
      const message = 'This line holds a NUL byte; what follows it is ignored.';
      diagnostics.report('nul-byte', spanOf(line, nul, nul + 1), message, 'Write the file as plain text.');
      processPhysicalLine(sliceLine(line, 0, nul));
      return;
    }
    if (line.text.length > longestRead) {
      const message = `This line has ${line.text.length} characters and is ignored; ${longestRead} is the most that is read.`;
      const advice = 'Look whether this is a configuration; break the line into lines of their own.';
      diagnostics.report('line-too-long', spanOf(line, 0, 1), message, advice, { severity: 'error' });
      return;
    }
    if (line.text.length > longestLine) {
      const message = `This line has ${line.text.length} characters; keepalived reads ${longestLine}.`;
      diagnostics.report(
        'line-too-long',
        spanOf(line, longestLine, line.text.length),
        message,
        'Make the line shorter.',
      );
    }
    const stripped = stripLine(line);
    reportStrangeBlanks(stripped.line, diagnostics);
    if (stripped.cutsWord) {
      if (takesPattern(line.text)) {
        const advice = 'Put the pattern in quotation marks, or a blank behind the sign if it is a comment.';
        const message = 'A comment begins here, and what stands behind it is not looked for.';
        diagnostics.report('comment-cuts-word', stripped.cutsWord, message, advice, { severity: 'warning' });
      } else {
        const advice = 'Put a backslash before the sign, or the word in quotation marks, if it belongs to the word.';
        diagnostics.report('comment-cuts-word', stripped.cutsWord, 'A comment begins right behind a word.', advice);
      }
    }
    if (stripped.unterminated) {
      const advice = 'Close it on the same line: a text cannot go over several lines.';
      diagnostics.report('unterminated-quote', stripped.unterminated, 'This quotation mark is not closed.', advice);
    }
    if (open !== null) {
      if (stripped.line.text !== '') open.lines.push(stripped.line);
      if (!stripped.continued && !stripped.commentContinues) closeDefinition();
      return;
    }
    processLine(stripped.line, stripped.continued);
  }

  function processLine(given: SourceLine, continued = false): void {
    let line = given;
    let following: readonly SourceLine[] = [];
    for (let round = 0; round < 100; round++) {
      const kept = applyCondition(line);
      if (kept === null) break;
      line = kept;
      if (line.text === '' && !continued) break;
      if (readDefinition(line, continued)) break;
      if (isSequence(line)) {
        pushLines(following);
        startSequence(line);
        return;
      }
      const expanded = line.text.includes('$') ? variables.expand(line, files) : unchanged(line);
      following = [...expanded.following, ...following];
      if (!expanded.changed) {
        emit(line, continued);
        break;
      }
      line = stripLine(expanded.line).line;
    }
    pushLines(following);
  }

  function applyCondition(line: SourceLine): SourceLine | null {
    const match = line.text.startsWith('@') ? /^@(\^?)(\S*)[ \t]*/.exec(line.text) : null;
    if (match === null) return line;
    const id = match[2] ?? '';
    const isMeant = match[1] === '';
    // No id is this one: `@ x` is dropped, `@^ x` is kept.
    if ((id !== '' && configIds.includes(id)) !== isMeant) return null;
    const rest = sliceLine(line, match[0].length);
    if (!isMeant) return rest;
    return keepFor(id, rest);
  }

  function keepFor(id: string, line: SourceLine): SourceLine {
    options.onKept(id, line);
    return { ...line, onlyFor: id };
  }

  function readDefinition(line: SourceLine, continued: boolean): boolean {
    const match = line.text.startsWith('$') ? /^\$([A-Za-z_]\w*)=[ \t]*/.exec(line.text) : null;
    if (match === null) return false;
    const value = sliceLine(line, match[0].length);
    const name = match[1] ?? '';
    if (continued) open = { name, lines: value.text === '' ? [] : [trimLine(value)] };
    else variables.define(name, { text: value.text });
    return true;
  }

  function closeDefinition(): void {
    if (open !== null) variables.define(open.name, { lines: open.lines });
    open = null;
  }

  function startSequence(line: SourceLine): void {
    const end = Math.max(0, sequenceHeadEnd(line));
    const head = variables.expand(sliceLine(line, 0, end), files).line;
    const rest = trimLine(sliceLine(line, end));
    const sequence = readSequence(head);
    if (sequence.ok) stack.push({ kind: 'rounds', rounds: sequence.rounds, rest, next: 0 });
    else {
      const advice = 'Write ~SEQ(name, start, step, end) text or ~LST(name, value, value) text.';
      const message = `This sequence is malformed: ${sequence.message}.`;
      diagnostics.report('bad-sequence', spanOf(line, 0, Math.max(1, end)), message, advice);
    }
  }

  function emit(line: SourceLine, continued: boolean): void {
    const include = line.text.startsWith('include') ? /^include([rmwba]?)[ \t]+(.*)$/.exec(line.text) : null;
    if (include) {
      const pattern = sliceLine(line, line.text.length - (include[2] ?? '').length);
      const open = stack.filter(source => source.kind === 'file').map(source => source.path);
      const included = includeFiles(demandsOf(include[1] ?? '', demands), pattern, open, files, diagnostics);
      // What is kept for keepalived's own id is hidden from nobody.
      const hidden = line.onlyFor === configIds[0] ? undefined : line.onlyFor;
      stack.push({ kind: 'files', files: included, demands, onlyFor: hidden ?? onlyFor, next: 0 });
      return;
    }
    if (continued) {
      const advice = 'Write keyword and arguments on one line.';
      const message = 'A backslash at the end of a line continues nothing; keepalived makes it part of the last word.';
      diagnostics.report(
        'line-continuation',
        spanOf(line, Math.max(0, line.text.length - 1), line.text.length),
        message,
        advice,
      );
    }
    if (line.text === '') return;
    reportUndefined(line, diagnostics);
    if (line.text.includes('include_check')) readIncludeCheck(line);
    const residue = findResidue(line);
    ready = residue < 0 ? line : trimLine(sliceLine(line, 0, residue));
    if (residue >= 0) pushLines([sliceLine(line, residue)]);
  }

  function readIncludeCheck(line: SourceLine): void {
    for (const piece of splitBraces(line)) {
      const [keyword, ...words] = cutWords(piece.line);
      if (keyword?.text === 'include_check')
        demands = applyIncludeCheck(
          words.map(word => word.text),
          demands,
        );
    }
  }

  function pushLines(lines: readonly SourceLine[]): void {
    if (lines.length > 0) stack.push({ kind: 'lines', lines, next: 0 });
  }

  function pushFile(path: string, content: string): void {
    options.onSource(path, content);
    stack.push({ kind: 'file', path, next: readLines(path, cleanText(path, content, diagnostics)) });
  }
}

function unchanged(line: SourceLine): ReturnType<Variables['expand']> {
  return { line, following: [], changed: false };
}

function cleanText(path: string, text: string, diagnostics: Diagnostics): string {
  const start = { file: path, line: 1, column: 1, length: 1 };
  let clean = text;
  if (clean.startsWith('\uFEFF')) {
    const advice = 'Save the file as UTF-8 without a byte order mark.';
    diagnostics.report(
      'byte-order-mark',
      start,
      'The file begins with a byte order mark, which keepalived takes for a letter.',
      advice,
    );
    clean = clean.slice(1);
  }
  if (!clean.includes('\n') && clean.includes('\r')) {
    const advice = 'End lines with a line feed (sed -i "s/\\r/\\n/g").';
    diagnostics.report(
      'carriage-return',
      start,
      'Lines end with carriage returns only; keepalived sees one long line.',
      advice,
      // One long comment is a good line.
      { keepalived: !/^\s*[#!]/.test(clean) },
    );
    clean = clean.replaceAll('\r', '\n');
  }
  return clean;
}

/** Braces of an undefined variable would open a block in keepalived; in quotation marks it may be meant for a shell. */
function reportUndefined(line: SourceLine, diagnostics: Diagnostics): void {
  if (!line.text.includes('$')) return;
  const match = /\$(?:\{([A-Za-z_]\w*)(?:[ \t][^{}$"]*)?\}|([A-Za-z_]\w*)(?=[ \t,)]|$))/.exec(line.text);
  // What looks like a variable may be a part of a password.
  if (match === null || /^(@\S+\s+)?smtp_password\b/.test(line.text)) return;
  const quoted = (line.text.slice(0, match.index).split('"').length - 1) % 2 === 1;
  const judgement = quoted ? ({ severity: 'hint' } as const) : { keepalived: match[1] !== undefined };
  const span = spanOf(line, match.index, match.index + match[0].length);
  if (mayPrecedeSecret(line.text.slice(0, match.index))) {
    const message = 'What looks like a variable here is not defined. It is not named: it may be part of a secret.';
    const advice = 'Define it on a line before, if it is one.';
    diagnostics.report('undefined-variable', span, message, advice, judgement);
    return;
  }
  const advice = `Write $${match[1] ?? match[2]}=value on a line before it.`;
  diagnostics.report('undefined-variable', span, `${match[0]} is not defined.`, advice, judgement);
}
