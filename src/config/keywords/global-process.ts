import type { Params, ParamType } from '../../model/params.ts';
import { custom, oneWord, readNumber } from './read-words.ts';
import { bool, flag, int, keepalivedRow, maxUnsigned } from './rows.ts';

/** The kernel keeps this many characters of a process's name. */
const longestProcessName = 15;
const maxCpus = 1024;

const niceness = int(-20, 19);
/** keepalived takes the nearer end of the range for what lies outside. */
const realTime = int(1, 99);
const processName: ParamType = oneWord(
  'NAME',
  text => (text.length > longestProcessName ? `The kernel keeps ${longestProcessName} characters of ${text}.` : null),
  `Write a name of at most ${longestProcessName} characters.`,
);
const cpus = custom('CPU ...', (words, tell) => {
  const advice = 'Write the numbers of processors, beginning with 0, with blanks between.';
  if (words.length === 0) return tell('missing-argument', undefined, 'The numbers of processors are missing.', advice);
  const numbers = words.map(word => readNumber(word, 'cpu', { min: 0, max: maxCpus - 1 }, tell));
  return numbers.includes(undefined) ? undefined : numbers;
});

const bits: Readonly<Record<string, number>> = {
  IRUSR: 0o400,
  IWUSR: 0o200,
  IXUSR: 0o100,
  IRGRP: 0o40,
  IWGRP: 0o20,
  IXGRP: 0o10,
  IROTH: 0o4,
  IWOTH: 0o2,
  IXOTH: 0o1,
};

/** The value is the mask (keepalived core/global_parser.c:umask_handler: a number of any base, or names of bits). */
const umask = custom('NUMBER or IRUSR|IWUSR|...', (words, tell) => {
  const [first, surplus] = words;
  const advice = 'Write an octal number such as 022, or names such as IWGRP|IWOTH.';
  if (first === undefined) return tell('missing-argument', undefined, 'umask lacks its value.', advice);
  if (/^\d/.test(first.text)) {
    if (surplus !== undefined) return tell('bad-value', surplus, 'umask takes one number.', advice);
    const mask = parseNumber(first.text);
    return mask <= 0o777 ? mask : tell('bad-value', first, `umask cannot be ${first.text}.`, advice);
  }
  const names = words
    .map(word => word.text)
    .join('')
    .split('|');
  const wrong = names.find(name => !Object.hasOwn(bits, name));
  if (wrong !== undefined) return tell('bad-value', first, `umask knows no bit "${wrong}".`, advice);
  return names.reduce((mask, name) => mask | (bits[name] ?? 0), 0);
});

/** Decimal, octal with a leading 0, or hexadecimal; NaN when it is none. */
function parseNumber(text: string): number {
  if (/^0x[0-9a-f]+$/i.test(text)) return Number.parseInt(text.slice(2), 16);
  if (/^0[0-7]*$/.test(text)) return Number.parseInt(text, 8);
  return /^[1-9]\d*$/.test(text) ? Number(text) : Number.NaN;
}

const netlinkBuffers = int(0, maxUnsigned);

/** global_defs: names, priorities and limits of keepalived's processes. */
export const processRows: Params = [
  keepalivedRow('process_names', flag, 'Names of their own for the processes of keepalived.', { since: '2.0.16' }),
  keepalivedRow('process_name', processName, 'Name of the parent process.', { since: '2.0.16' }),
  ...['checker', 'vrrp', 'bfd'].flatMap(processRowsOf),
  keepalivedRow('lvs_process_name', processName, 'Old name of checker_process_name.', {
    deprecated: 'checker_process_name',
    tolerated: true,
    since: '2.0.16',
  }),
  keepalivedRow(
    'max_auto_priority',
    int(-1, 99, 99),
    'Highest real-time priority that keepalived gives itself when late.',
    {
      default: '0, none; 99 without a number',
      since: '2.1.0',
    },
  ),
  keepalivedRow('min_auto_priority_delay', int(1, 10_000_000), 'Microseconds late before it does that.', {
    default: '1000000',
    since: '2.1.0',
  }),
  keepalivedRow('umask', umask, 'Permissions that new files lack.', { default: 'IXUSR|IRWXG|IRWXO', since: '2.0.9' }),
  ...['lvs_netlink_cmd', 'lvs_netlink_monitor', 'vrrp_netlink_cmd', 'vrrp_netlink_monitor', 'process_monitor'].flatMap(
    netlinkRowsOf,
  ),
];

function processRowsOf(process: string): Params {
  return [
    keepalivedRow(`${process}_process_name`, processName, `Name of the ${process} process.`, { since: '2.0.16' }),
    keepalivedRow(`${process}_priority`, niceness, `Nice value of the ${process} process.`, {
      default: '0',
      since: process === 'bfd' ? '2.0.0' : '1.2.20',
    }),
    keepalivedRow(`${process}_rt_priority`, realTime, `Real-time priority of the ${process} process.`, {
      default: 'none',
      since: '2.0.0',
    }),
    keepalivedRow(`${process}_no_swap`, flag, `Keep the ${process} process in memory.`, {
      since: process === 'bfd' ? '2.0.0' : '1.2.20',
    }),
    keepalivedRow(`${process}_cpu_affinity`, cpus, `Processors that the ${process} process may run on.`, {
      default: 'all',
      since: '2.0.17',
    }),
    keepalivedRow(`${process}_rlimit_rttime`, int(1, maxUnsigned), 'Microseconds of real time without a pause.', {
      default: '10000',
      since: '2.1.0',
    }),
    keepalivedRow(`${process}_rlimit_rtime`, int(1, maxUnsigned), `Old name of ${process}_rlimit_rttime.`, {
      deprecated: `${process}_rlimit_rttime`,
      tolerated: true,
      since: '2.0.17',
    }),
  ];
}

function netlinkRowsOf(name: string): Params {
  const since = name === 'process_monitor' ? '2.0.11' : '2.0.0';
  return [
    keepalivedRow(`${name}_rcv_bufs`, netlinkBuffers, "Bytes for what arrives from the kernel's netlink.", { since }),
    keepalivedRow(`${name}_rcv_bufs_force`, bool, "Go beyond the system's limit for that.", { default: 'off', since }),
  ];
}
