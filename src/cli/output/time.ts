import type { EpochMs, Ms } from '../../model/time.ts';

const second: Ms = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** `2026-01-31 08:00:00`, in the host's time zone. */
export function formatTime(time: EpochMs): string {
  return localTime.format(time);
}
// Sweden writes its dates as ISO 8601 does.
const localTime = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium' });

/** `450ms`, `12s`, `3m20s`, `5h4m`, `12d3h`: the two biggest units. */
export function formatSpan(span: Ms): string {
  if (span < second) return `${Math.max(0, Math.round(span))}ms`;
  if (span < minute) return `${Math.floor(span / second)}s`;
  if (span < hour) return join(span, minute, 'm', second, 's');
  if (span < day) return join(span, hour, 'h', minute, 'm');
  return join(span, day, 'd', hour, 'h');
}

function join(span: Ms, big: Ms, bigName: string, small: Ms, smallName: string): string {
  const rest = Math.floor((span % big) / small);
  return `${Math.floor(span / big)}${bigName}${rest > 0 ? `${rest}${smallName}` : ''}`;
}

const units: Readonly<Record<string, Ms>> = { s: second, m: minute, h: hour, d: day, w: 7 * day };

/** `24h`, `90m`, `1.5d`, `1d12h`; null for anything else. */
export function parseSpan(text: string): Ms | null {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([smhdw])/g)];
  if (parts.length === 0 || parts.map(part => part[0]).join('') !== text) return null;
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? ''] ?? 0), 0);
}
