import type { Params } from '../../model/params.ts';
import { bool, flag, int, keepalivedRow, type RowOptions, row, script } from './rows.ts';

const timeout = int(1, 1000);
const fifo: RowOptions = { repeat: 'first', since: '1.3.6' };

/** global_defs: scripts and FIFOs that hear of changes. */
export const scriptRows: Params = [
  row('script_user', { kind: 'user' }, 'Who runs scripts.', {
    default: 'keepalived_script if there is one',
    since: '1.3.0',
  }),
  row('enable_script_security', flag, 'Refuse scripts that others than root could change.', { since: '1.3.0' }),
  keepalivedRow('use_symlink_paths', bool, 'Run scripts by the path as written, symbolic links unresolved.', {
    default: 'off',
    since: '2.3.0',
  }),
  keepalivedRow('set_supplementary_groups', flag, "Give scripts the supplementary groups of script_user's user.", {
    since: '2.4.3',
  }),
  row('rs_init_notifies', bool, 'Notify for real servers at the start too.', { default: 'off', since: '2.0.0' }),
  row('notify_fifo', { kind: 'fifo' }, 'FIFO for all state changes.', fifo),
  row('notify_fifo_script', script, 'Program that reads it.', fifo),
  row('lvs_notify_fifo', { kind: 'fifo' }, 'FIFO for state changes of virtual and real servers.', fifo),
  row('lvs_notify_fifo_script', script, 'Program that reads it.', fifo),
  keepalivedRow('vrrp_notify_fifo', { kind: 'fifo' }, 'FIFO for state changes of VRRP.', fifo),
  keepalivedRow('vrrp_notify_fifo_script', script, 'Program that reads it.', fifo),
  keepalivedRow('vrrp_notify_priority_changes', bool, 'Write changes of priority to the FIFOs too.', {
    default: 'off',
    since: '2.0.16',
  }),
  keepalivedRow('fifo_write_vrrp_states_on_reload', flag, 'Write the state of every instance to the FIFOs on reload.', {
    since: '2.2.5',
  }),
  keepalivedRow('startup_script', script, 'Command to run before keepalived starts its processes.', {
    repeat: 'first',
    since: '2.1.0',
  }),
  keepalivedRow('startup_script_timeout', timeout, 'Seconds that it may take.', { default: '10', since: '2.1.0' }),
  keepalivedRow('shutdown_script', script, 'Command to run when keepalived has stopped them.', {
    repeat: 'first',
    since: '2.1.0',
  }),
  keepalivedRow('shutdown_script_timeout', timeout, 'Seconds that it may take.', { default: '10', since: '2.1.0' }),
];
