// Attributes of services and destinations, and settings of global_defs.
import { always, outage, refused, web } from '../behaviours.ts';
import { misc, rs, sorry, tcp, vs } from '../blocks.ts';
import { cameUp, texts, wentDown } from '../expect.ts';
import type { Behaviour, Scenario, Theme } from '../scenario.ts';

const up = always(web());
const down = outage<Behaviour>(web(), refused, 2.5, 5.5);
const quick = tcp('retry 0');
const pair = (lines: string, ...more: readonly string[]) => vs(lines, rs('rs1', ...more, quick), rs('rs2', quick));
const plain = (name: string, config: string): Scenario => ({ name, config, servers: { rs1: down, rs2: up } });

const services: readonly Scenario[] = [
  plain('wlc, weights', vs('lb_algo wlc', rs('rs1', 'weight 7', quick), rs('rs2', 'weight 3', quick))),
  plain('weight of the virtual server', pair('weight 5')),
  plain('persistence_timeout', pair('persistence_timeout 120')),
  plain('persistence_granularity', pair('persistence_timeout 120\npersistence_granularity 255.255.255.0')),
  plain('sh with sh-port and sh-fallback', pair('lb_algo sh\nsh-port\nsh-fallback')),
  plain('mh with mh-port', pair('lb_algo mh\nmh-port')),
  plain('flag-1 and flag-3', pair('flag-1\nflag-3')),
  plain('DR', pair('lb_kind DR')),
  plain('TUN', pair('lb_kind TUN')),
  plain('lvs_method of a real server', pair('', 'lvs_method DR')),
  plain('limits', pair('', 'uthreshold 100\nlthreshold 50')),
  plain('no lb_kind of its own, retry for all', pair('retry 1')),
];

const group = (entries: string, config: string): string =>
  `virtual_server_group group-{number} {\n${entries}\n}\n${config.replace('virtual_server {vs}', 'virtual_server group group-{number}')}`;
const sorryPair = pair(`quorum 2\n${sorry}`);
const swap = [{ id: 'additions-first' }] as const;
const kinds: readonly Scenario[] = [
  plain('UDP', pair('protocol UDP\nops')),
  plain('a fwmark', pair('').replace('{vs}', 'fwmark {number}').replace('protocol TCP', '')),
  plain('a group of one address', group('{vs}', pair(''))),
  plain('a group of two ports', group('{vs}\n{vs.address} 81', pair(''))),
  plain('a group with a fwmark', group('{vs}\nfwmark {number}', pair(''))),
  plain('a group, inhibit_on_failure', group('{vs}\n{vs.address} 81', pair('inhibit_on_failure'))),
  { ...plain('a group of two ports, sorry server', group('{vs}\n{vs.address} 81', sorryPair)), differs: swap },
  {
    ...plain('a fwmark, sorry server', sorryPair.replace('{vs}', 'fwmark {number}').replace('protocol TCP', '')),
    differs: swap,
  },
];

const quiet: readonly Scenario[] = [
  plain('one checker', pair('')),
  {
    name: 'two checkers, the second changes nothing',
    config: vs(
      '',
      rs('rs1', tcp('retry 0\nconnect_ip {rs3.address}'), tcp('retry 0\nconnect_ip {rs4.address}')),
      rs('rs2', quick),
    ),
    servers: {
      rs2: up,
      rs3: outage<Behaviour>(web(), refused, 1.5, 4.5),
      rs4: outage<Behaviour>(web(), refused, 2.5, 5.5),
    },
  },
];

const init: readonly Scenario[] = [
  plain('all assumed up', pair('')),
  plain('alpha', vs('', rs('rs1', 'alpha', quick), rs('rs2', quick))),
  plain('inhibit_on_failure', pair('inhibit_on_failure')),
];

const retries: readonly Scenario[] = [
  {
    name: 'TCP_CHECK, refused from the start, two retries',
    config: vs('', rs('rs1', tcp('retry 2\ndelay_before_retry 1')), rs('rs2', quick)),
    servers: { rs2: up },
    differs: [{ id: 'first-verdict', sooner: wentDown('rs1', texts.tcpDown) }],
  },
  {
    name: 'TCP_CHECK, refused only at first',
    config: vs('', rs('rs1', tcp('retry 2\ndelay_before_retry 1')), rs('rs2', quick)),
    servers: { rs1: outage<Behaviour>(refused, web(), 1.5, 99), rs2: up },
    differs: [{ id: 'first-verdict', keepalived: [...wentDown('rs1', texts.tcpDown), ...cameUp('rs1', texts.tcpUp)] }],
  },
  {
    name: 'MISC_CHECK, exit 1 from the start, two retries',
    config: vs('', rs('rs1', misc('m1', 'retry 2\ndelay_before_retry 1')), rs('rs2', quick)),
    servers: { rs2: up },
    scripts: { m1: always('exit 1') },
    differs: [{ id: 'first-verdict', sooner: wentDown('rs1', texts.miscDown) }],
  },
  {
    name: 'without retries there is no difference',
    config: vs('', rs('rs1', tcp('retry 0')), rs('rs2', quick)),
    servers: { rs2: up },
  },
];

const theme = (name: string, scenarios: readonly Scenario[]): readonly Theme[] => [{ name, scenarios }];
export const settingsThemes = {
  services: [...theme('services', services), ...theme('kinds of virtual servers', kinds)],
  noEmails: theme('no_checker_emails', quiet),
  initNotifies: theme('rs_init_notifies', init),
  firstVerdict: theme('first verdict', retries),
} as const;
