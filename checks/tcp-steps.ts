import { Buffer } from 'node:buffer';
import type { CheckTarget, Report } from '../src/model/check.ts';
import type { NamedValue, Values } from '../src/model/params.ts';
import type { PatternSpec } from '../src/model/ports.ts';
import type { TextPart } from './escaped-text.ts';
import { type RefuseValue, stepParams } from './tcp-params.ts';

/** What happens in a dialogue on one connection; bytes are written one character each. */
export type TalkStep =
  | { readonly kind: 'send'; readonly parts: readonly TextPart[] }
  | { readonly kind: 'expect'; readonly pattern: string }
  | { readonly kind: 'expect_hex'; readonly bytes: string }
  | { readonly kind: 'refuse'; readonly pattern: string; readonly min: number }
  | { readonly kind: 'starttls' };
export type TcpStep = TalkStep | { readonly kind: 'connect'; readonly port: number };

/** The steps of a block in the order in which they are written; null when one is impossible (reported). */
export function planSteps(values: Values, { patterns }: CheckTarget, report: Report): readonly TcpStep[] | null {
  const lines = values
    .inOrder(stepParams.map(({ name }) => name))
    .map(line => ({ step: toStep(line), span: line.span }));
  let possible = true;
  let expects = false;
  const startsSecure = values.get<boolean>('tls') === true;
  let secure = startsSecure;
  for (const { step, span } of lines) {
    const refuse = (code: string, message: string, hint: string): void => {
      report('error', code, message, span, hint);
      possible = false;
    };
    if (step.kind === 'expect' || step.kind === 'refuse') {
      const compiled = patterns.compile(patternOf(step.pattern));
      if (!compiled.ok) refuse('bad-pattern', `this pattern cannot be used: ${compiled.detail}`, 'correct the pattern');
    }
    if (step.kind === 'send' && !expects && step.parts.some(part => typeof part === 'number')) {
      const message = 'no expect stands before this send, whose group could be sent';
      refuse('group-without-expect', message, 'write \\\\ for a backslash');
    }
    expects ||= step.kind === 'expect';
    if (step.kind === 'connect') secure = startsSecure;
    if (step.kind !== 'starttls') continue;
    if (secure) {
      const message = 'the connection speaks TLS already when it comes to this starttls';
      refuse('tls-twice', message, startsSecure ? 'remove it, or tls' : 'remove it');
    }
    secure = true;
  }
  return possible ? lines.map(({ step }) => step) : null;
}

/** `^` and `$` are for lines, of which a dialogue is made mostly. */
export function patternOf(pattern: string): PatternSpec {
  return { pattern, options: ['multiline'] };
}

/** As written in the file, shortened. */
export function describeStep(step: TcpStep): string {
  switch (step.kind) {
    case 'connect':
      return `connect ${step.port}`;
    case 'expect':
    case 'refuse':
      return `${step.kind} "${shorten(step.pattern)}"`;
    case 'expect_hex':
      return `expect_hex ${shorten(toHex(step.bytes))}`;
    case 'send':
    case 'starttls':
      return step.kind;
  }
}

function toStep({ name, value }: NamedValue): TcpStep {
  switch (name) {
    case 'send':
      return { kind: 'send', parts: value as readonly TextPart[] };
    case 'send_hex':
      return { kind: 'send', parts: [value as string] };
    case 'expect':
      return { kind: 'expect', pattern: value as string };
    case 'expect_hex':
      return { kind: 'expect_hex', bytes: value as string };
    case 'refuse':
      return { kind: 'refuse', ...(value as RefuseValue) };
    case 'starttls':
      return { kind: 'starttls' };
    case 'connect':
      return { kind: 'connect', port: value as number };
    default:
      throw new Error(`${name} is no step`);
  }
}

function toHex(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('hex');
}

function shorten(text: string): string {
  return text.length > 50 ? `${text.slice(0, 50)}...` : text;
}
