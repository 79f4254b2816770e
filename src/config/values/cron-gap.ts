import type { Ms } from '../../model/time.ts';

/** How far apart two runs of a calendar can be. */
export interface CronGaps {
  readonly shortest: Ms;
  /** Infinity when it has no second run. */
  readonly longest: Ms;
}

const second: Ms = 1000;
const day: Ms = 86_400_000;
/** The calendar repeats itself after this, leap years and weekdays included. */
const daysOfCycle = 28 * 365 + 7;
/** 1 January 2001 was a Monday. */
const firstYear = 2001;
const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const weekdays = 'sun mon tue wed thu fri sat'.split(' ');

/** The gaps of a sound cron expression of five or six fields, all of which must match (as node-cron has it); without time zones. */
export function findCronGaps(expression: string): CronGaps {
  const fields = expression.split(/\s+/);
  const [seconds = '*', minutes = '*', hours = '*', dates = '*', monthsOfYear = '*', daysOfWeek = '*'] =
    fields.length === 5 ? ['0', ...fields] : fields;
  const times = listTimes(readField(hours, 0, 23), readField(minutes, 0, 59), readField(seconds, 0, 59));
  const days = listDays(readField(dates, 1, 31), readField(monthsOfYear, 1, 12), readField(daysOfWeek, 0, 7));
  const first = times[0] ?? 0;
  const last = times.at(-1) ?? 0;
  let gaps: CronGaps = { shortest: Number.POSITIVE_INFINITY, longest: 0 };
  if (days.length === 0) return { shortest: Number.POSITIVE_INFINITY, longest: Number.POSITIVE_INFINITY };
  for (const [index, time] of times.entries()) if (index > 0) gaps = widen(gaps, time - (times[index - 1] ?? 0));
  for (const [index, date] of days.entries()) {
    const next = days[index + 1] ?? (days[0] ?? 0) + daysOfCycle;
    gaps = widen(gaps, (next - date) * day + first - last);
  }
  return gaps;
}

function widen({ shortest, longest }: CronGaps, gap: Ms): CronGaps {
  return { shortest: Math.min(shortest, gap), longest: Math.max(longest, gap) };
}

/** Since midnight, in order. */
function listTimes(hours: Field, minutes: Field, seconds: Field): readonly Ms[] {
  const ordered = (field: Field) => [...field].sort((a, b) => a - b);
  return ordered(hours).flatMap(hour =>
    ordered(minutes).flatMap(minute => ordered(seconds).map(each => ((hour * 60 + minute) * 60 + each) * second)),
  );
}

/** Days of a cycle, counted from its first. */
function listDays(dates: Field, monthsOfYear: Field, daysOfWeek: Field): readonly number[] {
  const days: number[] = [];
  let index = 0;
  for (let year = firstYear; index < daysOfCycle; year++) {
    for (let month = 1; month <= 12; month++) {
      for (let date = 1; date <= lengthOf(month, year); date++, index++) {
        const weekday = (index + 1) % 7;
        const isDay = daysOfWeek.has(weekday) || (weekday === 0 && daysOfWeek.has(7));
        if (dates.has(date) && monthsOfYear.has(month) && isDay) days.push(index);
      }
    }
  }
  return days;
}

function lengthOf(month: number, year: number): number {
  if (month === 2) return year % 4 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

type Field = ReadonlySet<number>;

/** `*`, `N`, `N-M` (over the end, if N is more), each with `/STEP`, in a list. */
function readField(text: string, min: number, max: number): Field {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const [range = '*', step = '1'] = part.split('/');
    const [from = '*', to = from] = range.split('-');
    const first = range === '*' ? min : readNumber(from);
    const last = range === '*' ? max : readNumber(to);
    const length = last >= first ? last - first : last - first + (max - min + 1);
    for (let offset = 0; offset <= length; offset += Number(step)) {
      values.add(((first - min + offset) % (max - min + 1)) + min);
    }
  }
  return values;
}

/** A number, or the name of a month or weekday by its first three letters. */
function readNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  const name = text.slice(0, 3).toLowerCase();
  return months.includes(name) ? months.indexOf(name) + 1 : weekdays.indexOf(name);
}
