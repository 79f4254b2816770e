import type { Param, Params } from '../../model/params.ts';

const indexes = new WeakMap<Params, ReadonlyMap<string, Param>>();

/** The rows of a table by their names; made once for each table. */
export function indexParams(params: Params): ReadonlyMap<string, Param> {
  const known = indexes.get(params);
  if (known !== undefined) return known;
  const index = new Map(params.map(param => [param.name, param]));
  indexes.set(params, index);
  return index;
}
