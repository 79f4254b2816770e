import type { Params } from '../../model/params.ts';
import { readInitFile, readScriptSeconds, readTrackerWeight, withArgument } from '../values/read-vrrp-values.ts';
import { flag, int, keepalivedRow as row, row as sharedRow, timer, word } from './rows.ts';

const maxInt = 2_147_483_647;
const delay = timer(0.000001, 3600);

/** The block vrrp_script. */
export const vrrpScriptRows: Params = [
  row('script', { kind: 'script', user: false }, 'Command that tells by its exit code.', { required: true }),
  row(
    'interval',
    { kind: 'custom', syntax: 'SECONDS', read: readScriptSeconds('interval') },
    'Seconds between two runs; decimals need keepalived 2.3.',
    { default: '1' },
  ),
  row(
    'timeout',
    { kind: 'custom', syntax: 'SECONDS', read: readScriptSeconds('timeout') },
    'Seconds that a run may take; decimals need keepalived 2.3.',
    { default: 'interval', since: '1.2.6' },
  ),
  row(
    'weight',
    { kind: 'custom', syntax: 'N [reverse]', read: readTrackerWeight(253) },
    'What a result adds to the priority, -253 to 253; 0 = a failure is a fault.',
    { default: '0' },
  ),
  row('rise', int(1, maxInt), 'Successes in a row until it counts as up.', { default: '1' }),
  row('fall', int(1, maxInt), 'Failures in a row until it counts as down.', { default: '1' }),
  row('user', { kind: 'user' }, 'Who runs the command.', { default: 'script_user', since: '1.3.0' }),
  row('init_fail', flag, 'Counts as down until the first success.', { since: '1.3.2' }),
];

/** The block track_file. */
export const trackFileRows: Params = [
  sharedRow('file', word, 'The file that holds a number.', { required: true, repeat: 'first' }),
  sharedRow(
    'weight',
    { kind: 'custom', syntax: 'N [reverse]', read: readTrackerWeight(254, maxInt) },
    'What the number is multiplied by, -254 to 254, or any in keepalived 2.3 and newer; 0 = any number but 0 is a fault.',
    { default: '1' },
  ),
  row(
    'init_file',
    { kind: 'custom', syntax: '[VALUE] [overwrite]', read: readInitFile },
    'keepalived writes the file at its start when it is not there, or, with overwrite, in any case; checkalived writes none, and no file is 0.',
  ),
];

/** The block vrrp_track_process. */
export const trackProcessRows: Params = [
  row(
    'process',
    {
      kind: 'custom',
      syntax: 'NAME [ARGUMENT ...]',
      read: withArgument('process', (name, rest) => [name, ...rest].map(({ text }) => text)),
    },
    'Name or command line of the process.',
    { required: true, repeat: 'first' },
  ),
  row(
    'param_match',
    {
      kind: 'custom',
      syntax: '[initial|partial]',
      read: ([given], tell) => {
        if (given === undefined) return 'exact';
        if (given.text === 'initial' || given.text === 'partial') return given.text;
        const message = `param_match takes initial, partial or nothing, not ${given.text}.`;
        return tell('bad-value', given, message, 'Write param_match initial.');
      },
    },
    'How the arguments are compared.',
    { default: 'exact', since: '2.0.16' },
  ),
  row(
    'weight',
    { kind: 'custom', syntax: 'N [reverse]', read: readTrackerWeight(254) },
    'What the quorum adds to the priority, -254 to 254; 0 = without it there is a fault.',
    { default: '0' },
  ),
  row('quorum', int(1, 65_535), 'Processes that must run.', { default: '1' }),
  row('quorum_max', int(0, 65_535), 'Processes that may run.', { default: 'no limit', since: '2.0.16' }),
  row('delay', delay, 'Seconds that a change must last.', { default: '0' }),
  row('fork_delay', delay, 'Seconds that a new process must last.', { default: '0', since: '2.0.16' }),
  row('terminate_delay', delay, 'Seconds that a process must be gone.', { default: '0', since: '2.0.16' }),
  row('full_command', flag, 'Compare the whole command line.'),
];
