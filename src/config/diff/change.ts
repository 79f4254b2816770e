import { isSameValue, showValue } from './values.ts';

/** One thing that differs between two configurations, and what a reload from the one to the other does about it. */
export interface Change {
  readonly change: 'added' | 'removed' | 'changed';
  /** Name of the virtual server; null = it concerns none. */
  readonly virtualServer: string | null;
  /** Name of the real server; null = it concerns none. */
  readonly realServer: string | null;
  /** Keyword of the checker; null = it concerns none. */
  readonly check: string | null;
  /** A keyword, a part of what a check does, or `virtual_server`, `real_server`, `check` for the whole. */
  readonly what: string;
  /** null = there was nothing. */
  readonly from: string | null;
  /** null = there is nothing any more. */
  readonly to: string | null;
  /** What a reload does about it, in words. */
  readonly effect: string;
  /** `never` = checkalived does not act on it. */
  readonly takesEffect: 'reload' | 'restart' | 'never';
}

/** What a change is about. */
export type Subject = Pick<Change, 'virtualServer' | 'realServer' | 'check'>;
export const nothing: Subject = { virtualServer: null, realServer: null, check: null };

/** A value of an object that may differ. */
export interface Field<T> {
  readonly name: string;
  readonly value: (object: T) => unknown;
  readonly effect: string;
  /** `reload` if left out. */
  readonly takesEffect?: Change['takesEffect'];
}

/** A change for every field in which two objects differ. */
export function compareFields<T>(subject: Subject, fields: readonly Field<T>[], before: T, after: T): Change[] {
  return fields.flatMap(({ name, value, effect, takesEffect = 'reload' }) => {
    const [from, to] = [value(before), value(after)];
    if (isSameValue(from, to)) return [];
    return [
      { change: 'changed', ...subject, what: name, from: showValue(from), to: showValue(to), effect, takesEffect },
    ];
  });
}

/** What came, what went, and what is in both, found by a name; new ones in their order, then those that are gone. */
export function matchByName<T>(
  before: readonly T[],
  after: readonly T[],
  nameOf: (object: T) => string,
): readonly (readonly [before: T | null, after: T | null])[] {
  const left = new Map(before.map(object => [nameOf(object), object]));
  const pairs = after.map((object): readonly [T | null, T | null] => {
    const name = nameOf(object);
    const earlier = left.get(name) ?? null;
    left.delete(name);
    return [earlier, object];
  });
  return [...pairs, ...[...left.values()].map((object): readonly [T | null, T | null] => [object, null])];
}
