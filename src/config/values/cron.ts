const ranges: readonly {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names: RegExp | null;
}[] = [
  { name: 'second', min: 0, max: 59, names: null },
  { name: 'minute', min: 0, max: 59, names: null },
  { name: 'hour', min: 0, max: 23, names: null },
  { name: 'day', min: 1, max: 31, names: null },
  {
    name: 'month',
    min: 1,
    max: 12,
    names:
      /^(jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sep(tember)?|oct(ober)?|nov(ember)?|dec(ember)?)$/i,
  },
  {
    name: 'weekday',
    min: 0,
    max: 7,
    names: /^((sun|mon|tues|wednes|thurs|fri|satur)day|sun|mon|tue|wed|thu|fri|sat)$/i,
  },
];

/** Why a text is no cron expression of five or six fields, or null when it is one. */
export function findCronFault(expression: string): string | null {
  const fields = expression.split(/\s+/);
  if (fields.length !== 5 && fields.length !== 6) return `it has ${fields.length} fields, not five or six`;
  for (const [index, field] of fields.entries()) {
    const range = ranges[index + ranges.length - fields.length];
    const wrong = range && field.split(',').find(part => !isPart(part, range));
    if (wrong !== undefined) return `${wrong === '' ? 'an empty part' : wrong} is no ${range?.name}`;
  }
  return null;
}

function isPart(part: string, { min, max, names }: (typeof ranges)[number]): boolean {
  const match = /^([^/-]+)(?:-([^/-]+))?(?:\/(\d+))?$/.exec(part);
  if (match === null) return false;
  const [, first = '', last, step] = match;
  // node-cron has no `5/10`.
  if (step !== undefined && (Number(step) < 1 || (first !== '*' && last === undefined))) return false;
  if (first === '*') return last === undefined;
  const isValue = (text: string) =>
    /^\d+$/.test(text) ? Number(text) >= min && Number(text) <= max : names?.test(text) === true;
  return isValue(first) && (last === undefined || isValue(last));
}
