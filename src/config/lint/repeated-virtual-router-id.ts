import type { VrrpInstance } from '../../model/vrrp.ts';
import type { LintRule } from './rule.ts';
import { exampleInstance } from './vrrp-example.ts';

const pair = (second: number): string =>
  exampleInstance({}) + exampleInstance({ name: 'VI_2', virtualRouterId: second, address: '192.0.2.11/24' });

export const repeatedVirtualRouterId: LintRule = {
  code: 'repeated-virtual-router-id',
  severity: 'warning',
  keepalived: true,
  meaning: 'Two vrrp_instances have one virtual_router_id on one interface.',
  why: `Routers know an instance by its interface, its family and its virtual_router_id. Two instances with the same ones
take one another's adverts for their own, and keepalived does not start with them.`,
  bad: { text: pair(51) },
  good: { text: pair(52) },
  find({ config, nodeAt, report }) {
    const earlier = new Map<string, VrrpInstance[]>();
    for (const instance of config.vrrp.instances) {
      const key = `${instance.interface} ${instance.family} ${instance.virtualRouterId}`;
      const same = earlier.get(key) ?? [];
      if (same.length === 0) earlier.set(key, same);
      const first = same.find(other => collide(other, instance));
      // Whoever collides with this one collides with the first one too, unless they are unicast.
      if (first === undefined || instance.transport.multicastAddress === null) same.push(instance);
      if (first === undefined) continue;
      const line = nodeAt(instance.span)?.nodes.findLast(({ param }) => param.name === 'virtual_router_id');
      const message = `${first.name} has virtual_router_id ${instance.virtualRouterId} on ${instance.interface} already.`;
      report(line?.keyword.span ?? instance.span, message, 'Give each instance of an interface a number of its own.');
    }
  },
};

/** keepalived vrrp/vrrp.c:check_vrid_conflicts; unicast instances collide when they have a peer in common. */
function collide(a: VrrpInstance, b: VrrpInstance): boolean {
  if (a.virtualRouterId === null || a.virtualRouterId !== b.virtualRouterId) return false;
  if (a.interface === null || a.interface !== b.interface || a.family !== b.family) return false;
  if (a.transport.multicastAddress !== b.transport.multicastAddress) return false;
  if (a.transport.multicastAddress !== null) return true;
  const shared = a.transport.peers.some(({ address }) => b.transport.peers.some(peer => peer.address === address));
  return shared && a.transport.sourceAddress === b.transport.sourceAddress;
}
