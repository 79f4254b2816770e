import { Buffer } from 'node:buffer';
import type { Patterns } from '../src/model/ports.ts';
import { type Question, readHeader, readRecords, type Section } from './dns-message.ts';
import { rcodeNames } from './dns-params.ts';
import type { Verdict } from './exchange.ts';

/** A pattern that a record of a section must match, or that none may. */
export interface RecordRule {
  readonly section: Section;
  readonly must: 'match' | 'not match';
  readonly pattern: string;
}
export interface Expectation {
  readonly question: Question;
  /** Names of the codes that pass. */
  readonly rcodes: readonly string[];
  readonly rules: readonly RecordRule[];
}

/**
 * `wait`: it does not answer this query, as keepalived check_dns.c:dns_recv_thread sees it. `truncated`: the records
 * that are to be looked at did not fit.
 */
export function judgeMessage(
  bytes: Uint8Array,
  id: number,
  { question, rcodes, rules }: Expectation,
  patterns: Patterns,
): 'wait' | 'truncated' | Verdict {
  const header = readHeader(bytes);
  if (header === null || header.id !== id || !header.response) return 'wait';
  const rcode = rcodeNames[header.rcode] ?? `RCODE${header.rcode}`;
  const answered = `${describeQuestion(question)}: ${rcode}`;
  if (!rcodes.includes(rcode)) {
    return { ok: false, reason: 'dns', detail: shorten(`${answered}, expected ${rcodes.join(' or ')}`) };
  }
  if (rules.length === 0) return { ok: true, detail: shorten(answered) };
  if (header.truncated) return 'truncated';
  const records = readRecords(bytes);
  if (records === null) return { ok: false, reason: 'protocol', detail: shorten(`${answered}, no readable records`) };
  for (const rule of rules) {
    const fault = findFault(rule, records[rule.section], patterns);
    if (fault !== null) return { ok: false, reason: 'body', detail: shorten(fault) };
  }
  return { ok: true, detail: shorten(`${answered}, records as expected`) };
}

function describeQuestion({ name, type, class: questionClass }: Question): string {
  return [name, ...(questionClass === 'IN' ? [] : [questionClass]), type].join(' ');
}

function findFault(
  { section, must, pattern }: RecordRule,
  records: readonly string[],
  patterns: Patterns,
): string | null {
  const compiled = patterns.compile({ pattern, options: [] });
  if (!compiled.ok) return `pattern ${pattern}: ${compiled.detail}`;
  for (const record of records) {
    const outcome = compiled.pattern.search(Buffer.from(record));
    if (outcome.kind === 'failed') return `pattern ${pattern}: ${outcome.detail}`;
    if (outcome.kind === 'none') continue;
    return must === 'match' ? null : `${section}: ${record} matches ${pattern}`;
  }
  if (must === 'not match') return null;
  return `${section}: none of ${records.length} records matches ${pattern}`;
}

const longestDetail = 190;

function shorten(text: string): string {
  return text.length <= longestDetail ? text : `${text.slice(0, longestDetail - 3)}...`;
}
