import type { Param, Params, ParamType } from '../../model/params.ts';

/** What a row may say besides its name, type and sentence. */
export type RowOptions = Omit<Param, 'name' | 'type' | 'doc'>;

export function row(name: string, type: ParamType, doc: string, options: RowOptions = {}): Param {
  return { name, type, doc, ...options };
}

/** A row that is read and judged, and that checkalived does not act on. */
export function keepalivedRow(name: string, type: ParamType, doc: string, options: RowOptions = {}): Param {
  return { name, type, doc, ...options, keepalivedOnly: true };
}

export const flag: ParamType = { kind: 'flag' };
export const bool: ParamType = { kind: 'bool' };
export const word: ParamType = { kind: 'word' };
export const list: ParamType = { kind: 'list' };
export const script: ParamType = { kind: 'script', user: true };
export const lbKind: ParamType = { kind: 'lb-kind' };
export const endpoint: ParamType = { kind: 'endpoint' };
export const maxUnsigned = 4_294_967_295;
const maxTimer = 18_446_744_073_709;

export function int(min: number, max: number, bare?: number): ParamType {
  return { kind: 'int', min, max, ...(bare !== undefined && { bare }) };
}

/** Seconds. */
export function timer(min: number, max: number = maxTimer): ParamType {
  return { kind: 'timer', min, max };
}

/** When and how often to check: legal in virtual_server, real_server and every checker; the innermost wins. */
export function schedulingRows(level: 'virtual_server' | 'real_server' | 'checker'): Params {
  const byChecker = { default: 'by checker, mostly 1', ...(level !== 'checker' && { since: '1.3.7' }) };
  return [
    row('delay_loop', timer(0.000001), 'Seconds between two checks.', {
      default: '60',
      ...(level !== 'virtual_server' && { since: '1.3.7' }),
    }),
    row(
      'schedule',
      { kind: 'cron' },
      'Calendar of checks in place of delay_loop: a cron expression, seconds field allowed.',
      {
        ours: true,
      },
    ),
    row('warmup', timer(0), 'The first check comes at random within these seconds.', {
      default: 'delay_loop',
      since: level === 'checker' ? '1.2.13' : '1.3.7',
    }),
    row('retry', int(level === 'checker' ? 0 : 1, maxUnsigned), 'Failures in a row that are forgiven.', byChecker),
    row('rise', int(1, maxUnsigned), 'Successes in a row that a real server which is down needs.', {
      default: '1',
      ours: true,
    }),
    row('delay_before_retry', timer(0), 'Seconds until a failed check is tried again.', byChecker),
  ];
}

/** What every checker takes besides: whether a start is down, and what is logged. */
export const alphaRow: Param = row('alpha', bool, 'The real server starts as down until a check succeeds.', {
  default: 'of the real server',
  since: '1.3.7',
});
export const logAllFailuresRow: Param = row(
  'log_all_failures',
  bool,
  'Log every failed check, not only the one that changes something.',
  { default: 'checker_log_all_failures', since: '2.0.11' },
);

export const watchRow: Param = row(
  'watch',
  bool,
  'Keeps a connection open to what is checked; when it breaks, the check runs at once.',
  { default: 'off', ours: true },
);

export const connectTimeoutRow: Param = row(
  'connect_timeout',
  timer(0.000001, 4294.967295),
  'Seconds for the connection, TLS handshake included, and once more for the whole answer.',
  { default: '5' },
);
