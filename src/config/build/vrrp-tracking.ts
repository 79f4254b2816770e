import type { Values } from '../../model/params.ts';
import type { Tracked, Tracking } from '../../model/trackers.ts';
import type { Diagnostics } from '../diagnostics.ts';
import { findNearest } from '../nearest.ts';
import type { Trackers } from './vrrp-trackers.ts';

/** The track lists of an instance or a sync group; a tracker must stand before its user (keepalived vrrp/vrrp_track.c). */
export function buildTracking(values: Values, trackers: Trackers, diagnostics: Diagnostics): Tracking {
  const { scripts, files, processes, bfd } = trackers;
  const list = (keyword: string, block: string, known: ReadonlyMap<string, unknown> | null): readonly Tracked[] =>
    keepUsable(values.all<readonly Tracked[]>(keyword).flat(), { keyword, block, known }, diagnostics);
  return {
    interfaces: list('track_interface', 'interface', null),
    scripts: list('track_script', 'vrrp_script', scripts),
    files: list('track_file', 'track_file', files),
    processes: list('track_process', 'vrrp_track_process', processes),
    bfd: list('track_bfd', 'bfd_instance', bfd),
  };
}

interface TrackList {
  readonly keyword: string;
  /** The block that a tracker is defined by. */
  readonly block: string;
  /** null = anything may be named. */
  readonly known: ReadonlyMap<string, unknown> | null;
}

function keepUsable(
  entries: readonly Tracked[],
  { keyword, block, known }: TrackList,
  diagnostics: Diagnostics,
): readonly Tracked[] {
  const seen = new Set<string>();
  return entries.filter(({ name, span }) => {
    if (known !== null && !known.has(name)) {
      const nearest = findNearest(name, [...known.keys()]);
      const hint = nearest === null ? `Write ${block} ${name} { ... } above.` : `Did you mean ${nearest}?`;
      diagnostics.report('unknown-name', span, `There is no ${block} ${name} above; it is left out.`, hint);
      return false;
    }
    if (seen.has(name)) {
      diagnostics.report('repeated-entry', span, `${keyword} names ${name} a second time.`, 'Remove one of the two.');
      return false;
    }
    seen.add(name);
    return true;
  });
}
