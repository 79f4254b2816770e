import type { Span } from '../model/span.ts';

type Severity = 'error' | 'warning' | 'hint';

/** A fault of a configuration, with what to write instead. */
export interface Diagnostic {
  readonly severity: Severity;
  readonly code: string;
  /** What is wrong: a whole sentence. */
  readonly message: string;
  /** What to write instead; empty when the message says it all. */
  readonly hint: string;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  readonly length: number;
  /** keepalived 2.2.7 `-t` complains about this too. */
  readonly keepalived: boolean;
}

interface CodeRow {
  readonly severity: Severity;
  readonly keepalived: boolean;
  /** One sentence for the reference. */
  readonly meaning: string;
}
const error = (keepalived: boolean, meaning: string): CodeRow => ({ severity: 'error', keepalived, meaning });
const warning = (keepalived: boolean, meaning: string): CodeRow => ({ severity: 'warning', keepalived, meaning });
const hint = (keepalived: boolean, meaning: string): CodeRow => ({ severity: 'hint', keepalived, meaning });

/** Every code of this reader with its usual severity. Checkers bring codes of their own. */
export const codeTable = {
  'byte-order-mark': warning(true, 'The file begins with a byte order mark.'),
  'carriage-return': warning(true, 'Lines end with carriage returns only.'),
  'nul-byte': warning(false, 'A line holds a NUL byte.'),
  'line-too-long': warning(true, 'A line is longer than keepalived can read.'),
  'strange-blank': warning(false, 'A no-break space or the like stands where it is part of a word.'),
  'comment-cuts-word': hint(false, 'A # or ! in the middle of a word starts a comment.'),
  'unterminated-quote': warning(true, 'A quotation mark is not closed on its line.'),
  'line-continuation': warning(true, 'A backslash at the end of a line continues nothing.'),
  'variable-loop': warning(false, 'A variable refers to itself or grows without end.'),
  'undefined-variable': warning(false, 'A variable is used that is not defined.'),
  'multi-line-variable': warning(false, 'Text stands behind a variable of several lines.'),
  'bad-sequence': warning(true, 'A ~SEQ or ~LST is malformed.'),
  'too-many-lines': error(false, 'Sequences and variables make more lines than any configuration has.'),
  'too-many-faults': hint(false, 'More faults than anybody would read; as grave as the gravest that is left out.'),
  'include-missing': warning(false, 'No file matches an include.'),
  'include-unreadable': error(false, 'An included file cannot be read.'),
  'include-too-deep': error(false, 'Files include one another too deeply.'),
  'executable-file': warning(false, 'The file has an execute bit: keepalived does not read it.'),
  'unexpected-brace': warning(true, 'An opening brace stands where no block begins.'),
  'missing-open-brace': warning(true, 'A block lacks its opening brace.'),
  'missing-brace': warning(true, 'A block is not closed.'),
  'extra-brace': warning(true, 'A closing brace closes nothing.'),
  'unknown-keyword': warning(true, 'No such keyword in this block.'),
  'unknown-block': warning(true, 'No such block here.'),
  'unknown-checker': error(true, 'No such checker.'),
  'unsupported-checker': error(false, 'keepalived has this checker, checkalived has not.'),
  'removed-keyword': warning(true, 'The keyword was removed from keepalived.'),
  'deprecated-keyword': warning(true, 'The keyword has a newer name.'),
  'newer-keyword': hint(true, 'keepalived 2.2.7 does not know the keyword yet.'),
  'newer-value': hint(true, 'keepalived 2.2.7 does not take the value yet.'),
  'missing-argument': warning(true, 'A keyword lacks its argument.'),
  'surplus-words': hint(false, 'Words behind the arguments are ignored.'),
  'ignored-value': hint(false, 'keepalived passes over a value without a word.'),
  'flag-argument': warning(false, 'A keyword that takes no argument has one.'),
  'repeated-keyword': warning(true, 'A keyword stands twice.'),
  'bad-value': warning(true, 'A value is not of the kind that the keyword takes.'),
  'out-of-range': warning(true, 'A number is outside its range.'),
  'too-many-decimals': warning(true, 'A time has more than six decimals.'),
  'bad-address': warning(true, 'An address is none.'),
  'bad-script': warning(true, 'A command line cannot be read.'),
  'empty-list': warning(true, 'A list block is empty.'),
  'no-real-server': warning(true, 'A virtual_server has no real server.'),
  'unknown-group': error(false, 'A virtual_server names a group that does not exist.'),
  'bad-group': error(true, 'A virtual_server_group is of no use.'),
  'bad-group-entry': error(true, 'An entry of a virtual_server_group cannot be used.'),
  'repeated-group': warning(false, 'Two groups have one name.'),
  'repeated-real-server': warning(true, 'A real server stands twice in its virtual_server.'),
  'family-mismatch': error(true, 'Addresses of different families meet.'),
  'no-persistence': warning(true, 'A virtual_server on all ports must be persistent.'),
  'default-assumed': warning(true, 'A keyword that should be there is left out.'),
  'fwmark-protocol': warning(true, 'A fwmark service has no protocol.'),
  'wrong-scheduler': warning(true, 'A flag belongs to another scheduler.'),
  'wrong-order': warning(true, 'A keyword stands before the one that it belongs to.'),
  'ha-suspend-fwmark': warning(true, 'ha_suspend needs a virtual address.'),
  'ops-needs-udp': warning(true, 'One-packet scheduling is for UDP.'),
  'sorry-server-inhibit': warning(
    true,
    'The sorry server is also a real server, and only one of the two is inhibited.',
  ),
  'weight-changed': warning(false, 'A weight is larger than the kernel takes.'),
  'repeated-name': warning(true, 'Two blocks of one kind have one name.'),
  'unknown-name': warning(true, 'A name is used that no block has, or none before.'),
  'repeated-entry': warning(true, 'An entry of a list stands twice.'),
  'missing-keyword': warning(true, 'A block lacks a keyword that it needs.'),
  'conflicting-keywords': warning(true, 'Keywords of a block contradict each other.'),
  'strict-conflict': warning(true, 'vrrp_strict or strict_mode forbids what a vrrp_instance asks for.'),
  'authentication-ignored': warning(true, 'The authentication of a vrrp_instance cannot be used.'),
  'no-virtual-address': warning(true, 'A vrrp_instance has no virtual address.'),
  'ignored-weight': warning(true, 'A weight of a tracker is ignored: in a sync group, or with priority 255.'),
  'sync-group-members': warning(true, 'A vrrp_sync_group has not the members that it needs.'),
  'own-value-file': error(false, 'A FILE_CHECK reads what checkalived itself writes.'),
  'unusable-checker': error(true, 'A checker lacks what it needs.'),
  'plugin-not-loaded': error(false, 'A plug-in is not there, or cannot be loaded.'),
  'plugin-insecure': error(false, 'Others may write to a plug-in that would be loaded by root.'),
  'plugin-contract': error(false, 'A plug-in exports no checker, or one that is not as the contract says.'),
  'plugin-keyword': error(false, 'The keyword of a plug-in is taken.'),
  'plugin-changed': warning(false, 'A plug-in was changed after it was loaded.'),
  'plugin-bug': error(false, 'A plug-in failed where it was asked what to check.'),
} as const satisfies Readonly<Record<string, CodeRow>>;
export type Code = keyof typeof codeTable;

/** Where a code's usual severity or keepalived's opinion does not fit. */
interface Judgement {
  readonly severity?: Severity;
  readonly keepalived?: boolean;
}

const tooMany = {
  code: 'too-many-faults',
  message: 'There are more than 10000 faults; from here on they are not listed.',
  hint: 'Mend the first ones and look again.',
} as const satisfies Partial<Diagnostic> & { readonly code: Code };

/** Takes the faults as they are found; the same fault at the same place counts once. */
export interface Diagnostics {
  report(code: Code, span: Span, message: string, advice: string, judgement?: Judgement): void;
  add(diagnostic: Diagnostic): void;
  list(): readonly Diagnostic[];
  /** Every error so far, in the order of finding; for asking what went wrong since. */
  errors(): readonly Diagnostic[];
}

/** Nobody reads more, and a loop could make millions. */
const mostListed = 10_000;

export function collectDiagnostics(): Diagnostics {
  const found = new Map<string, Diagnostic>();
  const errors: Diagnostic[] = [];
  // Advice must not push out an error, which is why a configuration is refused.
  const listed = { error: 0, other: 0 };
  const add = (diagnostic: Diagnostic) => {
    const kind = diagnostic.severity === 'error' ? 'error' : 'other';
    // Above the limit one stands for all: that there was an error still counts.
    if (kind === 'error') errors.push(errors[mostListed] ?? diagnostic);
    const { file, line, column, code, message } = diagnostic;
    const key = `${file}\n${line}:${column} ${code} ${message}`;
    if (found.has(key)) return;
    if (listed[kind]++ < mostListed) found.set(key, diagnostic);
    else found.set('', describeMore(found.get(''), diagnostic));
  };
  return {
    add,
    report: (code, { file, line, column, length }, message, advice, judgement = {}) => {
      const { severity, keepalived } = { ...codeTable[code], ...judgement };
      add({ severity, code, message, hint: advice, file, line, column, length, keepalived });
    },
    list: () => [...found.values()],
    errors: () => errors,
  };
}

const grades: readonly Severity[] = ['hint', 'warning', 'error'];

/** What stands for all that is not listed, at the place of the first. */
function describeMore(before: Diagnostic | undefined, { severity, keepalived, ...place }: Diagnostic): Diagnostic {
  if (before === undefined) return { ...place, ...tooMany, severity, keepalived };
  const isGraver = grades.indexOf(severity) > grades.indexOf(before.severity);
  if (!isGraver && (before.keepalived || !keepalived)) return before;
  return { ...before, severity: isGraver ? severity : before.severity, keepalived: before.keepalived || keepalived };
}
