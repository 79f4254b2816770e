// Files are looked at as soon as they change, so these changes need not lie between two checks.
import { always, outage, refused, web } from '../behaviours.ts';
import { file, misc, rs, sorry, tcp, tracks, vs } from '../blocks.ts';
import { cameUp, quorumMail, wentDown } from '../expect.ts';
import type { Expected, FileText, Scenario, Theme, Timeline } from '../scenario.ts';

const up = { rs2: always(web()) };
const mail: Expected = { id: 'file-mail' };
const setUp = (lines: string, check = '', global = '', service = '') =>
  tracks('f1', global) + vs(service, rs('rs1', 'weight 10', lines, file('f1', check)), rs('rs2', tcp()));
const one = (check = '', global = '') => setUp('', check, global);
const over = (first: FileText, ...later: readonly FileText[]): Timeline<FileText> => [
  [0, first],
  ...later.map((text, index) => [1.5 + 2 * index, text] as const),
];
const numbers = (
  name: string,
  config: string,
  values: Timeline<FileText>,
  differs: readonly Expected[] = [],
): Scenario => ({
  name,
  config,
  servers: up,
  files: { f1: values },
  differs,
});

const starting = (weight: number) => quorumMail('UP', `Starting with quorum up 1+0=1 <= ${weight}`);
const added = (weight: number) => `ipvs ADDDEST vs rs1 weight=${weight} NAT`;
/** keepalived does not even add it. */
const neverAdded = (id: string): Expected => ({
  id,
  keepalived: [starting(1)],
  checkalived: [added(10), starting(11), ...wentDown('rs1', null)],
});
const addedWith = (weight: number): Expected => ({
  id: 'file-start',
  keepalived: [added(weight), starting(weight + 1)],
  checkalived: [added(10), `ipvs EDITDEST vs rs1 weight=${weight} NAT`, starting(11)],
});

const scenarios: readonly Scenario[] = [
  numbers('weight 1: weights', one('weight 1'), over('0', '5', '-3', '20', '0')),
  numbers('weight 2: the number twice', one('weight 2'), over('0', '5', '-3', '1', '0')),
  numbers('weight -1', one('weight -1'), over('0', '5', '-3', '9', '10', '0')),
  numbers('weight 1 reverse', one('weight 1 reverse'), over('0', '5', '-3', '0')),
  numbers('down to a weight of 0 and below', one('weight 1'), over('0', '-10', '-30', '-9', '0')),
  numbers('the weight of the track_file', one('', 'weight 3'), over('0', '2', '0')),
  numbers('neither has a weight', one(), over('0', '1', '0')),
  numbers('weight 0: another number than 0 fails', one('weight 0'), over('0', '1', '0', '-1', '0'), [mail]),
  numbers('weight 0: from 1 to 2 nothing happens', one('weight 0'), over('0', '1', '2', '0'), [mail]),
  numbers('weight 0: 1 at the start', one('weight 0'), over('1', '0'), [mail, neverAdded('file-start')]),
  numbers('weight 0 reverse: 0 fails', one('weight 0 reverse'), over('1', '0', '1', '0'), [
    mail,
    neverAdded('file-reverse'),
  ]),
  numbers('weight 0 reverse: 0 at the start', one('weight 0 reverse'), over('0', '1'), [
    mail,
    { id: 'file-reverse', checkalived: [...wentDown('rs1', null), ...cameUp('rs1', null, 10)] },
  ]),
  numbers('weight 0 reverse: 1 at the start, and stays', one('weight 0 reverse'), over('1'), [
    { id: 'file-reverse', keepalived: [starting(1)], checkalived: [added(10), starting(11)] },
  ]),
  numbers('the least number fails', one('weight 1'), over('0', '-2147483648', '0'), [mail]),
  numbers('a weight that makes it the least number', one('weight 1000000'), over('0', '-3000', '0'), [mail]),
  numbers('the least number at the start', one('weight 1'), over('-2147483648', '0'), [
    mail,
    neverAdded('file-start'),
    { id: 'file-weight', keepalived: [added(0)], checkalived: [added(10)] },
  ]),
  numbers('a weight from the start', one('weight 1'), over('12', '0'), [addedWith(22)]),
  numbers('a negative weight from the start', one('weight 1'), over('-4', '0'), [addedWith(6)]),
  numbers('no file at the start', one('weight 1'), over(null, '5', null, '3', null)),
  numbers('no file is 0, which reverse fails', one('weight 0 reverse'), over('1', null, '1'), [
    mail,
    neverAdded('file-reverse'),
  ]),
  numbers(
    'put there by renames',
    one('weight 1'),
    over({ moved: '0' }, { moved: '5' }, { moved: '-3' }, { moved: '0' }),
  ),
  numbers('hexadecimal, octal, blanks and a sign', one('weight 1'), over('0', '0x1f\n', '010', '  +7 ', '-0x3')),
  numbers('words are 0, and what follows a number is ignored', one('weight 1'), over('0', '5', 'well', '7 apples', '')),
  numbers('a number beyond 32 bits is ignored', one('weight 1'), over('0', '5', '99999999999', '3')),
  numbers('a number beyond 64 bits is ignored', one('weight 1'), over('0', '5', '99999999999999999999', '3')),
  numbers('a number beyond 32 bits at the start', one('weight 0'), over('99999999999', '1', '0'), [mail]),
  numbers('flaps', one('weight 0'), over('0', '1', '0', '1', '0'), [mail]),
  numbers('alpha', setUp('alpha', 'weight 0'), over('1', '0'), [mail, neverAdded('file-start')]),
  numbers('alpha, well at the start', setUp('alpha', 'weight 0'), over('0', '1', '0'), [mail]),
  numbers('inhibit_on_failure', setUp('inhibit_on_failure', 'weight 0'), over('0', '1', '0'), [mail]),
  numbers(
    'inhibit_on_failure, and a weight',
    setUp('inhibit_on_failure', 'weight 1'),
    over('0', '5', '-2147483648', '7', '0'),
    [mail],
  ),
  {
    name: 'a quorum that weights lose and win',
    config: setUp('', 'weight 1', '', `quorum 8\nhysteresis 1\n${sorry}`),
    servers: up,
    files: { f1: over('0', '-4', '-2', '-1', '0') },
  },
  {
    name: 'two files on one real server',
    config:
      tracks('f1') +
      tracks('f2') +
      vs('', rs('rs1', 'weight 10', file('f1', 'weight 1'), file('f2', 'weight 0')), rs('rs2', tcp())),
    servers: up,
    files: {
      f1: over('0', '5', '5', '7', '0'),
      f2: [
        [0, '0'],
        [2.5, '1'],
        [6.5, '0'],
      ],
    },
    differs: [mail],
  },
  {
    name: 'one file for two real servers',
    config:
      tracks('f1') +
      vs('', rs('rs1', 'weight 10', file('f1', 'weight 1')), rs('rs2', 'weight 10', file('f1', 'weight -1'))),
    servers: up,
    files: { f1: over('0', '5', '-3', '0') },
  },
  {
    name: 'with TCP_CHECK, which fails meanwhile',
    config: setUp(tcp('retry 0'), 'weight 1'),
    servers: { ...up, rs1: outage(web(), refused, 2.5, 6.5) },
    files: { f1: over('0', '5', '7', '9', '0') },
  },
  {
    name: 'with a weight of MISC_CHECK',
    config: setUp(misc('m1', 'retry 0\nmisc_dynamic'), 'weight 1'),
    servers: up,
    scripts: { m1: outage('exit 0', 'exit 7', 2.5, 6.5) },
    files: { f1: over('0', '5', '5', '7', '0') },
    differs: [{ id: 'misc-first-mail' }],
  },
];

export const fileThemes: readonly Theme[] = [{ name: 'FILE_CHECK', scenarios }];
