import { failureReasons } from '../../model/check.ts';

/** As many as keepalived takes. */
const largestWeight = 65_535;

/** Why something is no result of a check; null = it is one. */
export function findResultFault(result: unknown): string | null {
  if (typeof result !== 'object' || result === null) return `check gave ${String(result)}, no result`;
  const { ok, took, detail, reason, weight, warning } = result as Readonly<Record<string, unknown>>;
  if (typeof ok !== 'boolean') return 'the result does not say whether it is ok';
  if (typeof took !== 'number' || !(took >= 0)) return 'the result lacks took, its milliseconds';
  if (typeof detail !== 'string') return 'the result lacks detail, a text';
  if (!ok && !failureReasons.some(known => known === reason)) {
    return `the reason ${String(reason)} is none of ${failureReasons.join(', ')}`;
  }
  if (warning !== undefined && typeof warning !== 'string') return 'the warning of the result is no text';
  return weight === undefined || isWish(weight) ? null : `the weight is not a whole number, { delta } or { percent }`;
}

function isWish(weight: unknown): boolean {
  if (typeof weight !== 'object' || weight === null) {
    return Number.isInteger(weight) && Number(weight) >= 0 && Number(weight) <= largestWeight;
  }
  const values = Object.entries(weight);
  return (
    values.length === 1 && values.every(([name, value]) => /^(delta|percent)$/.test(name) && Number.isFinite(value))
  );
}
