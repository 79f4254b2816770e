// SIGTERM comes when the first outages have been seen.
import { always, outage, refused, web } from '../behaviours.ts';
import { rs, sorry, tcp, vs } from '../blocks.ts';
import { mailOf, quorumMail, quorumTold, toldDown } from '../expect.ts';
import type { Behaviour, Expected, Scenario, Theme } from '../scenario.ts';

const up = always(web());
const down = outage<Behaviour>(web(), refused, 2.5, 99);
const earlier = outage<Behaviour>(web(), refused, 1.5, 99);
const quick = tcp('retry 0');
const pair = (lines: string) => vs(lines, rs('rs1', quick), rs('rs2', quick));

/** keepalived is gone before its mails are. */
const lostMail = (...servers: readonly string[]): Expected => ({
  id: 'stop-mail',
  checkalived: [quorumMail('DOWN', text), ...servers.map(server => mailOf(server, 'DOWN', text))],
});
const text = 'Shutting down';

const scenarios: readonly Scenario[] = [
  { name: 'silent without omega', config: pair(''), servers: { rs1: up, rs2: down } },
  { name: 'omega, all up', config: pair('omega'), servers: { rs1: up, rs2: up }, differs: [lostMail('rs1', 'rs2')] },
  { name: 'omega, one down', config: pair('omega'), servers: { rs1: up, rs2: down }, differs: [lostMail('rs1')] },
  {
    name: 'omega, all down',
    config: pair('omega'),
    servers: { rs1: down, rs2: earlier },
    differs: [{ id: 'omega-twice', keepalived: quorumTold('DOWN', null) }],
  },
  {
    name: 'omega, inhibit_on_failure, one down',
    config: pair('omega\ninhibit_on_failure'),
    servers: { rs1: up, rs2: down },
    differs: [lostMail('rs1')],
  },
  {
    name: 'omega, the sorry server in',
    config: pair(`omega\nquorum 2\n${sorry}`),
    servers: { rs1: up, rs2: down },
    differs: [
      { id: 'additions-first' },
      { id: 'omega-twice', keepalived: quorumTold('DOWN', null), checkalived: toldDown('rs1', 'Shutting down') },
    ],
  },
  {
    name: 'omega, the sorry server aside',
    config: pair(`omega\n${sorry}\nsorry_server_inhibit`),
    servers: { rs1: up, rs2: up },
    differs: [lostMail('rs1', 'rs2')],
  },
  {
    name: 'the sorry server in, without omega',
    config: pair(`quorum 2\n${sorry}`),
    servers: { rs1: up, rs2: down },
    differs: [{ id: 'additions-first' }],
  },
  {
    name: 'omega, alpha, one never up',
    config: vs('omega', rs('rs1', quick), rs('rs2', 'alpha', quick)),
    servers: { rs1: up },
    differs: [lostMail('rs1')],
  },
];

/** Only we name the real servers. */
const flush = (...servers: readonly string[]): Expected => ({
  id: 'stop-flush',
  checkalived: [quorumMail('DOWN', text), ...servers.flatMap(server => toldDown(server, text))],
});
const flushes: readonly Scenario[] = [
  { name: 'silent without omega', config: pair(''), servers: { rs1: up, rs2: down } },
  { name: 'omega, all up', config: pair('omega'), servers: { rs1: up, rs2: up }, differs: [flush('rs1', 'rs2')] },
  { name: 'omega, one down', config: pair('omega'), servers: { rs1: up, rs2: down }, differs: [flush('rs1')] },
];

const theme = (name: string, scenarios: readonly Scenario[]): readonly Theme[] => [{ name, scenarios }];
export const shutdownThemes = {
  plain: theme('shutdown', scenarios),
  flush: theme('shutdown, lvs_flush_on_stop', flushes),
  flushServices: theme('shutdown, lvs_flush_on_stop VS', flushes),
} as const;
