import type { Values } from '../../model/params.ts';
import type { VirtualAddress, VirtualRoute, VirtualRule } from '../../model/routing.ts';
import type { Secret } from '../../model/secret.ts';
import type { Script } from '../../model/server.ts';
import type {
  GarpSettings,
  VirtualInterface,
  VrrpAuthentication,
  VrrpHmac,
  VrrpHmacKey,
  VrrpInstance,
  VrrpNotify,
  VrrpState,
} from '../../model/vrrp.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { ConfigNode } from '../text/node.ts';
import { judgeInstance } from './judge-vrrp-instance.ts';
import { judgeStrictness } from './judge-vrrp-strictness.ts';
import { readNewName, readVrrpValues } from './vrrp-blocks.ts';
import { resolveFamily, type VrrpFamily } from './vrrp-family.ts';
import type { VrrpGlobals } from './vrrp-globals.ts';
import type { Trackers } from './vrrp-trackers.ts';
import { buildTracking } from './vrrp-tracking.ts';

/** The priority of who owns the addresses. */
export const ownerPriority = 255;

/** An instance as written and as understood, for those who judge it. */
export interface WrittenInstance {
  readonly node: ConfigNode;
  readonly values: Values;
  readonly instance: VrrpInstance;
  /** null = none was written. */
  readonly state: VrrpState | null;
}

/** `vrrp_instance NAME { ... }`; null = keepalived skips the block. */
export function buildInstance(
  node: ConfigNode,
  known: ReadonlyMap<string, WrittenInstance>,
  trackers: Trackers,
  globals: VrrpGlobals,
  diagnostics: Diagnostics,
): WrittenInstance | null {
  const name = readNewName(node, 'one', text => known.get(text)?.instance, diagnostics);
  if (name === null) return null;
  const values = readVrrpValues(node, diagnostics);
  const family = resolveFamily(node, diagnostics);
  const state = readState(node, diagnostics);
  const instance: VrrpInstance = {
    ...readElection(node, values, state, family, globals),
    name,
    interface: readInterfaceName(values, diagnostics),
    virtualRouterId: values.get<number>('virtual_router_id') ?? null,
    authentication: readAuthentication(node, values),
    hmac: readHmac(values),
    addresses: family.addresses,
    excludedAddresses: values.all<readonly VirtualAddress[]>('virtual_ipaddress_excluded').flat(),
    routes: values.all<readonly VirtualRoute[]>('virtual_routes').flat(),
    rules: values.all<readonly VirtualRule[]>('virtual_rules').flat(),
    tracking: buildTracking(values, trackers, diagnostics),
    trackPrimary: !values.has('dont_track_primary'),
    transport: {
      sourceAddress: family.sourceAddress,
      trackSource: values.has('track_src_ip'),
      peers: family.peers,
      ttl: values.get<number>('unicast_ttl') ?? null,
      multicastAddress: readMulticastGroup(family, globals),
      vrf: values.get<string>('vrf') ?? null,
    },
    virtualInterface: readVirtualInterface(values, family),
    garp: readGarp(values),
    notify: readNotify(values),
    smtpAlert: values.get<boolean>('smtp_alert') ?? null,
    notifyPriorityChanges: values.get<boolean>('notify_priority_changes') ?? null,
    promoteSecondaries: values.has('promote_secondaries'),
    accept: readAccept(node),
    span: node.keyword.span,
  };
  const written: WrittenInstance = { node, values, instance, state };
  judgeInstance(written, diagnostics);
  if (instance.strict) judgeStrictness(written, diagnostics);
  return written;
}

/** What keepalived starts with; an unknown word counts as BACKUP (vrrp/vrrp_parser.c:vrrp_state_handler). */
function readState(node: ConfigNode, diagnostics: Diagnostics): VrrpState | null {
  let state: VrrpState | null = null;
  for (const { param, words } of node.nodes) {
    const [word] = words;
    if (param.name !== 'state' || word === undefined) continue;
    if (word.text === 'BACKUP' && state === 'MASTER') {
      const message = 'state BACKUP is ignored: the line above says MASTER.';
      diagnostics.report('conflicting-keywords', word.span, message, 'Remove one of the two lines.');
    } else state = word.text === 'MASTER' ? 'MASTER' : 'BACKUP';
  }
  return state;
}

type Election = Pick<
  VrrpInstance,
  | 'state'
  | 'priority'
  | 'version'
  | 'family'
  | 'strict'
  | 'advertInterval'
  | 'preempt'
  | 'preemptDelay'
  | 'downTimerAdverts'
>;

function readElection(
  node: ConfigNode,
  values: Values,
  state: VrrpState | null,
  { family, version }: VrrpFamily,
  globals: VrrpGlobals,
): Election {
  const bad = node.nodes.some(({ param }) => param.name === 'priority');
  const priority = values.get<number>('priority') ?? (!bad && state === 'MASTER' ? ownerPriority : 100);
  const strict = values.get<boolean>('strict_mode') ?? globals.strict;
  const byPriority = priority === ownerPriority ? 'MASTER' : 'BACKUP';
  const oldInet6 = family === 'inet6' && version === 2 && strict;
  return {
    state: state === null || strict ? byPriority : state,
    priority,
    version: oldInet6 ? 3 : (version ?? (family === 'inet6' ? 3 : globals.version)),
    family: family ?? 'inet',
    strict,
    advertInterval: values.get<number>('advert_int') ?? 1000,
    preempt: lastOf(node, ['preempt', 'nopreempt']) !== 'nopreempt',
    preemptDelay: values.get<number>('preempt_delay') ?? 0,
    downTimerAdverts: values.get<number>('down_timer_adverts') ?? globals.downTimerAdverts,
  };
}

/** Which of these keywords stands last. */
function lastOf(node: ConfigNode, names: readonly string[]): string | undefined {
  return node.nodes.filter(({ param }) => names.includes(param.name)).at(-1)?.param.name;
}

function readInterfaceName(values: Values, diagnostics: Diagnostics): string | null {
  const name = values.get<string>('interface') ?? null;
  if (name !== 'lo') return name;
  const message = 'lo is the loopback interface: VRRP cannot use it.';
  diagnostics.report('bad-value', values.spanOf('interface'), message, 'Write the interface of the network.');
  return null;
}

/** Only with a type and a password. */
function readAuthentication(node: ConfigNode, values: Values): VrrpAuthentication | null {
  const block = values.get<Values>('authentication');
  const type = block?.get<'PASS' | 'AH'>('auth_type');
  const password = block?.get<Secret>('auth_pass');
  if (block === undefined || type === undefined || password === undefined || password.reveal() === '') return null;
  const inner = node.nodes.filter(({ param }) => param.name === 'authentication').at(-1);
  const span = inner?.nodes.filter(({ param }) => param.name === 'auth_pass').at(-1)?.keyword.span ?? block.span;
  return { type, password, span };
}

function readHmac(values: Values): VrrpHmac | null {
  const block = values.get<Values>('auth_hmac');
  if (block === undefined) return null;
  return {
    keys: block.all<VrrpHmacKey>('key'),
    activeKey: block.get<number>('active_key') ?? null,
    antiReplay: block.get<VrrpHmac['antiReplay']>('anti_replay') ?? 'time',
    timeWindow: block.get<number>('time_window') ?? null,
    mode: block.get<VrrpHmac['mode']>('mode') ?? 'enforce',
  };
}

function readMulticastGroup({ peers, multicastAddress, family }: VrrpFamily, globals: VrrpGlobals): string | null {
  return peers.length > 0 ? null : (multicastAddress ?? globals.multicastGroups[family ?? 'inet']);
}

function readVirtualInterface(values: Values, { ipvlanAddress }: VrrpFamily): VirtualInterface | null {
  const vmac = values.get<{ readonly kind: 'vmac'; readonly name: string | null; readonly mac: string | null }>(
    'use_vmac',
  );
  if (vmac !== undefined) return { ...vmac, transmitOnBase: values.has('vmac_xmit_base') };
  const ipvlan = values.get<VirtualInterface & { readonly kind: 'ipvlan' }>('use_ipvlan');
  return ipvlan === undefined ? null : { ...ipvlan, address: ipvlanAddress };
}

function readGarp(values: Values): GarpSettings {
  const number = (name: string): number | null => values.get<number>(name) ?? null;
  const extra = values.get<NonNullable<GarpSettings['extraInterfaces']>>('garp_extra_if');
  return {
    masterDelay: number('garp_master_delay'),
    masterRepeat: number('garp_master_repeat'),
    masterRefresh: number('garp_master_refresh'),
    masterRefreshRepeat: number('garp_master_refresh_repeat'),
    lowerPriorityDelay: number('garp_lower_prio_delay'),
    lowerPriorityRepeat: number('garp_lower_prio_repeat'),
    extraInterfaces: extra ?? values.get<NonNullable<GarpSettings['extraInterfaces']>>('vmac_garp_intvl') ?? null,
  };
}

export function readNotify(values: Values): VrrpNotify {
  const script = (name: string): Script | null => values.get<Script>(name) ?? null;
  return {
    master: script('notify_master'),
    backup: script('notify_backup'),
    fault: script('notify_fault'),
    stop: script('notify_stop'),
    any: script('notify'),
  };
}

function readAccept(node: ConfigNode): boolean | null {
  const last = lastOf(node, ['accept', 'no_accept']);
  return last === undefined ? null : last === 'accept';
}
