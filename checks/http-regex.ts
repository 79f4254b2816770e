import { Buffer } from 'node:buffer';
import type { CheckTarget, Report } from '../src/model/check.ts';
import type { Values } from '../src/model/params.ts';
import type { Patterns } from '../src/model/ports.ts';
import type { Verdict } from './exchange.ts';
import type { KeptBody } from './http-body.ts';
import { quoteBytes } from './quote.ts';

/** What is sought in a body, and where. */
export interface RegexSpec {
  readonly pattern: string;
  readonly options: readonly string[];
  /** false = it must not be there. */
  readonly wanted: boolean;
  /** First and last byte of the body where a match may begin; null = anywhere. */
  readonly from: number;
  readonly to: number | null;
}

/** The pattern of a url; null = there is none, or none that can be used (reported as an error). */
export function planRegex(url: Values, { patterns }: CheckTarget, report: Report): RegexSpec | null {
  const pattern = url.get<string>('regex');
  if (pattern === undefined) {
    // keepalived check_http.c:url_check lets go of them with a line in its log.
    const alone = companions.find(name => url.has(name));
    if (alone !== undefined) {
      report(
        'warning',
        'regex-alone',
        `${alone} has no effect without regex`,
        url.spanOf(alone),
        'write regex "PATTERN"',
      );
    }
    return null;
  }
  const options = url.get<readonly string[]>('regex_options') ?? [];
  const from = url.get<number>('regex_min_offset') ?? 0;
  const to = url.get<number>('regex_max_offset') ?? null;
  const compiled = patterns.compile({ pattern, options });
  if (!compiled.ok) {
    const advice = 'correct the pattern: it is one of PCRE2, see pcre2pattern(3)';
    report('error', 'bad-pattern', `regex cannot be used: ${compiled.detail}`, url.spanOf('regex'), advice);
    return null;
  }
  if (to !== null && from > to) {
    const message = `regex_min_offset ${from} is above regex_max_offset ${to}: a match can begin nowhere`;
    report(
      'error',
      'regex-offsets',
      message,
      url.spanOf('regex_min_offset'),
      'write the smaller number first, or neither',
    );
    return null;
  }
  return { pattern, options, wanted: !url.has('regex_no_match'), from, to };
}

const companions = ['regex_no_match', 'regex_options', 'regex_min_offset', 'regex_max_offset', 'regex_stack'] as const;

/** null = the body is as it should be. What could not be searched is never taken for good. */
export function judgeRegex(spec: RegexSpec, body: KeptBody, patterns: Patterns): Verdict | null {
  const name = `regex ${quoteBytes(Buffer.from(spec.pattern))}`;
  const fail = (what: string): Verdict => ({ ok: false, reason: 'body', detail: `${name} ${what}` });
  const compiled = patterns.compile(spec);
  // It could be when the configuration was read: the library is gone.
  if (!compiled.ok) return { ok: false, reason: 'local', detail: `${name} cannot be used: ${compiled.detail}` };
  const outcome = compiled.pattern.search(body.bytes, spec.from);
  if (outcome.kind === 'failed') return fail(`was given up: ${outcome.detail}`);
  const matches = outcome.kind === 'match' && (spec.to === null || outcome.start <= spec.to);
  if (matches) return spec.wanted ? null : fail(`matches at byte ${outcome.start}`);
  if (!body.whole) return fail(`does not match in the first ${body.bytes.length} bytes, and no more are searched`);
  if (!spec.wanted) return null;
  if (outcome.kind === 'match') return fail(`matches at byte ${outcome.start} only, after ${spec.to}`);
  return fail('does not match');
}
