import { Buffer } from 'node:buffer';
import type { LibraryHandle } from 'koffi';
import type { Pattern, PatternOutcome, PatternSpec, Patterns } from '../model/ports.ts';
import type { Ms } from '../model/time.ts';
import { loadKoffi } from './foreign.ts';

// <pcre2.h>: keepalived check_http.c:regex_options has the same names for them.
const optionBits: Readonly<Record<string, number>> = {
  allow_empty_class: 0x00000001,
  alt_bsux: 0x00000002,
  auto_callout: 0x00000004,
  caseless: 0x00000008,
  dollar_endonly: 0x00000010,
  dotall: 0x00000020,
  dupnames: 0x00000040,
  extended: 0x00000080,
  firstline: 0x00000100,
  match_unset_backref: 0x00000200,
  multiline: 0x00000400,
  never_ucp: 0x00000800,
  never_utf: 0x00001000,
  no_auto_capture: 0x00002000,
  no_auto_possess: 0x00004000,
  no_dotstar_anchor: 0x00008000,
  no_start_optimize: 0x00010000,
  ucp: 0x00020000,
  ungreedy: 0x00040000,
  utf: 0x00080000,
  never_backslash_c: 0x00100000,
  alt_circumflex: 0x00200000,
  alt_verbnames: 0x00400000,
  use_offset_limit: 0x00800000,
};
const noStartOptimize = 0x00010000;
const useOffsetLimit = 0x00800000;
const noUtfCheck = 0x40000000;
const noMatch = -1;
const matchLimitReached = -47;
/** PCRE2_NOTEOL */
const notEndOfLine = 0x2;
/** Steps of the search from one byte on, PCRE2's own default and so keepalived's: 0.1 s of our loop at the most. */
const matchLimit = 10_000_000;
/** KiB of memory of one search. */
const heapLimit = 65_536;
/**
 * PCRE2 begins anew at each byte, each time with all its steps, and what runs to the end of the body from most of its
 * bytes (`\w+@`) takes minutes for a megabyte. So what is longer than this is searched in parts.
 */
const smallSubject = 1024;
/** Of one part: bytes to begin at times bytes to the end, and that times steps, of which each may go to the end as well. */
const mostBytes = 1_000_000_000;
/** Steps from each byte, at the least; what does not come to an end is tried with more from fewer bytes. */
const fewSteps = 4;
const finer = 16;
/** Of a search in parts. */
const longestSearch: Ms = 3000;
/** Where the meaning would change with where a search begins. */
const indivisible = /\\G|\(\*/;
const libraries: readonly string[] = ['libpcre2-8.so.0', 'libpcre2-8.so', 'libpcre2-8.dylib', 'libpcre2-8.0.dylib'];
const absent = 'the library PCRE2 is not installed: install the package libpcre2-8-0 (or pcre2)';

type Address = bigint | null;
interface Pcre2 {
  compile(
    pattern: Uint8Array,
    length: number,
    options: number,
    error: number[],
    offset: number[],
    context: Address,
  ): Address;
  createMatchData(code: Address, context: Address): Address;
  createMatchContext(context: Address): Address;
  setMatchLimit(context: Address, limit: number): number;
  setHeapLimit(context: Address, limit: number): number;
  /** Of places where a match may begin. */
  setOffsetLimit(context: Address, last: number): number;
  match(
    code: Address,
    subject: Uint8Array,
    length: number,
    start: number,
    options: number,
    data: Address,
    context: Address,
  ): number;
  /** Starts and ends of the match and its groups, in turn. */
  places(data: Address, count: number): readonly bigint[];
  ovectorCount(data: Address): number;
  message(error: number, buffer: Uint8Array, length: number): number;
}

/** PCRE2, the library that keepalived searches with; every search is bounded in steps and memory. */
export const patterns: Patterns = createPatterns();

function createPatterns(): Patterns {
  let library: Pcre2 | null | undefined;
  let limits: Limits = { whole: null, parts: null };
  const known = new Map<string, ReturnType<Patterns['compile']>>();
  const compile = ({ pattern, options }: PatternSpec): ReturnType<Patterns['compile']> => {
    if (library === undefined) {
      library = loadPcre2();
      if (library !== null) limits = { whole: createLimits(library), parts: createLimits(library) };
    }
    if (library === null) return { ok: false, detail: absent };
    const bytes = Buffer.from(pattern);
    const error = [0];
    const offset = [0];
    const bits = options.reduce((sum, name) => sum | (optionBits[name] ?? 0), 0);
    const code = library.compile(bytes, bytes.length, bits, error, offset, null);
    if (code === null) return { ok: false, detail: `${describe(library, error[0] ?? 0)} at character ${offset[0]}` };
    const divisible = !indivisible.test(pattern) && !options.includes('firstline');
    // Without its optimisations no call looks further for a beginning than it was told.
    const inParts = divisible
      ? library.compile(bytes, bytes.length, bits | noStartOptimize | useOffsetLimit, error, offset, null)
      : null;
    return { ok: true, pattern: createPattern(library, { code, inParts }, limits) };
  };
  return {
    compile(spec) {
      const key = JSON.stringify([spec.pattern, spec.options]);
      const compiled = known.get(key) ?? compile(spec);
      known.set(key, compiled);
      return compiled;
    },
  };
}

/** For a search in one call, and in parts; both are shared, and set anew for each call in parts. */
interface Limits {
  readonly whole: Address;
  readonly parts: Address;
}
interface Compiled {
  readonly code: Address;
  /** null = what it means depends on where the search begins. */
  readonly inParts: Address;
}

function createPattern(library: Pcre2, { code, inParts }: Compiled, limits: Limits): Pattern {
  const data = library.createMatchData(code, null);
  return {
    search(subject, from = 0, end = 'closed'): PatternOutcome {
      if (from > subject.length) return { kind: 'none' };
      // An empty array has no address, which PCRE2 takes for a fault.
      const bytes = subject.length === 0 ? Buffer.alloc(1) : subject;
      const options = end === 'open' ? notEndOfLine : 0;
      const isLarge = inParts !== null && subject.length - from > smallSubject;
      const count = isLarge
        ? searchInParts(library, { code: inParts, data, context: limits.parts }, subject, from, options)
        : library.match(code, bytes, subject.length, from, options, data, limits.whole);
      if (count === 'too long') return { kind: 'failed', detail: 'it takes too long in so much text' };
      if (count === noMatch) return { kind: 'none' };
      if (count < 0) return { kind: 'failed', detail: describe(library, count) };
      return readMatch(library, data, subject, count);
    },
  };
}

/** Each call has a bounded cost, so that it is known soon when all of them would take too long. */
function searchInParts(
  library: Pcre2,
  { code, data, context }: { readonly code: Address; readonly data: Address; readonly context: Address },
  subject: Uint8Array,
  from: number,
  options: number,
): number | 'too long' {
  const widest = Math.max(1, Math.min(subject.length, Math.floor(mostBytes / subject.length)));
  const fewest = Math.max(widest, 1_000) * fewSteps;
  const until = performance.now() + longestSearch;
  let width = widest;
  let steps = Math.ceil(fewest / width);
  for (let start = from; start <= subject.length; ) {
    const began = performance.now();
    let next = Math.min(start + width, subject.length + 1);
    // Not amid a letter.
    while (((subject[next] ?? 0) & 0xc0) === 0x80 && next < start + width + longestLetter) next++;
    library.setOffsetLimit(context, next - 1);
    library.setMatchLimit(context, Math.min(steps, matchLimit));
    // The first call has looked at all of the subject.
    const checked = start > from ? noUtfCheck : 0;
    const count = library.match(code, subject, subject.length, start, options | checked, data, context);
    const now = performance.now();
    if (count !== noMatch && (count !== matchLimitReached || steps >= matchLimit)) return count;
    if (now > until) return 'too long';
    if (count === noMatch) {
      start = next;
      width = Math.min(widest, width * 2);
      steps = Math.ceil(fewest / width);
    } else if (width > 1) {
      width = Math.max(1, Math.floor(width / finer));
      steps = Math.ceil(fewest / width);
    } else if (now + (now - began) * finer > until) return 'too long';
    else steps *= finer;
  }
  return noMatch;
}

/** Bytes of UTF-8. */
const longestLetter = 4;

function readMatch(library: Pcre2, data: Address, subject: Uint8Array, count: number): PatternOutcome {
  const pairs = library.ovectorCount(data);
  const places = library.places(data, pairs * 2);
  const text = Buffer.from(subject.buffer, subject.byteOffset, subject.length);
  const groups = Array.from({ length: pairs - 1 }, (_, index) => {
    const start = places[2 * index + 2] ?? 0n;
    const end = places[2 * index + 3] ?? 0n;
    const isSet = index + 1 < count && start <= BigInt(subject.length);
    return isSet ? text.toString('latin1', Number(start), Number(end)) : null;
  });
  return { kind: 'match', start: Number(places[0]), end: Number(places[1]), groups };
}

function loadPcre2(): Pcre2 | null {
  const koffi = loadKoffi();
  const library = koffi && openFirst(koffi.load);
  if (koffi === null || library === null) return null;
  const ovector = library.func('void *pcre2_get_ovector_pointer_8(void *)');
  return {
    compile: library.func('void *pcre2_compile_8(const void *, size_t, uint32_t, _Out_ int *, _Out_ size_t *, void *)'),
    createMatchData: library.func('void *pcre2_match_data_create_from_pattern_8(void *, void *)'),
    createMatchContext: library.func('void *pcre2_match_context_create_8(void *)'),
    setMatchLimit: library.func('int pcre2_set_match_limit_8(void *, uint32_t)'),
    setOffsetLimit: library.func('int pcre2_set_offset_limit_8(void *, size_t)'),
    setHeapLimit: library.func('int pcre2_set_heap_limit_8(void *, uint32_t)'),
    match: library.func('int pcre2_match_8(void *, const void *, size_t, size_t, uint32_t, void *, void *)'),
    places: (data, count) => Array.from(koffi.decode(ovector(data), 'uint64_t', count), BigInt),
    ovectorCount: library.func('uint32_t pcre2_get_ovector_count_8(void *)'),
    message: library.func('int pcre2_get_error_message_8(int, _Out_ uint8_t *, size_t)'),
  };
}

function createLimits(library: Pcre2): Address {
  const context = library.createMatchContext(null);
  library.setMatchLimit(context, matchLimit);
  library.setHeapLimit(context, heapLimit);
  return context;
}

function openFirst(load: (name: string) => LibraryHandle): LibraryHandle | null {
  for (const name of libraries) {
    try {
      return load(name);
    } catch {
      // The next name, then.
    }
  }
  return null;
}

function describe(library: Pcre2, error: number): string {
  const buffer = Buffer.alloc(256);
  const length = library.message(error, buffer, buffer.length);
  return length > 0 ? buffer.toString('latin1', 0, length) : `PCRE2 error ${error}`;
}
