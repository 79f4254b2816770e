// The second configuration is there at 5.1 s, as in reload.ts.
import { always, datagrams, gone, names, outage, refused, web } from '../behaviours.ts';
import { dns, file, ping, rs, tcp, tracks, udp, vs } from '../blocks.ts';
import { cameUp, mailOf, texts, wentDown } from '../expect.ts';
import type { Behaviour, Expected, FileText, Scenario, Theme, Timeline } from '../scenario.ts';

const up = always(web());
const one = (...checks: readonly string[]) => vs('', rs('rs1', ...checks), rs('rs2', tcp('retry 0')));
const down = (well: Behaviour, ill: Behaviour) => ({ rs1: outage<Behaviour>(well, ill, 2.5, 8.5), rs2: up });

const datagramCheckers: readonly Scenario[] = [
  { name: 'DNS_CHECK, unchanged, down', config: one(dns('retry 0')), servers: down(names(), names({ rcode: 2 })) },
  {
    name: 'DNS_CHECK, another name, down',
    config: one(dns('retry 0\nname www.example.net')),
    reload: one(dns('retry 0\nname www.example.com')),
    servers: down(names(), names({ rcode: 2 })),
    differs: [{ id: 'reload-edited', keepalived: [...cameUp('rs1', null), ...wentDown('rs1', texts.dnsDown)] }],
  },
  { name: 'UDP_CHECK, unchanged, down', config: one(udp('retry 0')), servers: down(datagrams(['well']), refused) },
  {
    name: 'UDP_CHECK, another payload, down',
    config: one(udp('retry 0\npayload 01 02')),
    reload: one(udp('retry 0\npayload 03 04')),
    servers: down(datagrams(['well']), refused),
  },
  { name: 'PING_CHECK, unchanged, down', config: one(ping('retry 0')), servers: down(refused, gone) },
  {
    name: 'PING_CHECK in place of TCP_CHECK',
    config: one(tcp('retry 0')),
    reload: one(ping('retry 0')),
    servers: { rs1: outage<Behaviour>(web(), gone, 8.5, 99), rs2: up },
  },
];

const weighted = (lines: string) => tracks('f1') + one('weight 10', tcp('retry 0'), file('f1', lines));
const unchecked = one('weight 10', tcp('retry 0'));
const numbers = (
  name: string,
  config: string,
  values: Timeline<FileText>,
  reload: string,
  differs: readonly Expected[] = [],
): Scenario => ({ name, config, reload, servers: { rs1: up, rs2: up }, files: { f1: values }, differs });
const failed: Timeline<FileText> = [
  [0, '0'],
  [2.5, '1'],
  [8.5, '0'],
];
const heavy: Timeline<FileText> = [
  [0, '0'],
  [2.5, '5'],
  [8.5, '7'],
];

const mail: Expected = { id: 'file-mail' };
const edit = (weight: number) => `ipvs EDITDEST vs rs1 weight=${weight} NAT`;
const add = (weight: number) => `ipvs ADDDEST vs rs1 weight=${weight} NAT`;
/** It is in with its own weight for an instant. */
const readLater: Expected = { id: 'file-start', checkalived: [edit(10)] };

const files: readonly Scenario[] = [
  numbers('unchanged, a weight', weighted('weight 1'), heavy, weighted('weight 1')),
  numbers('unchanged, failed', weighted('weight 0'), failed, weighted('weight 0'), [
    mail,
    { id: 'reload-file', keepalived: [...cameUp('rs1', null, 10), ...wentDown('rs1', null)] },
  ]),
  numbers('another weight', weighted('weight 1'), heavy, weighted('weight 2'), [readLater]),
  numbers('a weight in place of a failure', weighted('weight 0'), failed, weighted('weight 1'), [
    mail,
    { id: 'reload-edited', keepalived: [add(10), edit(11)], checkalived: [add(11)] },
  ]),
  numbers('a failure in place of a weight', weighted('weight 1'), failed, weighted('weight 0'), [mail, readLater]),
  numbers('comes, with a weight', unchecked, heavy, weighted('weight 1')),
  numbers('comes, failed', unchecked, failed, weighted('weight 0'), [mail]),
  numbers('goes, with a weight', weighted('weight 1'), heavy, unchecked),
  numbers('goes, failed', weighted('weight 0'), failed, unchecked, [
    mail,
    { id: 'reload-mail', checkalived: [mailOf('rs1', 'UP', 'Configuration changed')] },
  ]),
];

export const otherReloadThemes: readonly Theme[] = [
  { name: 'reload of DNS_CHECK, UDP_CHECK and PING_CHECK', scenarios: datagramCheckers },
  { name: 'reload of FILE_CHECK', scenarios: files },
];
