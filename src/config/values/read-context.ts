import type { Span } from '../../model/span.ts';
import type { Code, Diagnostics } from '../diagnostics.ts';

/** Where faults of values go. */
export interface ReadContext extends Pick<Diagnostics, 'report'> {
  /** A fault makes a check another one than was written: it is an error, whatever the code's usual severity. */
  readonly strict: boolean;
}

/** A fault of a value: an error where checks are concerned, else what its code says. */
export function reportValue(context: ReadContext, code: Code, span: Span, message: string, advice: string): void {
  context.report(code, span, message, advice, context.strict ? { severity: 'error' } : {});
}
