// When checks come: their connections to the real server are compared, too.
import { always, gone, mail, outage, sick, web, webWith } from '../behaviours.ts';
import { http, rs, smtp, tcp, url, vs } from '../blocks.ts';
import type { Behaviour, Scenario, Theme } from '../scenario.ts';

const one = (check: string) => vs('', rs('rs1', check));
const connections = (count: number): readonly string[] => Array<string>(count).fill('check rs1');
/** What comes after this is not seen, so the end of the run cuts nothing off where checks do not come with the full second. */
const unseen = [9.95, gone] as const;

const scenarios: readonly Scenario[] = [
  { name: 'TCP_CHECK, every second', config: one(tcp()), servers: { rs1: always(web()) }, watchChecks: true },
  {
    name: 'TCP_CHECK, every 2.5 seconds',
    config: one(tcp('delay_loop 2.5')),
    servers: { rs1: always(web()) },
    watchChecks: true,
  },
  {
    name: 'HTTP_GET, retries of which the last passes',
    config: one(http('retry 3\ndelay_before_retry 0.5')),
    servers: { rs1: [...outage<Behaviour>(web(), sick, 3.5, 5.25), unseen] },
    watchChecks: true,
  },
  {
    name: 'HTTP_GET, retries in vain',
    config: one(http('retry 2\ndelay_before_retry 0.5')),
    servers: { rs1: outage<Behaviour>(web(), sick, 3.5, 99) },
    watchChecks: true,
    differs: [{ id: 'http-mail-text' }],
  },
  {
    name: 'HTTP_GET, two urls',
    config: one(http('retry 0', `${url('', '/one')}\n${url('', '/two')}`)),
    servers: { rs1: always(webWith({})) },
    watchChecks: true,
    differs: [{ id: 'several-urls', checkalived: connections(11) }],
  },
  {
    name: 'SMTP_CHECK, retries of which the last passes',
    config: one(smtp('retry 3\ndelay_before_retry 0.5')),
    servers: { rs1: [...outage<Behaviour>(mail(), mail(['554 no']), 3.5, 5.25), unseen] },
    watchChecks: true,
  },
  {
    name: 'SMTP_CHECK, a retry while down',
    config: one(smtp('retry 1')),
    servers: {
      rs1: [[0, mail()], [3.5, mail(['554 no'])], [6, mail()], unseen],
    },
    watchChecks: true,
    differs: [{ id: 'smtp-mail-text' }, { id: 'retries-while-down', keepalived: connections(1) }],
  },
];

export const rhythmThemes: readonly Theme[] = [{ name: 'rhythm', scenarios }];
