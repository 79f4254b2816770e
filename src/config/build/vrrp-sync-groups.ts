import type { Values, Word } from '../../model/params.ts';
import type { VrrpSyncGroup } from '../../model/vrrp.ts';
import type { Diagnostics } from '../diagnostics.ts';
import { findNearest } from '../nearest.ts';
import type { ConfigNode } from '../text/node.ts';
import { readNewName, readVrrpValues } from './vrrp-blocks.ts';
import { ownerPriority, readNotify, type WrittenInstance } from './vrrp-instance.ts';
import type { Trackers } from './vrrp-trackers.ts';
import { buildTracking } from './vrrp-tracking.ts';

/** A group whose members are looked for when the whole file is read. */
export interface DraftSyncGroup {
  readonly group: VrrpSyncGroup;
  readonly named: readonly Word[];
}

/** `vrrp_sync_group NAME { ... }`; null = keepalived skips the block. */
export function buildSyncGroup(
  node: ConfigNode,
  known: readonly DraftSyncGroup[],
  trackers: Trackers,
  diagnostics: Diagnostics,
): DraftSyncGroup | null {
  const findFirst = (text: string) => known.find(({ group }) => group.name === text)?.group;
  const name = readNewName(node, 'one', findFirst, diagnostics);
  if (name === null) return null;
  const values = readVrrpValues(node, diagnostics);
  const group: VrrpSyncGroup = {
    name,
    members: [],
    tracking: buildTracking(values, trackers, diagnostics),
    trackingWeight: values.has('sync_group_tracking_weight') || values.has('global_tracking'),
    notify: readNotify(values),
    smtpAlert: values.get<boolean>('smtp_alert') ?? null,
    notifyPriorityChanges: values.get<boolean>('notify_priority_changes') ?? null,
    span: node.keyword.span,
  };
  return { group, named: readMembers(values, name, diagnostics) };
}

function readMembers(values: Values, name: string, diagnostics: Diagnostics): readonly Word[] {
  const members = values.all<readonly (readonly Word[])[]>('group').flat(2);
  if (members.length === 0) {
    const message = `vrrp_sync_group ${name} has no member, and is left out.`;
    diagnostics.report('sync-group-members', values.spanOf('group'), message, 'Write group { INSTANCE INSTANCE }.');
  }
  return members;
}

/** The groups with those members that exist and are in no other group (keepalived vrrp/vrrp_sync.c:vrrp_sync_set_group). */
export function joinMembers(
  drafts: readonly DraftSyncGroup[],
  instances: readonly WrittenInstance[],
  diagnostics: Diagnostics,
): readonly VrrpSyncGroup[] {
  const byName = new Map(instances.map(written => [written.instance.name, written]));
  const taken = new Set<string>();
  return drafts.flatMap(({ group, named }): readonly VrrpSyncGroup[] => {
    const members = named.filter(word => isFree(word, group.name, byName, taken, diagnostics));
    if (members.length === 0) return [];
    const { span } = group;
    if (members.length === 1) {
      const message = `vrrp_sync_group ${group.name} has one member only.`;
      diagnostics.report('sync-group-members', span, message, 'Name the instances that belong together.');
    }
    const found = members.map(({ text }) => byName.get(text)).filter(member => member !== undefined);
    judgeOwners(group.name, found, members, diagnostics);
    return [{ ...group, members: members.map(({ text }) => text) }];
  });
}

function isFree(
  { text, span }: Word,
  group: string,
  byName: ReadonlyMap<string, unknown>,
  taken: Set<string>,
  diagnostics: Diagnostics,
): boolean {
  if (!byName.has(text)) {
    const nearest = findNearest(text, [...byName.keys()]);
    const hint = nearest === null ? `Write vrrp_instance ${text} { ... }.` : `Did you mean ${nearest}?`;
    diagnostics.report('unknown-name', span, `There is no vrrp_instance ${text} for the group ${group}.`, hint);
    return false;
  }
  if (taken.has(text)) {
    const message = `vrrp_instance ${text} is in a group already; ${group} goes without it.`;
    diagnostics.report('repeated-entry', span, message, 'Name each instance in one group, and once.');
    return false;
  }
  taken.add(text);
  return true;
}

/** A backup behind owners of their addresses, both by what is written. */
function judgeOwners(
  group: string,
  members: readonly WrittenInstance[],
  words: readonly Word[],
  diagnostics: Diagnostics,
): void {
  const other = members.findIndex(
    ({ state, values }) => state !== 'MASTER' || values.get<number>('priority') !== ownerPriority,
  );
  const span = words[other]?.span;
  if (other < 1 || span === undefined || members[other]?.state !== 'BACKUP') return;
  const message = `Some members of ${group} own their addresses, others do not: they cannot go together.`;
  diagnostics.report('sync-group-members', span, message, 'Give all of them priority 255, or none.');
}
