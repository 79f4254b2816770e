import type { Family } from '../../model/server.ts';
import { isDecimal, isNumberOrName, isScope } from './routing-names.ts';

interface RouteOptionRow {
  readonly takes: (text: string) => boolean;
  /** What to write. */
  readonly hint: string;
  /** The word lock may stand before the value. */
  readonly lock?: true;
  /** Of the addresses that it is for. */
  readonly family?: Family;
  /** A wrong value does not cost the route. */
  readonly optional?: true;
}

const max32 = 4_294_967_295;
const number = (max: number): RouteOptionRow => ({
  takes: text => isDecimal(text, 0, max),
  hint: `a number from 0 to ${max}`,
});
const locked = (row: RouteOptionRow): RouteOptionRow => ({ ...row, lock: true });
/** keepalived vrrp/vrrp_ip_rule_route_parser.c:get_time_rtt. */
const time: RouteOptionRow = {
  takes: text => /^\d*(\.\d*)?(m?s(ecs?)?)?$/i.test(text) && /\d/.test(text),
  hint: 'milliseconds, or a number with s or ms',
};
const name = (max: number): RouteOptionRow => ({
  takes: text => isNumberOrName(text, max),
  hint: `a number from 0 to ${max}, or a name that iproute2 knows`,
});

/** Options of a route with one argument: what it may be. */
export const routeOptions: ReadonlyMap<string, RouteOptionRow> = new Map([
  ['tos', name(255)],
  ['dsfield', name(255)],
  ['table', name(max32)],
  ['protocol', name(255)],
  ['vrf', { takes: () => true, hint: 'the name of a VRF' }],
  ['scope', { takes: isScope, hint: 'global, site, link, host, nowhere or a number' }],
  ['metric', number(max32)],
  ['priority', number(max32)],
  ['preference', number(max32)],
  ['from', { takes: text => text.includes(':'), hint: 'an IPv6 address', family: 'inet6' }],
  ['expires', { ...number(max32), family: 'inet6' }],
  ['mtu', locked(number(max32))],
  ['hoplimit', number(255)],
  ['advmss', locked(number(max32))],
  ['rtt', locked(time)],
  ['rttvar', locked(time)],
  ['rto_min', locked(time)],
  ['reordering', locked(number(max32))],
  ['window', number(max32)],
  ['cwnd', locked(number(max32))],
  ['ssthresh', locked(number(max32))],
  ['initcwnd', number(max32)],
  ['initrwnd', number(max32)],
  ['realms', { ...name(max32), takes: () => true, family: 'inet' }],
  ['features', { takes: text => text === 'ecn', hint: 'ecn', optional: true }],
  ['quickack', number(1)],
  ['congctl', locked({ takes: () => true, hint: 'a name' })],
  [
    'pref',
    {
      takes: text => ['low', 'medium', 'high'].includes(text) || isDecimal(text, 0, 255),
      hint: 'low, medium or high',
      family: 'inet6',
    },
  ],
  [
    'ttl-propagate',
    { takes: text => text === 'enabled' || text === 'disabled', hint: 'enabled or disabled', optional: true },
  ],
  ['fastopen_no_cookie', number(1)],
] satisfies readonly (readonly [string, RouteOptionRow])[]);
