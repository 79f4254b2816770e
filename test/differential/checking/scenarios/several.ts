// Several checkers on one real server, alpha, inhibit_on_failure.
import { always, gone, outage, refused, sick, web } from '../behaviours.ts';
import { http, misc, rs, smtp, sorry, tcp, vs } from '../blocks.ts';
import { cameUp, mailOf, quorumTold, texts, toldDown } from '../expect.ts';
import type { Behaviour, Scenario, Theme, Timeline } from '../scenario.ts';

const up = always(web());
const down = outage<Behaviour>(web(), refused, 3.5, 7.5);
const quick = tcp('retry 0');
const onThree = (checker: typeof tcp) => checker('retry 0\nconnect_ip {rs3.address}');
const onFour = (checker: typeof tcp) => checker('retry 0\nconnect_ip {rs4.address}');

const several: readonly Scenario[] = [
  {
    name: 'both of two fail at different times',
    config: vs('', rs('rs1', onThree(tcp), onFour(tcp)), rs('rs2', quick)),
    servers: { rs2: up, rs3: outage(web(), refused, 2.5, 6.5), rs4: outage(web(), refused, 4.5, 8.5) },
  },
  {
    name: 'one within the outage of the other',
    config: vs('', rs('rs1', onThree(tcp), onFour(tcp)), rs('rs2', quick)),
    servers: { rs2: up, rs3: outage(web(), refused, 2.5, 8.5), rs4: outage(web(), refused, 4.5, 6.5) },
  },
  {
    name: 'one fails at the start, the other later',
    config: vs('', rs('rs1', onThree(tcp), onFour(tcp)), rs('rs2', quick)),
    servers: { rs2: up, rs3: outage(refused, web(), 4.5, 99), rs4: outage(web(), refused, 2.5, 6.5) },
  },
  {
    name: 'TCP_CHECK well, HTTP_GET not',
    config: vs('', rs('rs1', quick, http('retry 0')), rs('rs2', quick)),
    servers: { rs1: outage<Behaviour>(web(), sick, 3.5, 99), rs2: up },
    differs: [{ id: 'http-mail-text' }],
  },
  {
    name: 'TCP_CHECK and MISC_CHECK in turn',
    config: vs('', rs('rs1', quick, misc('m1')), rs('rs2', quick)),
    servers: { rs1: outage(web(), refused, 2.5, 4.5), rs2: up },
    scripts: { m1: outage('exit 0', 'exit 1', 6.5, 8.5) },
    differs: [{ id: 'misc-first-mail' }],
  },
  {
    name: 'SMTP_CHECK and TCP_CHECK of two places',
    config: vs('', rs('rs1', onThree(tcp), smtp('retry 0')), rs('rs2', quick)),
    servers: { rs2: up, rs3: up },
    differs: [{ id: 'smtp-mail-text' }],
  },
  {
    name: 'three checkers, three outages',
    config: vs('', rs('rs1', quick, onThree(tcp), onFour(tcp)), rs('rs2', quick)),
    servers: {
      rs1: outage(web(), refused, 1.5, 4.5),
      rs2: up,
      rs3: outage(web(), refused, 2.5, 6.5),
      rs4: outage(web(), refused, 3.5, 8.5),
    },
  },
  { name: 'no checker at all', config: vs('', rs('rs1'), rs('rs2', quick)), servers: { rs2: down } },
  {
    name: 'smtp_alert off',
    config: vs('smtp_alert off', rs('rs1', 'smtp_alert off', quick), rs('rs2', quick)),
    servers: { rs1: down, rs2: up },
  },
];

const late: Timeline<Behaviour> = outage<Behaviour>(refused, web(), 3.5, 99);
const startedDown = 'Starting with quorum down 1+0=1 <= 0';
const alpha: readonly Scenario[] = [
  {
    name: 'well at once, an outage later',
    config: vs('alpha', rs('rs1', quick)),
    servers: { rs1: down },
    differs: [{ id: 'alpha-quorum', checkalived: quorumTold('DOWN', startedDown) }],
  },
  {
    name: 'of one real server, well later',
    config: vs('', rs('rs1', 'alpha', quick), rs('rs2', quick)),
    servers: { rs1: late, rs2: up },
  },
  {
    name: 'of one checker of two',
    config: vs('', rs('rs1', tcp('retry 0\nalpha'), onThree(tcp)), rs('rs2', quick)),
    servers: { rs1: late, rs2: up, rs3: up },
  },
  {
    name: 'two alpha checkers, one well later',
    config: vs('', rs('rs1', 'alpha', onThree(tcp), onFour(tcp)), rs('rs2', quick)),
    servers: { rs2: up, rs3: up, rs4: late },
  },
  {
    name: 'two alpha checkers, both well later',
    config: vs('', rs('rs1', 'alpha', onThree(tcp), onFour(tcp)), rs('rs2', quick)),
    servers: { rs2: up, rs3: late, rs4: outage(refused, web(), 5.5, 99) },
    differs: [{ id: 'alpha-failure', keepalived: toldDown('rs1', null) }],
  },
  {
    name: 'HTTP_GET, well later',
    config: vs('', rs('rs1', 'alpha', http('retry 0')), rs('rs2', quick)),
    servers: { rs1: late, rs2: up },
    differs: [
      { id: 'alpha-failure', checkalived: toldDown('rs1', null) },
      { id: 'http-recovery', later: cameUp('rs1') },
    ],
  },
  {
    name: 'with inhibit_on_failure',
    config: vs('inhibit_on_failure', rs('rs1', 'alpha', quick), rs('rs2', quick)),
    servers: { rs1: late, rs2: up },
  },
  {
    name: 'all of it, with a sorry server',
    config: vs(`alpha\n${sorry}`, rs('rs1', quick)),
    servers: { rs1: late },
    differs: [{ id: 'additions-first' }],
  },
  {
    name: 'all of it, no sorry server',
    config: vs('alpha', rs('rs1', quick)),
    servers: { rs1: late },
    differs: [{ id: 'alpha-quorum', checkalived: quorumTold('DOWN', startedDown) }],
  },
  {
    name: 'MISC_CHECK, well later',
    config: vs('', rs('rs1', 'alpha', misc('m1')), rs('rs2', quick)),
    servers: { rs2: up },
    scripts: { m1: outage('exit 1', 'exit 0', 3.5, 99) },
    differs: [{ id: 'alpha-failure', keepalived: [mailOf('rs1', 'DOWN', texts.miscDown)] }],
  },
  {
    name: 'SMTP_CHECK, refused all the time',
    config: vs('', rs('rs1', 'alpha', smtp('retry 0')), rs('rs2', quick)),
    servers: { rs2: up },
  },
];

const inhibit: readonly Scenario[] = [
  {
    name: 'of the virtual server',
    config: vs('inhibit_on_failure', rs('rs1', quick), rs('rs2', quick)),
    servers: { rs1: down, rs2: up },
  },
  {
    name: 'of one real server',
    config: vs('', rs('rs1', 'inhibit_on_failure', quick), rs('rs2', quick)),
    servers: { rs1: down, rs2: outage(web(), refused, 1.5, 5.5) },
  },
  {
    name: 'packets vanish',
    config: vs('inhibit_on_failure', rs('rs1', quick), rs('rs2', quick)),
    servers: { rs1: outage(web(), gone, 3.5, 8.3), rs2: up },
  },
  {
    name: 'refused from the start',
    config: vs('inhibit_on_failure', rs('rs1', quick), rs('rs2', quick)),
    servers: { rs2: up },
  },
  {
    name: 'quorum lost',
    config: vs('inhibit_on_failure', rs('rs1', quick), rs('rs2', quick)),
    servers: { rs1: down, rs2: outage(web(), refused, 4.5, 8.5) },
  },
  {
    name: 'a weight that changes',
    config: vs('inhibit_on_failure', rs('rs1', 'weight 10', misc('m1', 'misc_dynamic')), rs('rs2', quick)),
    servers: { rs2: up },
    scripts: {
      m1: [
        [0, 'exit 0'],
        [1.5, 'exit 7'],
        [3.5, 'exit 1'],
        [5.5, 'exit 22'],
        [7.5, 'exit 2'],
      ],
    },
    differs: [{ id: 'misc-first-mail' }],
  },
  {
    name: 'two checkers',
    config: vs('inhibit_on_failure', rs('rs1', onThree(tcp), onFour(tcp)), rs('rs2', quick)),
    servers: { rs2: up, rs3: outage(web(), refused, 2.5, 6.5), rs4: outage(web(), refused, 4.5, 8.5) },
  },
];

export const severalThemes: readonly Theme[] = [
  { name: 'several checkers', scenarios: several },
  { name: 'alpha', scenarios: alpha },
  { name: 'inhibit_on_failure', scenarios: inhibit },
];
