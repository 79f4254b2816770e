import type { Values, Word } from '../../model/params.ts';
import type { VirtualAddress, VirtualRoute, VirtualRule } from '../../model/routing.ts';
import type { GarpGroup, TrackGroup } from '../../model/vrrp.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { ConfigNode } from '../text/node.ts';
import { readValue } from '../values/read-value.ts';
import { readNewName, readVrrpValues } from './vrrp-blocks.ts';

/** The entries of a list block at the root. */
export function readEntries<T>(node: ConfigNode, diagnostics: Diagnostics): readonly T[] {
  return (readValue(node, { report: diagnostics.report, strict: false }) ?? []) as readonly T[];
}

/** Static entries whose track_group stands above; another one is told, and left out as keepalived does. */
export function keepTrackGroups<T extends VirtualAddress | VirtualRoute | VirtualRule>(
  entries: readonly T[],
  groups: readonly TrackGroup[],
  diagnostics: Diagnostics,
): readonly T[] {
  return entries.map(entry => {
    const { trackGroup, ...rest } = entry;
    if (trackGroup === undefined || groups.some(({ name }) => name === trackGroup)) return entry;
    const message = `There is no track_group ${trackGroup} above.`;
    diagnostics.report('unknown-name', entry.span, message, `Write track_group ${trackGroup} { ... } above.`);
    return rest as T;
  });
}

/** `track_group NAME { group { INSTANCE ... } }`; null = keepalived skips the block. */
export function buildTrackGroup(
  node: ConfigNode,
  known: readonly TrackGroup[],
  diagnostics: Diagnostics,
): TrackGroup | null {
  const name = readNewName(node, 'one', text => known.find(group => group.name === text), diagnostics);
  if (name === null) return null;
  const values = readVrrpValues(node, diagnostics);
  const members = namesIn(values, 'group');
  if (values.has('group') && members.length === 0) {
    const message = `track_group ${name} has an empty group.`;
    diagnostics.report('empty-list', values.spanOf('group'), message, 'Write group { INSTANCE }.');
  }
  return { name, members, span: node.keyword.span };
}

function namesIn(values: Values, keyword: string): readonly string[] {
  return values
    .all<readonly (readonly Word[])[]>(keyword)
    .flat(2)
    .map(({ text }) => text);
}

/** `garp_group { ... }`; null = of no use (keepalived vrrp/vrrp_parser.c:garp_group_end_handler). */
export function buildGarpGroup(
  node: ConfigNode,
  known: readonly GarpGroup[],
  diagnostics: Diagnostics,
): GarpGroup | null {
  const values = readVrrpValues(node, diagnostics);
  const { span } = node.keyword;
  const listed = namesIn(values, 'interfaces');
  if (values.has('interfaces') && listed.length === 0)
    diagnostics.report('empty-list', values.spanOf('interfaces'), 'interfaces names none.', 'Write their names.');
  const garpInterval = values.get<number>('garp_interval') ?? null;
  const gnaInterval = values.get<number>('gna_interval') ?? null;
  const taken = new Set(known.flatMap(({ interfaces }) => interfaces));
  const interfaces = [...values.all<string>('interface'), ...listed].filter(name => {
    if (!taken.has(name)) {
      taken.add(name);
      return true;
    }
    const message = `${name} is in a garp_group already, and stays there.`;
    diagnostics.report('repeated-entry', span, message, 'Name each interface in one garp_group, and once.');
    return false;
  });
  if (garpInterval !== null || gnaInterval !== null) return { garpInterval, gnaInterval, interfaces, span };
  const message = 'This garp_group has no interval, and is left out.';
  diagnostics.report('missing-keyword', span, message, 'Write garp_interval SECONDS or gna_interval SECONDS.');
  return null;
}
