import type { Params, Value, Values } from '../src/model/params.ts';
import type { Span } from '../src/model/span.ts';

/** Where everything in a made-up block stands. */
const nowhere: Span = { file: 'test.conf', line: 1, column: 1, length: 1 };

/**
 * A block's values as if read: arrays are repeated keywords, `lines` those whose order across keywords counts. A name
 * that is no row of the table throws.
 */
export function blockValues(
  params: Params,
  given: Readonly<Record<string, unknown>> = {},
  lines: readonly (readonly [name: string, value: unknown])[] = [],
): Values {
  const known = new Map(params.map(param => [param.name, param]));
  for (const name of [...Object.keys(given), ...lines.map(([name]) => name)]) find(name);
  function find(name: string): Value['param'] {
    const param = known.get(name);
    if (!param) throw new Error(`${name} is no row of the table`);
    return param;
  }
  function all<T>(name: string): readonly T[] {
    find(name);
    const value = given[name];
    if (value === undefined) return [];
    return (find(name).repeat === 'all' ? value : [value]) as readonly T[];
  }
  return {
    span: nowhere,
    get: <T>(name: string) => all<T>(name).at(-1),
    all,
    inOrder: names =>
      lines.filter(([name]) => names.includes(name)).map(([name, value]) => ({ name, value, span: nowhere })),
    spanOf: name => ({ ...nowhere, length: find(name).name.length }),
    has: name => all(name).length > 0,
  };
}
