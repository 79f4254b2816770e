import type { Params, ParamType } from '../../model/params.ts';
import { readRoute, routeSyntax } from '../values/read-route.ts';
import { readRule, ruleSyntax } from '../values/read-rule.ts';
import { addressSyntax, readVirtualAddress } from '../values/read-virtual-address.ts';
import { keepalivedRow } from './rows.ts';

type Where = 'virtual' | 'static';
const syntaxIn = (where: Where, syntax: string): string =>
  where === 'static' ? `${syntax} [track_group GROUP]` : syntax;

export function addressList(where: Where): ParamType {
  const syntax = where === 'virtual' ? `${addressSyntax} [use_vmac]` : syntaxIn(where, addressSyntax);
  return { kind: 'list', entry: { syntax, read: readVirtualAddress(where) } };
}

export function routeList(where: Where): ParamType {
  return { kind: 'list', entry: { syntax: syntaxIn(where, routeSyntax), read: readRoute(where) } };
}

export function ruleList(where: Where): ParamType {
  return { kind: 'list', entry: { syntax: syntaxIn(where, ruleSyntax), read: readRule(where) } };
}

/** The root blocks whose addresses, routes and rules are there whoever is master. */
export const staticRows: Params = [
  keepalivedRow('static_ipaddress', addressList('static'), 'Addresses that keepalived adds at its start.', {
    repeat: 'all',
  }),
  keepalivedRow('static_routes', routeList('static'), 'Routes that keepalived adds at its start.', { repeat: 'all' }),
  keepalivedRow('static_rules', ruleList('static'), 'Routing rules that keepalived adds at its start.', {
    repeat: 'all',
    since: '1.2.20',
  }),
];
