import { always, gone, mute, outage, refused, web } from '../behaviours.ts';
import { rs, tcp, vs } from '../blocks.ts';
import { cameUp, texts } from '../expect.ts';
import type { Behaviour, Scenario, Theme, Timeline } from '../scenario.ts';

const up = always(web());
const one = (check: string) => vs('', rs('rs1', check), rs('rs2', tcp()));
const flapping: Timeline<Behaviour> = [
  [0, web()],
  [1.5, refused],
  [3.5, web()],
  [5.5, refused],
  [7.5, web()],
  [9.5, refused],
];
/** So that never two real servers change at the same instant: their order would be chance. */
const flappingLater = flapping.map(([at, what]) => [at === 0 ? 0 : at + 1, what] as const);

const scenarios: readonly Scenario[] = [
  { name: 'up all the time', config: one(tcp()), servers: { rs1: up, rs2: up } },
  { name: 'refused from the start', config: one(tcp('retry 0')), servers: { rs2: up } },
  {
    name: 'refused at first, then up',
    config: one(tcp('retry 0')),
    servers: { rs1: outage(refused, web(), 2.5, 99), rs2: up },
  },
  { name: 'refused for a while', config: one(tcp()), servers: { rs1: outage(web(), refused, 3.5, 4.8), rs2: up } },
  {
    name: 'refused for long, without retries',
    config: one(tcp('retry 0')),
    servers: { rs1: outage(web(), refused, 3.5, 7.5), rs2: up },
  },
  { name: 'packets vanish', config: one(tcp('retry 0')), servers: { rs1: outage(web(), gone, 3.5, 8.3), rs2: up } },
  { name: 'packets vanish from the start', config: one(tcp('retry 0')), servers: { rs1: always(gone), rs2: up } },
  { name: 'packets vanish, with a retry', config: one(tcp()), servers: { rs1: outage(web(), gone, 3.5, 6), rs2: up } },
  {
    name: 'reset soon after the connection is up',
    config: one(tcp('retry 0')),
    servers: { rs1: outage<Behaviour>(web(), { kind: 'reset', pause: 50 }, 3.5, 7.5), rs2: up },
  },
  {
    name: 'mute is up',
    config: one(tcp('retry 0')),
    servers: {
      rs1: [
        [0, web()],
        [3.5, mute],
        [6.5, refused],
      ],
      rs2: up,
    },
  },
  {
    name: 'an outage shorter than the retries is none',
    config: one(tcp('retry 3')),
    servers: { rs1: outage(web(), refused, 3.5, 4.45), rs2: up },
  },
  {
    name: 'an outage as long as the retries is one',
    config: one(tcp('retry 3')),
    servers: { rs1: outage(web(), refused, 3.5, 5.4), rs2: up },
  },
  { name: 'flaps', config: one(tcp('retry 0')), servers: { rs1: flapping, rs2: up } },
  {
    name: 'both flap',
    config: vs('', rs('rs1', tcp('retry 0')), rs('rs2', tcp('retry 0'))),
    servers: { rs1: flapping, rs2: flappingLater },
  },
  { name: 'connect_port', config: one(tcp('retry 0\nconnect_port 81')), servers: { rs1: up, rs2: up } },
  {
    name: 'connect_ip',
    config: one(tcp('retry 0\nconnect_ip {rs3.address}')),
    servers: { rs1: up, rs2: up, rs3: outage(web(), refused, 3.5, 7.5) },
  },
  {
    name: 'retry of the real server',
    config: vs('', rs('rs1', 'retry 2', tcp()), rs('rs2', tcp())),
    servers: { rs1: outage(web(), refused, 3.5, 5.1), rs2: up },
  },
  {
    name: 'retry of the virtual server',
    config: vs('retry 2', rs('rs1', tcp()), rs('rs2', tcp())),
    servers: { rs1: outage(web(), refused, 3.5, 5.1), rs2: up },
  },
  {
    name: 'delay_loop of the checker',
    config: one(tcp('retry 0\ndelay_loop 3')),
    servers: { rs1: outage(web(), refused, 3.5, 7.5), rs2: up },
  },
  {
    name: 'retries while down come after delay_before_retry',
    config: one(tcp('retry 1\ndelay_before_retry 3')),
    servers: { rs1: outage(web(), refused, 3.5, 8.5), rs2: up },
    differs: [{ id: 'retries-while-down', later: cameUp('rs1', texts.tcpUp) }],
  },
];

export const tcpThemes: readonly Theme[] = [{ name: 'TCP_CHECK', scenarios }];
