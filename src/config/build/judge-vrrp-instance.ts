import type { Values } from '../../model/params.ts';
import type { Code, Diagnostics } from '../diagnostics.ts';
import { nameFamily } from './vrrp-family.ts';
import type { WrittenInstance } from './vrrp-instance.ts';

/** What the eight bits of a packet, and a packet of 1500 bytes, leave room for. */
const maxAddresses = { inet: 255, inet6: 89 } as const;
/** The keywords that ask for unicast. */
const unicastKeywords = [
  'unicast_peer',
  'unicast_src_ip',
  'check_unicast_src',
  'old_unicast_checksum',
  'unicast_fault_no_peer',
];

/** A fault with the keyword that it concerns; without the keyword, with the block. */
type Tell = (code: Code, keyword: string, message: string, hint: string) => void;

/** Says what keepalived finds fault with in an instance as a whole (vrrp/vrrp.c:vrrp_complete_instance). */
export function judgeInstance(written: WrittenInstance, diagnostics: Diagnostics): void {
  const tell: Tell = (code, keyword, message, hint) =>
    diagnostics.report(code, written.values.spanOf(keyword), message, hint);
  judgeMandatory(written, tell);
  judgeAddresses(written, tell);
  judgeElection(written, tell);
  judgeAuthentication(written, tell);
  judgeTransport(written, tell);
  judgeVirtualInterface(written, tell);
  judgeAdverts(written, tell);
}

function judgeMandatory({ values, instance }: WrittenInstance, tell: Tell): void {
  const { name, interface: device, virtualRouterId, transport } = instance;
  if (virtualRouterId === null) {
    const message = `vrrp_instance ${name} has no virtual_router_id: keepalived does not start with it.`;
    tell('missing-keyword', 'virtual_router_id', message, 'Write virtual_router_id N, from 1 to 255.');
  }
  if (device !== null || values.has('interface')) return;
  const newer = transport.peers.length > 0 && transport.sourceAddress !== null;
  const message = `vrrp_instance ${name} has no interface${newer ? ', which keepalived 2.2.7 asks for' : ''}.`;
  tell(newer ? 'newer-value' : 'missing-keyword', 'interface', message, 'Write interface NAME.');
}

function judgeAddresses({ instance, values }: WrittenInstance, tell: Tell): void {
  const { name, addresses, family } = instance;
  if (addresses.length === 0) {
    const message = `vrrp_instance ${name} has no virtual address.`;
    tell('no-virtual-address', 'virtual_ipaddress', message, 'Write virtual_ipaddress { IP/LEN }.');
  }
  const most = maxAddresses[family];
  if (addresses.length > most) {
    const message = `${name} has ${addresses.length} addresses; adverts of ${nameFamily(family)} have room for ${most}.`;
    tell('out-of-range', 'virtual_ipaddress', message, 'Write the others into virtual_ipaddress_excluded.');
  }
  const both = [...addresses, ...instance.excludedAddresses];
  for (const { useVmac, address, interface: device, family: own } of both) {
    const elsewhere = (device !== undefined && device !== instance.interface) || own !== family;
    if (!useVmac || !values.has(elsewhere ? 'use_vmac_addr' : 'use_vmac')) continue;
    const message = `use_vmac of ${address} repeats what the instance says.`;
    tell('conflicting-keywords', elsewhere ? 'use_vmac_addr' : 'use_vmac', message, 'Write it in one place.');
  }
}

function judgeElection({ instance }: WrittenInstance, tell: Tell): void {
  const { state, priority, preempt, preemptDelay } = instance;
  if (priority === 255 && !preempt && state !== 'MASTER') {
    const message = 'nopreempt is ignored: priority 255 is the owner of the addresses.';
    tell('conflicting-keywords', 'nopreempt', message, 'Write a smaller priority, or remove nopreempt.');
  }
  if (preemptDelay === 0) return;
  const message = state === 'MASTER' ? 'state is MASTER' : preempt ? null : 'nopreempt stands too';
  if (message !== null)
    tell('conflicting-keywords', 'preempt_delay', `preempt_delay is ignored: ${message}.`, 'Remove one of the two.');
}

function judgeAuthentication({ instance, values }: WrittenInstance, tell: Tell): void {
  const type = values.get<Values>('authentication')?.get<string>('auth_type');
  const { strict, version, authentication, family, state, priority } = instance;
  if (type === undefined) return;
  const ignore = (why: string, hint: string): void =>
    tell('authentication-ignored', 'authentication', `The authentication is ignored: ${why}.`, hint);
  if (strict) ignore('strict mode has none', 'Remove authentication, or strict_mode and vrrp_strict.');
  else if (version === 3) ignore('VRRP version 3 has none', 'Remove authentication, or write version 2.');
  else if (authentication === null) ignore('it has no password', 'Write auth_pass PASSWORD.');
  else if (type === 'AH' && family === 'inet6') ignore('AH is for IPv4', 'Write auth_type PASS.');
  else if (type === 'AH' && state === 'MASTER' && priority !== 255) {
    const message = 'state MASTER is ignored: with AH a router must hear an advert first.';
    tell('conflicting-keywords', 'state', message, 'Write state BACKUP.');
  }
}

function judgeTransport({ instance, values }: WrittenInstance, tell: Tell): void {
  const { transport, interface: device } = instance;
  const { peers, ttl, vrf } = transport;
  const asked = unicastKeywords.find(keyword => values.has(keyword));
  if (asked !== undefined && peers.length === 0 && !values.has('unicast_fault_no_peer')) {
    const message = `${asked} is for unicast, and there is no unicast_peer: adverts go to the multicast group.`;
    tell('missing-keyword', asked, message, 'Write unicast_peer { IP }, or remove the line.');
  }
  if (ttl !== null && peers.length === 0) {
    const message = 'unicast_ttl is ignored: there is no unicast_peer.';
    tell('missing-keyword', 'unicast_ttl', message, 'Write unicast_peer { IP }, or remove the line.');
  }
  if (values.has('mcast_dst_ip') && peers.length > 0) {
    const message = 'mcast_dst_ip is ignored: adverts go to the unicast_peers.';
    tell('conflicting-keywords', 'mcast_dst_ip', message, 'Remove the line.');
  }
  if (vrf === null || (device === null && peers.length > 0)) return;
  const message = 'vrf is ignored: it is for unicast without interface.';
  tell('conflicting-keywords', 'vrf', message, 'Remove vrf, or write unicast_peer and no interface.');
}

function judgeVirtualInterface({ instance, values }: WrittenInstance, tell: Tell): void {
  const { virtualInterface, interface: device, promoteSecondaries } = instance;
  const kind = virtualInterface?.kind ?? null;
  const keyword = `use_${kind}`;
  const onBase = values.has('vmac_xmit_base');
  if (kind !== null && unicastKeywords.some(each => values.has(each))) {
    if (device === null) {
      const message = `${keyword} is ignored: unicast without interface has none.`;
      tell('conflicting-keywords', keyword, message, 'Write interface NAME.');
    } else if (!onBase) {
      const message = `${keyword} with unicast needs vmac_xmit_base; keepalived sets it.`;
      tell('missing-keyword', keyword, message, 'Write vmac_xmit_base.');
    }
  }
  if (onBase && kind !== 'vmac')
    tell('conflicting-keywords', 'vmac_xmit_base', 'vmac_xmit_base is for use_vmac.', 'Write use_vmac, or remove it.');
  if (promoteSecondaries && kind !== null) {
    const message = `promote_secondaries is ignored: with ${keyword} keepalived sees to it.`;
    tell('conflicting-keywords', 'promote_secondaries', message, 'Remove the line.');
  }
  if (virtualInterface?.kind === 'ipvlan' && instance.family === 'inet' && virtualInterface.address === null) {
    const message = 'use_ipvlan needs an address of its own for IPv4: the instance stays in fault.';
    tell('missing-keyword', 'use_ipvlan', message, 'Write use_ipvlan IP.');
  }
  const own = instance.tracking.interfaces.find(({ name }) => name === device);
  if (own !== undefined) {
    const message = `track_interface ${own.name} is ignored: the instance tracks its own interface anyway.`;
    tell('conflicting-keywords', 'track_interface', message, 'Remove it.');
  }
}

function judgeAdverts({ instance }: WrittenInstance, tell: Tell): void {
  const { version, advertInterval } = instance;
  if (version === 2 && advertInterval % 1000 !== 0) {
    const message = `advert_int is whole seconds in VRRP version 2; ${advertInterval / 1000} is rounded.`;
    tell('out-of-range', 'advert_int', message, 'Write whole seconds, or version 3.');
  }
  if (version === 3 && advertInterval >= 40_960) {
    const message = 'advert_int is less than 40.96 seconds in VRRP version 3.';
    tell('out-of-range', 'advert_int', message, 'Write a smaller number.');
  } else if (version === 3 && advertInterval % 10 !== 0) {
    const message = 'advert_int goes by hundredths of a second in VRRP version 3; it is rounded.';
    tell('out-of-range', 'advert_int', message, 'Write at most two decimals.');
  }
}
