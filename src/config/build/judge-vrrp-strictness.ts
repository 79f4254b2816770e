import type { Diagnostics } from '../diagnostics.ts';
import { parseAddress } from '../values/addresses.ts';
import type { WrittenInstance } from './vrrp-instance.ts';

/** Says what strict mode changes in an instance (keepalived vrrp/vrrp.c:vrrp_complete_instance). */
export function judgeStrictness({ instance, values, state, node }: WrittenInstance, diagnostics: Diagnostics): void {
  const tell = (keyword: string, what: string): void => {
    const hint = `Remove ${keyword}, or strict_mode and vrrp_strict.`;
    diagnostics.report('strict-conflict', values.spanOf(keyword), `Strict mode ${what}.`, hint);
  };
  const { priority, family, version, accept, garp, virtualInterface, transport } = instance;
  if (state !== null && (state === 'MASTER') !== (priority === 255))
    tell('state', `takes the state from the priority: MASTER has 255, and nobody else`);
  if (family === 'inet6' && node.nodes.some(({ param, words }) => param.name === 'version' && words[0]?.text === '2'))
    tell('version', 'has no IPv6 in version 2');
  if (virtualInterface?.kind === 'vmac' && virtualInterface.mac !== null) tell('use_vmac', 'has no MAC of our choice');
  if (virtualInterface?.kind === 'vmac' && virtualInterface.transmitOnBase)
    tell('vmac_xmit_base', 'has no vmac_xmit_base');
  const [first] = instance.addresses;
  if (family === 'inet6' && transport.peers.length === 0 && first !== undefined && !isLinkLocal(first.address))
    tell('virtual_ipaddress', 'wants a link-local address as the first one of IPv6');
  if (instance.preemptDelay > 0 && instance.state !== 'MASTER') tell('preempt_delay', 'has no preempt_delay');
  if (instance.downTimerAdverts !== 3) tell('down_timer_adverts', 'waits for three adverts');
  if (accept === true && priority !== 255 && version === 2) tell('accept', 'of version 2 does not accept packets');
  if ((garp.lowerPriorityRepeat ?? 0) > 0) tell('garp_lower_prio_repeat', 'has no garp_lower_prio_repeat');
  if ((garp.lowerPriorityDelay ?? 0) > 0) tell('garp_lower_prio_delay', 'has no garp_lower_prio_delay');
  if (values.get<boolean>('lower_prio_no_advert') === false) tell('lower_prio_no_advert', 'wants it on');
  if (values.get<boolean>('higher_prio_send_advert') === true) tell('higher_prio_send_advert', 'wants it off');
}

/** fe80::/10. */
function isLinkLocal(address: string): boolean {
  const number = parseAddress(address);
  return number !== null && number.family === 'inet6' && number.value >> 118n === 0x3fan;
}
