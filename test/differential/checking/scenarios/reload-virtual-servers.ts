// The second configuration is there at 5.1 s: behind the checks of 5 s, and 1 s before keepalived's next ones.
import { always, outage, refused, web } from '../behaviours.ts';
import { rs, sorry, tcp, vs } from '../blocks.ts';
import { quorumMail, quorumTold } from '../expect.ts';
import type { Behaviour, Expected, Scenario, Theme } from '../scenario.ts';

const up = always(web());
const quick = tcp('retry 0');
const down = outage<Behaviour>(web(), refused, 2.5, 8.5);
const later = outage<Behaviour>(web(), refused, 7.5, 9.5);
const pair = (lines = '', ...more: readonly string[]) => vs(lines, rs('rs1', ...more, quick), rs('rs2', quick));
const swap: readonly Expected[] = [{ id: 'additions-first' }];
const again: Expected = {
  id: 'reload-again',
  keepalived: quorumTold('DOWN', 'Starting with quorum down 1+0=1 <= 0'),
};
const both = { rs1: down, rs2: outage<Behaviour>(web(), refused, 3.5, 9.5) };

const virtualServers: readonly Scenario[] = [
  { name: 'gone', config: pair(), reload: '', servers: { rs1: up, rs2: up } },
  { name: 'gone with one down', config: pair(), reload: '', servers: { rs1: down, rs2: up } },
  { name: 'gone with the quorum down', config: pair(), reload: '', servers: both },
  { name: 'new', config: '', reload: pair(), servers: { rs1: later, rs2: up } },
  { name: 'another scheduler', config: pair(), reload: pair('lb_algo wlc'), servers: { rs1: later, rs2: up } },
  {
    name: 'persistence_timeout',
    config: pair(),
    reload: pair('persistence_timeout 300'),
    servers: { rs1: down, rs2: up },
  },
  { name: 'another lb_kind', config: pair(), reload: pair('lb_kind DR'), servers: { rs1: later, rs2: up } },
  {
    name: 'limits',
    config: pair(),
    reload: pair('', 'uthreshold 100'),
    servers: { rs1: later, rs2: up },
    differs: [{ id: 'reload-limits', checkalived: ['ipvs EDITDEST vs rs1 weight=1 NAT limits=0-100'] }],
  },
  {
    name: 'a quorum that is missed',
    config: pair(),
    reload: pair('quorum 2'),
    servers: { rs1: down, rs2: up },
    differs: [
      {
        id: 'reload-quorum-text',
        keepalived: [quorumMail('DOWN', 'Starting with quorum down 2+0=2 <= 1')],
        checkalived: [quorumMail('DOWN', 'Lost quorum 2+0=2 <= 1')],
      },
    ],
  },
  {
    name: 'a quorum that is reached',
    config: pair('quorum 2'),
    reload: pair('quorum 1'),
    servers: { rs1: down, rs2: up },
    differs: [
      {
        id: 'reload-quorum-text',
        keepalived: [quorumMail('UP', 'Starting with quorum up 1+0=1 <= 1')],
        checkalived: [quorumMail('UP', 'Gained quorum 1+0=1 <= 1')],
      },
    ],
  },
  {
    name: 'inhibit_on_failure comes',
    config: pair(),
    reload: pair('inhibit_on_failure'),
    servers: { rs1: down, rs2: up },
  },
  {
    name: 'inhibit_on_failure goes',
    config: pair('inhibit_on_failure'),
    reload: pair(),
    servers: { rs1: down, rs2: up },
  },
  { name: 'a sorry server comes, not needed', config: pair(), reload: pair(sorry), servers: { rs1: down, rs2: up } },
  {
    name: 'a sorry server comes, needed',
    config: pair(),
    reload: pair(sorry),
    servers: both,
    differs: [...swap, again],
  },
  { name: 'the sorry server goes, not in', config: pair(sorry), reload: pair(), servers: { rs1: down, rs2: up } },
  {
    name: 'the sorry server goes, in',
    config: pair(`quorum 2\n${sorry}`),
    reload: pair('quorum 2'),
    servers: { rs1: down, rs2: up },
    differs: [...swap, { id: 'reload-sorry', checkalived: ['ipvs ADDDEST vs rs2 weight=1 NAT'] }],
  },
  { name: 'the sorry server stays in', config: pair(sorry), servers: both, differs: swap },
  {
    name: 'another sorry server, in',
    config: pair(sorry),
    reload: pair('sorry_server {sorry2}'),
    servers: both,
    differs: [...swap, again],
  },
  {
    name: 'another sorry server, not in',
    config: pair(sorry),
    reload: pair('sorry_server {sorry2}'),
    servers: { rs1: later, rs2: up },
  },
  {
    name: 'other scripts',
    config: pair(),
    reload: pair().replaceAll('{note} ', '{note} new '),
    servers: { rs1: down, rs2: up },
  },
];

export const virtualServerThemes: readonly Theme[] = [{ name: 'reload of virtual servers', scenarios: virtualServers }];
