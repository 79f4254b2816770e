import { noChecker } from './no-checker.ts';
import type { LintRule } from './rule.ts';

/** Every rule, in the order of the reference. */
export const lintRules: readonly LintRule[] = [noChecker];
