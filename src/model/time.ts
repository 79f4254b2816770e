/** Milliseconds, fractions allowed. A point on the monotonic clock or a span, as the name says. */
export type Ms = number;
/** Milliseconds since 1970 on the wall clock; for people and for the store, never for deadlines. */
export type EpochMs = number;
/** Stops what was begun; calling it again does nothing. */
export type Cancel = () => void;

/** The only source of time. Tests pass a virtual one. */
export interface Clock {
  /** Monotonic milliseconds since an arbitrary origin. */
  now(): Ms;
  /** Wall clock. */
  wall(): EpochMs;
  /** Runs `run` once when the monotonic clock reaches `due`, or at the next turn of the loop if it is past. */
  at(due: Ms, run: () => void): Cancel;
}

/** RFC 3339 in UTC: `2026-01-31T08:00:00.000Z`. */
export function formatTimestamp(time: EpochMs): string {
  return new Date(time).toISOString();
}

/** Reads RFC 3339; null when it is none. */
export function parseTimestamp(text: string): EpochMs | null {
  const time = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}

/** Reads the date of a header: `Sun, 06 Nov 1994 08:49:37 GMT`; null when it is none. */
export function parseHttpDate(text: string): EpochMs | null {
  const time = /^[A-Z][a-z]{2,}, .* GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}
