import { always, datagrams, gone, icmp, names, outage, refused, unreachable, web } from '../behaviours.ts';
import { dns, rs, sorry, tcp, vs } from '../blocks.ts';
import { texts, wentDown } from '../expect.ts';
import type { Behaviour, Expected, Scenario, Theme, Timeline } from '../scenario.ts';

const well = names();
const sick = names({ rcode: 2 });
const silent = datagrams([]);
const one = (check = dns('retry 0'), lines = '', ...more: readonly string[]) =>
  vs(lines, rs('rs1', ...more, check), rs('rs2', tcp()));
/** In the middle between two checks of which the first ends with 'connect_timeout', so that the others come later. */
const lost = [3.5, 8] as const;
const ill = (
  name: string,
  behaviour: Behaviour,
  config = one(),
  differs: readonly Expected[] = [],
  [from, to]: readonly [number, number] = [3.5, 7.5],
): Scenario => ({
  name,
  config,
  servers: { rs1: outage<Behaviour>(well, behaviour, from, to), rs2: always(web()) },
  differs,
});
/** From some time on it is otherwise, and well all the same. */
const odd = ill;
const flapping: Timeline<Behaviour> = [
  [0, well],
  [1.5, refused],
  [3.5, well],
  [5.5, sick],
  [7.5, well],
];
const onThree = dns('retry 0\nconnect_ip {rs3.address}');
const refusesRoot = names({ codes: { '. 6': 5 } });

const scenarios: readonly Scenario[] = [
  ill('refused', refused),
  ill('packets vanish', gone, one(), [], lost),
  ill('no route', unreachable),
  ill('silent', silent, one(), [], lost),
  ill(
    'no such host, says ICMP',
    icmp('host'),
    // So long that what waits for it is later by more than the tolerance, whatever else is late.
    one(dns('retry 0\nconnect_timeout 0.9')),
    [{ id: 'icmp-hosts', later: wentDown('rs1', texts.dnsDown) }],
    [3.5, 99],
  ),
  ill('no such port, says ICMP', icmp('port')),
  ill('filtered, says ICMP', icmp('filtered')),
  ill('slower than connect_timeout', names({ pause: 900 }), one(), [], lost),
  odd('slow, but not too slow', names({ pause: 300 })),
  ill('SERVFAIL', sick),
  ill('NXDOMAIN', names({ rcode: 3 })),
  ill('REFUSED', names({ rcode: 5 })),
  ill('no DNS at all', datagrams(['hello, nobody is here']), one(), [], lost),
  odd('another id first', names({ first: ['other id'] })),
  ill('another id only', names({ first: ['other id'], answers: false }), one(), [], lost),
  odd('a query first', names({ first: ['query'] })),
  odd('a scrap first', names({ first: ['scrap'] })),
  odd('a header alone', names({ first: ['header alone'], answers: false })),
  odd('truncated', names({ first: ['truncated'], answers: false })),
  { name: 'flaps', config: one(), servers: { rs1: flapping, rs2: always(web()) } },
  {
    name: 'refused at first, then up',
    config: one(),
    servers: { rs1: outage<Behaviour>(refused, well, 2.5, 99), rs2: always(web()) },
  },
  {
    name: 'an outage shorter than the retries is none',
    config: one(dns('retry 3\ndelay_before_retry 0.3')),
    servers: { rs1: outage<Behaviour>(well, sick, 3.5, 4.45), rs2: always(web()) },
  },
  {
    name: 'an outage as long as the retries is one',
    config: one(dns('retry 3\ndelay_before_retry 0.3')),
    servers: { rs1: outage<Behaviour>(well, sick, 3.5, 5.4), rs2: always(web()) },
  },
  {
    name: 'the type and name that are asked for break, others are well',
    config: one(dns('retry 0\ntype A\nname www.example.net')),
    servers: {
      rs1: outage<Behaviour>(
        names({ rcode: 5, codes: { 'www.example.net 1': 0 } }),
        names({ codes: { 'www.example.net 1': 2 } }),
        3.5,
        7.5,
      ),
      rs2: always(web()),
    },
  },
  {
    name: 'the root and SOA if nothing is said',
    config: one(),
    servers: {
      rs1: outage<Behaviour>(names({ rcode: 5, codes: { '. 6': 0 } }), refusesRoot, 3.5, 7.5),
      rs2: always(web()),
    },
  },
  {
    name: 'a name whose first part has one letter',
    config: one(dns('retry 0\nname a.example.net')),
    servers: { rs1: outage<Behaviour>(well, refusesRoot, 3.5, 99), rs2: always(web()) },
    differs: [{ id: 'dns-letter', keepalived: wentDown('rs1', texts.dnsDown) }],
  },
  {
    name: 'alpha, well later',
    config: one(dns('retry 0'), '', 'alpha'),
    servers: { rs1: outage<Behaviour>(refused, well, 3.5, 99), rs2: always(web()) },
  },
  ill('inhibit_on_failure', sick, one(dns('retry 0'), 'inhibit_on_failure')),
  {
    name: 'the quorum goes and comes',
    config: vs(`quorum 2\n${sorry}`, rs('rs1', dns('retry 0')), rs('rs2', dns('retry 0'))),
    servers: { rs1: outage<Behaviour>(well, sick, 2.5, 6.5), rs2: outage<Behaviour>(well, refused, 4.5, 8.5) },
    differs: [{ id: 'additions-first' }],
  },
  {
    name: 'two of two places',
    config: vs('', rs('rs1', dns('retry 0'), onThree), rs('rs2', tcp())),
    servers: {
      rs1: outage<Behaviour>(well, sick, 2.5, 6.5),
      rs2: always(web()),
      rs3: outage<Behaviour>(well, refused, 4.5, 8.5),
    },
  },
  {
    name: 'questions as often as both ask',
    config: vs('', rs('rs1', dns('retry 2\ndelay_before_retry 0.5'))),
    servers: { rs1: outage<Behaviour>(well, sick, 3.5, 4.7) },
    watchChecks: true,
  },
];

export const dnsThemes: readonly Theme[] = [{ name: 'DNS_CHECK', scenarios }];
