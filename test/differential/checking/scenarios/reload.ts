// The second configuration is there at 5.1 s: behind the checks of 5 s, and 1 s before keepalived's next ones.
import { always, outage, refused, web } from '../behaviours.ts';
import { http, misc, rs, tcp, vs } from '../blocks.ts';
import { cameUp, mailOf, quorumTold, texts, wentDown } from '../expect.ts';
import type { Behaviour, Expected, Scenario, Theme } from '../scenario.ts';

const up = always(web());
const quick = tcp('retry 0');
const down = outage<Behaviour>(web(), refused, 2.5, 8.5);
const later = outage<Behaviour>(web(), refused, 7.5, 9.5);
const pair = (lines = '', ...more: readonly string[]) => vs(lines, rs('rs1', ...more, quick), rs('rs2', quick));
const swap: readonly Expected[] = [{ id: 'additions-first' }];
const servers: readonly Scenario[] = [
  { name: 'nothing changes, all up', config: pair(), servers: { rs1: later, rs2: up } },
  { name: 'nothing changes, one down', config: pair(), servers: { rs1: down, rs2: up } },
  { name: 'a weight', config: pair(), reload: pair('', 'weight 7'), servers: { rs1: later, rs2: up } },
  {
    name: 'a weight of one that is down',
    config: pair(),
    reload: pair('', 'weight 7'),
    servers: { rs1: down, rs2: up },
  },
  {
    name: 'a weight of one that is inhibited',
    config: pair('inhibit_on_failure'),
    reload: pair('inhibit_on_failure', 'weight 7'),
    servers: { rs1: down, rs2: up },
  },
  {
    name: 'a weight that loses the quorum',
    config: pair('quorum 4\nweight 3'),
    reload: pair('quorum 4\nweight 1'),
    servers: { rs1: up, rs2: down },
  },
  {
    name: 'a real server more, which is up',
    config: vs('', rs('rs1', quick)),
    reload: pair(),
    servers: { rs1: later, rs2: up },
  },
  {
    name: 'a real server more, which is down',
    config: vs('', rs('rs1', quick)),
    reload: pair(),
    servers: { rs1: up, rs2: outage(refused, web(), 8.5, 99) },
    differs: [{ id: 'extra-second', later: wentDown('rs2', texts.tcpDown) }],
  },
  {
    name: 'a real server more, alpha',
    config: vs('', rs('rs1', quick)),
    reload: vs('', rs('rs1', quick), rs('rs2', 'alpha', quick)),
    servers: { rs1: up, rs2: up },
    differs: [{ id: 'extra-second', later: cameUp('rs2', texts.tcpUp) }],
  },
  {
    name: 'a real server less, which was up',
    config: pair(),
    reload: vs('', rs('rs2', quick)),
    servers: { rs1: up, rs2: later },
  },
  {
    name: 'a real server less, which was down',
    config: pair(),
    reload: vs('', rs('rs2', quick)),
    servers: { rs1: down, rs2: later },
  },
  {
    name: 'a real server less, which was inhibited',
    config: pair('inhibit_on_failure'),
    reload: vs('inhibit_on_failure', rs('rs2', quick)),
    servers: { rs1: down, rs2: later },
  },
  {
    name: 'a real server less, and with it the quorum',
    config: vs('quorum 3', rs('rs1', 'weight 2', quick), rs('rs2', 'weight 2', quick), rs('rs3', quick)),
    reload: vs('quorum 3', rs('rs2', 'weight 2', quick), rs('rs3', quick)),
    servers: { rs1: up, rs2: down, rs3: up },
    differs: [{ id: 'reload-again', keepalived: quorumTold('DOWN', 'Starting with quorum down 3+0=3 <= 1') }],
  },
  {
    name: 'one for another, without either of which there is no quorum',
    config: pair('quorum 2'),
    reload: vs('quorum 2', rs('rs2', quick), rs('rs3', quick)),
    servers: { rs1: up, rs2: up, rs3: up },
    differs: [...swap, { id: 'reload-in-between', keepalived: quorumTold('DOWN', 'Lost quorum 2+0=2 <= 1') }],
  },
  {
    name: 'one real server for another',
    config: pair(),
    reload: vs('', rs('rs3', quick), rs('rs2', quick)),
    servers: { rs1: up, rs2: up, rs3: later },
    differs: swap,
  },
];

const checkers: readonly Scenario[] = [
  {
    name: 'a second checker',
    config: pair(),
    reload: pair('', tcp('retry 0\nconnect_ip {rs3.address}')),
    servers: { rs1: later, rs2: up, rs3: up },
  },
  {
    name: 'a second checker, which fails',
    config: pair(),
    reload: pair('', tcp('retry 0\nconnect_ip {rs3.address}')),
    servers: { rs1: up, rs2: up },
    differs: [{ id: 'extra-second', later: wentDown('rs1', texts.tcpDown) }],
  },
  {
    name: 'a checker less, which failed',
    config: vs('', rs('rs1', quick, tcp('retry 0\nconnect_ip {rs3.address}')), rs('rs2', quick)),
    reload: pair(),
    servers: { rs1: up, rs2: up },
    differs: [{ id: 'reload-mail', checkalived: [mailOf('rs1', 'UP', 'Configuration changed')] }],
  },
  {
    name: 'another connect_timeout, up',
    config: pair(),
    reload: vs('', rs('rs1', tcp('retry 0\nconnect_timeout 0.5')), rs('rs2', quick)),
    servers: { rs1: later, rs2: up },
  },
  {
    name: 'another connect_timeout, down',
    config: pair(),
    reload: vs('', rs('rs1', tcp('retry 0').replace('0.6', '0.5')), rs('rs2', quick)),
    servers: { rs1: down, rs2: up },
    differs: [{ id: 'reload-edited', keepalived: [...cameUp('rs1', null), ...wentDown('rs1', texts.tcpDown)] }],
  },
  {
    name: 'HTTP_GET for TCP_CHECK, well',
    config: pair(),
    reload: vs('', rs('rs1', http('retry 0')), rs('rs2', quick)),
    servers: { rs1: up, rs2: later },
  },
  {
    name: 'another delay_loop',
    config: pair(),
    reload: pair('delay_loop 2'),
    servers: { rs1: later, rs2: up },
  },
  {
    name: 'nothing changes, between two checks that are far apart',
    config: vs('', rs('rs1', tcp('retry 0\ndelay_loop 2.5')), rs('rs2', quick)),
    servers: { rs1: outage<Behaviour>(web(), refused, 5.5, 99), rs2: up },
    differs: [{ id: 'reload-timers', sooner: wentDown('rs1', texts.tcpDown) }],
  },
  {
    name: 'another command',
    config: vs('', rs('rs1', misc('m1')), rs('rs2', quick)),
    reload: vs('', rs('rs1', misc('m2')), rs('rs2', quick)),
    servers: { rs2: up },
    scripts: { m1: always('exit 0'), m2: outage('exit 0', 'exit 1', 8.5, 99) },
    differs: [{ id: 'misc-first-mail', keepalived: [mailOf('rs1', 'UP', texts.miscUp)] }],
  },
  {
    name: 'no checker any more, down',
    config: pair(),
    reload: vs('', rs('rs1'), rs('rs2', quick)),
    servers: { rs1: down, rs2: up },
    differs: [{ id: 'reload-mail', checkalived: [mailOf('rs1', 'UP', 'Configuration changed')] }],
  },
];

export const reloadThemes: readonly Theme[] = [
  { name: 'reload of real servers', scenarios: servers },
  { name: 'reload of checkers', scenarios: checkers },
];
