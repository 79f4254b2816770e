import type { Tracked, TrackerWeight, Tracking } from '../../model/trackers.ts';
import type { VrrpInstance, VrrpSyncGroup } from '../../model/vrrp.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { Trackers } from './vrrp-trackers.ts';

type Kind = keyof Tracking;
const keywords: Readonly<Record<Kind, string>> = {
  interfaces: 'track_interface',
  scripts: 'track_script',
  files: 'track_file',
  processes: 'track_process',
  bfd: 'track_bfd',
};

/**
 * Says which weights come to nothing: those of an owner of addresses, of a member of a sync group without
 * sync_group_tracking_weight, and of a group with an owner (keepalived vrrp/vrrp.c:vrrp_complete_instance and
 * sync_group_tracking_init).
 */
export function judgeWeights(
  instances: readonly VrrpInstance[],
  groups: readonly VrrpSyncGroup[],
  trackers: Trackers,
  diagnostics: Diagnostics,
): void {
  const tell = (kind: Kind, { name, span }: Tracked, why: string): void => {
    const message = `The weight of ${keywords[kind]} ${name} is ignored: ${why}.`;
    diagnostics.report('ignored-weight', span, message, `Write ${name} weight 0.`);
  };
  // A member is in one group only (vrrp-sync-groups.ts:joinMembers).
  const groupOf = new Map(groups.flatMap(group => group.members.map(member => [member, group] as const)));
  for (const instance of instances) {
    const group = groupOf.get(instance.name);
    const why =
      group !== undefined && !group.trackingWeight
        ? `the sync group ${group.name} has no sync_group_tracking_weight`
        : instance.priority === 255
          ? 'priority 255 never changes'
          : null;
    if (why === null) continue;
    for (const kind of ['interfaces', 'scripts', 'files', 'bfd'] as const)
      for (const tracked of weighted(instance.tracking, kind, trackers)) tell(kind, tracked, why);
  }
  const owners = instances.filter(({ priority }) => priority === 255);
  for (const group of groups) {
    const owner = owners.find(({ name }) => groupOf.get(name) === group);
    if (owner === undefined) continue;
    for (const kind of ['interfaces', 'scripts', 'files', 'processes', 'bfd'] as const)
      for (const tracked of weighted(group.tracking, kind, trackers))
        tell(kind, tracked, `priority 255 of ${owner.name} never changes`);
  }
}

function weighted(tracking: Tracking, kind: Kind, trackers: Trackers): readonly Tracked[] {
  return tracking[kind].filter(({ name, weight }) => (weight ?? ownWeight(kind, name, trackers)) !== 0);
}

function ownWeight(kind: Kind, name: string, { scripts, files, processes, bfd }: Trackers): number {
  if (kind === 'interfaces') return 0;
  const known: ReadonlyMap<string, { readonly weight: TrackerWeight }> = { scripts, files, processes, bfd }[kind];
  return known.get(name)?.weight.weight ?? 0;
}
