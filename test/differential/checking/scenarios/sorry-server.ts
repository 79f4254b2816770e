import { always, outage, refused, web } from '../behaviours.ts';
import { misc, rs, sorry, tcp, vs } from '../blocks.ts';
import type { Behaviour, Expected, Scenario, Theme, Timeline } from '../scenario.ts';

const up = always(web());
const quick = tcp('retry 0');
const pair = (lines: string) => vs(lines, rs('rs1', quick), rs('rs2', quick));
const out = (from: number, to: number): Timeline<Behaviour> => outage<Behaviour>(web(), refused, from, to);
const swap: readonly Expected[] = [{ id: 'additions-first' }];

const scenarios: readonly Scenario[] = [
  {
    name: 'both real servers leave and come back',
    config: pair(sorry),
    servers: { rs1: out(1.5, 5.5), rs2: out(2.5, 6.5) },
    differs: swap,
  },
  { name: 'never needed', config: pair(sorry), servers: { rs1: out(2.5, 5.5), rs2: up } },
  {
    name: 'quorum 2: who is alive makes room',
    config: pair(`quorum 2\n${sorry}`),
    servers: { rs1: out(1.5, 5.5), rs2: up },
    differs: swap,
  },
  {
    name: 'quorum 2: both leave while it is in',
    config: pair(`quorum 2\n${sorry}`),
    servers: { rs1: out(1.5, 6.5), rs2: out(3.5, 8.5) },
    differs: swap,
  },
  {
    name: 'quorum 2, hysteresis 1',
    config: vs(`quorum 2\nhysteresis 1\n${sorry}`, rs('rs1', quick), rs('rs2', quick), rs('rs3', quick)),
    servers: { rs1: out(1.5, 5.5), rs2: out(2.5, 7.5), rs3: out(3.5, 6.5) },
    differs: swap,
  },
  {
    name: 'sorry_server_inhibit',
    config: pair(`${sorry}\nsorry_server_inhibit`),
    servers: { rs1: out(1.5, 5.5), rs2: out(2.5, 6.5) },
    differs: swap,
  },
  {
    name: 'sorry_server_inhibit, never needed',
    config: pair(`${sorry}\nsorry_server_inhibit`),
    servers: { rs1: out(2.5, 5.5), rs2: up },
  },
  {
    name: 'inhibit_on_failure',
    config: pair(`inhibit_on_failure\n${sorry}`),
    servers: { rs1: out(1.5, 5.5), rs2: out(2.5, 6.5) },
    differs: swap,
  },
  {
    name: 'inhibit_on_failure, quorum 2',
    config: pair(`inhibit_on_failure\nquorum 2\n${sorry}`),
    servers: { rs1: out(1.5, 5.5), rs2: up },
    differs: swap,
  },
  {
    name: 'both inhibits, quorum 2',
    config: pair(`inhibit_on_failure\nquorum 2\n${sorry}\nsorry_server_inhibit`),
    servers: { rs1: out(1.5, 6.5), rs2: out(3.5, 8.5) },
    differs: swap,
  },
  {
    name: 'needed soon after the start',
    config: pair(sorry),
    servers: {
      rs1: [
        [0, web()],
        [0.5, refused],
        [4.5, web()],
      ],
    },
    differs: swap,
  },
  {
    name: 'needed soon after the start, sorry_server_inhibit',
    config: pair(`${sorry}\nsorry_server_inhibit`),
    servers: {
      rs1: [
        [0, web()],
        [0.5, refused],
        [4.5, web()],
      ],
    },
    differs: swap,
  },
  {
    name: 'sorry_server_lvs_method',
    config: pair(`${sorry}\nsorry_server_lvs_method DR`),
    servers: { rs1: out(1.5, 5.5), rs2: out(2.5, 6.5) },
    differs: swap,
  },
  {
    name: 'alpha and quorum 2',
    config: vs(`quorum 2\n${sorry}`, rs('rs1', 'alpha', quick), rs('rs2', quick)),
    servers: { rs1: outage(refused, web(), 3.5, 99), rs2: up },
    differs: [{ id: 'additions-first', keepalived: ['ipvs ADDDEST vs rs2 weight=1 NAT', 'ipvs DELDEST vs rs2'] }],
  },
  {
    name: 'a weight of 0 calls it',
    config: vs(sorry, rs('rs1', 'weight 10', misc('m1', 'misc_dynamic'))),
    scripts: { m1: outage('exit 0', 'exit 2', 2.5, 5.5) },
    differs: [{ id: 'misc-first-mail' }, { id: 'additions-first', keepalived: ['ipvs EDITDEST vs rs1 weight=0 NAT'] }],
  },
  {
    name: 'a weight that changes behind it',
    config: vs(`quorum 11\n${sorry}`, rs('rs1', 'weight 10', misc('m1', 'misc_dynamic')), rs('rs2', quick)),
    servers: { rs2: out(1.5, 6.5) },
    scripts: { m1: outage('exit 0', 'exit 22', 3.5, 99) },
    differs: [{ id: 'misc-first-mail' }, ...swap],
  },
  {
    name: 'is one of the real servers',
    config: pair('sorry_server {rs2}'),
    servers: { rs1: out(1.5, 5.5), rs2: out(2.5, 6.5) },
    differs: [{ id: 'additions-first', keepalived: ['ipvs ADDDEST vs rs2 weight=1 NAT', 'ipvs DELDEST vs rs2'] }],
  },
  {
    name: 'flaps',
    config: vs(sorry, rs('rs1', quick)),
    servers: {
      rs1: [
        [0, web()],
        [1.5, refused],
        [3.5, web()],
        [5.5, refused],
        [7.5, web()],
      ],
    },
    differs: swap,
  },
];

export const sorryThemes: readonly Theme[] = [{ name: 'sorry server', scenarios }];
