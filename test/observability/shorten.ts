/** How many seconds of the files are one of the test. */
const factor = 30;

const units: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 60e3, h: 3_600e3, d: 86_400e3, w: 604_800e3 };
/** Where a rule or a route has a duration; a threshold that is compared with seconds is none. */
const places = [
  /(?<=^\s*(?:for|keep_firing_for|group_wait|group_interval|repeat_interval): )(\d+)(ms|[smhdw])$/gm,
  /(?<=\[)(\d+)(ms|[smhdw])(?=\])/g,
];

/**
 * The rules, or the example for Alertmanager, with each duration divided by `factor`: a minute is two seconds. Nothing
 * else of the text is changed.
 */
export function shorten(text: string): string {
  const divide = (_: string, count: string, unit: string): string =>
    `${Math.ceil((Number(count) * (units[unit] ?? 0)) / factor)}ms`;
  return places.reduce((shortened, place) => shortened.replace(place, divide), text);
}
