import type { VirtualAddress, VirtualRoute, VirtualRule } from '../../model/routing.ts';
import type { BfdInstance, TrackFile, TrackProcess, VrrpScript } from '../../model/trackers.ts';
import type { GarpGroup, InterfaceDelays, LinkbeatInterface, TrackGroup, Vrrp } from '../../model/vrrp.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { ConfigNode, ConfigTree } from '../text/node.ts';
import { buildBfd } from './vrrp-bfd.ts';
import type { VrrpGlobals } from './vrrp-globals.ts';
import { buildInstance, type WrittenInstance } from './vrrp-instance.ts';
import { buildGarpGroup, buildTrackGroup, keepTrackGroups, readEntries } from './vrrp-static.ts';
import { buildSyncGroup, type DraftSyncGroup, joinMembers } from './vrrp-sync-groups.ts';
import { buildScript, buildTrackFile, buildTrackProcess, type Trackers } from './vrrp-trackers.ts';
import { judgeWeights } from './vrrp-weights.ts';

/** What stands in the root blocks of VRRP, BFD and what they track. */
export interface VrrpResult {
  readonly vrrp: Vrrp;
  readonly trackFiles: readonly TrackFile[];
  readonly bfdInstances: readonly BfdInstance[];
}

interface Found {
  /** By name. */
  readonly instances: Map<string, WrittenInstance>;
  readonly syncGroups: DraftSyncGroup[];
  readonly scripts: VrrpScript[];
  readonly trackFiles: TrackFile[];
  readonly trackProcesses: TrackProcess[];
  readonly bfdInstances: BfdInstance[];
  readonly trackGroups: TrackGroup[];
  readonly garpGroups: GarpGroup[];
  readonly staticAddresses: VirtualAddress[];
  readonly staticRoutes: VirtualRoute[];
  readonly staticRules: VirtualRule[];
  readonly linkbeatInterfaces: LinkbeatInterface[];
  readonly interfaceDelays: InterfaceDelays[];
}

/** Reads the blocks in the order of the file: what is tracked must stand before who tracks it. */
export function buildVrrp(tree: ConfigTree, globals: VrrpGlobals, diagnostics: Diagnostics): VrrpResult {
  const found: Found = {
    instances: new Map(),
    syncGroups: [],
    scripts: [],
    trackFiles: [],
    trackProcesses: [],
    bfdInstances: [],
    trackGroups: [],
    garpGroups: [],
    staticAddresses: [],
    staticRoutes: [],
    staticRules: [],
    linkbeatInterfaces: [],
    interfaceDelays: [],
  };
  const trackers: Trackers = { scripts: new Map(), files: new Map(), processes: new Map(), bfd: new Map() };
  for (const node of tree) readBlock(node, found, trackers, globals, diagnostics);
  const { instances: byName, syncGroups: drafts, trackFiles, bfdInstances, ...rest } = found;
  const written = [...byName.values()];
  const instances = written.map(({ instance }) => instance);
  const syncGroups = joinMembers(drafts, written, diagnostics);
  judgeWeights(instances, syncGroups, trackers, diagnostics);
  return { vrrp: { instances, syncGroups, ...rest }, trackFiles, bfdInstances };
}

function readBlock(
  node: ConfigNode,
  found: Found,
  trackers: Trackers,
  globals: VrrpGlobals,
  diagnostics: Diagnostics,
): void {
  switch (node.param.name) {
    case 'vrrp_instance': {
      const written = buildInstance(node, found.instances, trackers, globals, diagnostics);
      if (written !== null) found.instances.set(written.instance.name, written);
      return;
    }
    case 'vrrp_sync_group':
      add(found.syncGroups, buildSyncGroup(node, found.syncGroups, trackers, diagnostics));
      return;
    case 'vrrp_script':
      define(found.scripts, trackers.scripts, buildScript(node, diagnostics));
      return;
    case 'track_file':
    case 'vrrp_track_file':
      define(found.trackFiles, trackers.files, buildTrackFile(node, diagnostics));
      return;
    case 'vrrp_track_process':
      define(found.trackProcesses, trackers.processes, buildTrackProcess(node, diagnostics));
      return;
    case 'bfd_instance': {
      const bfd = buildBfd(node, found.bfdInstances, diagnostics);
      add(found.bfdInstances, bfd);
      if (bfd?.tells.includes('vrrp')) trackers.bfd.set(bfd.name, bfd);
      return;
    }
    case 'track_group':
      add(found.trackGroups, buildTrackGroup(node, found.trackGroups, diagnostics));
      return;
    case 'garp_group':
      add(found.garpGroups, buildGarpGroup(node, found.garpGroups, diagnostics));
      return;
    case 'static_ipaddress':
      found.staticAddresses.push(
        ...keepTrackGroups(readEntries<VirtualAddress>(node, diagnostics), found.trackGroups, diagnostics),
      );
      return;
    case 'static_routes':
      found.staticRoutes.push(
        ...keepTrackGroups(readEntries<VirtualRoute>(node, diagnostics), found.trackGroups, diagnostics),
      );
      return;
    case 'static_rules':
      found.staticRules.push(
        ...keepTrackGroups(readEntries<VirtualRule>(node, diagnostics), found.trackGroups, diagnostics),
      );
      return;
    case 'linkbeat_interfaces':
      found.linkbeatInterfaces.push(...readEntries<LinkbeatInterface>(node, diagnostics));
      return;
    case 'interface_up_down_delays':
      found.interfaceDelays.push(...readEntries<InterfaceDelays>(node, diagnostics));
      return;
    default:
  }
}

function add<T>(list: T[], item: T | null): void {
  if (item !== null) list.push(item);
}

function define<T extends { readonly name: string }>(list: T[], byName: Map<string, T>, item: T | null): void {
  add(list, item);
  if (item !== null && !byName.has(item.name)) byName.set(item.name, item);
}
