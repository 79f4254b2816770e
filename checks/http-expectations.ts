import { Buffer } from 'node:buffer';
import type { HttpHeaders, Patterns } from '../src/model/ports.ts';
import type { Verdict } from './exchange.ts';
import type { KeptBody } from './http-body.ts';
import type { Expectations } from './http-client-plan.ts';
import { quoteBytes } from './quote.ts';

/** null = headers and JSON are as they should be. */
export function judgeExpectations(
  { headers, json }: Expectations,
  answer: { readonly headers: HttpHeaders; readonly body: KeptBody | null },
  patterns: Patterns,
): Verdict | null {
  const fail = (detail: string): Verdict => ({ ok: false, reason: 'body', detail });
  for (const { name, pattern, wanted } of headers) {
    const values = answer.headers.get(name) ?? [];
    const found = pattern === null ? values.length > 0 : findValue(values, pattern, patterns);
    if (typeof found === 'string') return fail(`the pattern for header ${name} was given up: ${found}`);
    if (found === wanted) continue;
    if (wanted && values.length === 0) return fail(`header ${name} is missing`);
    return fail(`header ${name} is ${quote(values.join(', '))}`);
  }
  if (json.length === 0 || answer.body === null) return null;
  if (!answer.body.whole)
    return fail(`the body is longer than ${answer.body.bytes.length} bytes, and no more is read as JSON`);
  const parsed = parseJson(answer.body);
  if (parsed === null) return fail(`the body is no JSON: ${quoteBytes(answer.body.bytes)}`);
  for (const { path, value } of json) {
    const found = lookUp(parsed.value, path);
    if (isSame(found, value)) continue;
    return fail(`${path} is ${describe(found)}, expected ${quote(value)}`);
  }
  return null;
}

/** Whether one of the values matches; a text = that could not be found out. */
function findValue(values: readonly string[], pattern: string, patterns: Patterns): boolean | string {
  const compiled = patterns.compile({ pattern, options: [] });
  if (!compiled.ok) return compiled.detail;
  for (const value of values) {
    const outcome = compiled.pattern.search(Buffer.from(value));
    if (outcome.kind === 'match') return true;
    if (outcome.kind === 'failed') return outcome.detail;
  }
  return false;
}

function parseJson({ bytes }: KeptBody): { readonly value: unknown } | null {
  try {
    // Without a byte order mark: RFC 8259 lets readers pass over it.
    return { value: JSON.parse(new TextDecoder().decode(bytes)) };
  } catch {
    return null;
  }
}

function lookUp(value: unknown, path: string): unknown {
  return path.split('.').reduce((found: unknown, name) => {
    const isThere = typeof found === 'object' && found !== null && Object.hasOwn(found, name);
    return isThere ? Reflect.get(found, name) : undefined;
  }, value);
}

/** Quotation marks do not survive in a configuration: `1` is meant for the number and for the text. */
function isSame(found: unknown, value: string): boolean {
  if (typeof found === 'object' && found !== null) return false;
  if (typeof found === 'number') return value.trim() !== '' && Number(value) === found;
  return found !== undefined && String(found) === value;
}

/** Lists and objects may be too deep to be shown. */
function describe(found: unknown): string {
  if (found === undefined) return 'missing';
  if (Array.isArray(found)) return 'a list';
  return typeof found === 'object' && found !== null ? 'an object' : quote(String(found));
}

function quote(text: string): string {
  return quoteBytes(Buffer.from(text));
}
