import type { Param, Params, ParamType } from '../../model/params.ts';
import { readTracked } from '../values/read-vrrp-entries.ts';
import { keepalivedRow } from './rows.ts';

const directions = ['reverse', 'noreverse'];

/** What a vrrp_instance or a vrrp_sync_group depends on. */
export const trackRows: Params = [
  trackRow('track_interface', 'Interfaces that must be up, or that change the priority.', 253, ['reverse']),
  trackRow('track_script', 'Scripts of vrrp_script that must succeed, or that change the priority.', 253, directions),
  trackRow('track_file', 'Files of track_file whose number changes the priority.', 254, directions, '2.0.0'),
  trackRow('track_process', 'Processes of vrrp_track_process that must run.', 254, directions, '2.0.11'),
  trackRow('track_bfd', 'BFD sessions of bfd_instance that must be up.', 253, directions, '2.0.0'),
];

function trackRow(name: string, doc: string, weight: number, known: readonly string[], since?: string): Param {
  const syntax = `NAME [weight N [${known.join('|')}]]`;
  const type: ParamType = { kind: 'list', entry: { syntax, read: readTracked({ weight, directions: known }) } };
  return keepalivedRow(name, type, doc, { repeat: 'all', ...(since !== undefined && { since }) });
}
