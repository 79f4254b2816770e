// The kernel answers each ping to an address that is here, whether anything listens there or not; `icmp` answers for hosts that are not.
import { always, gone, icmp, outage, refused, unreachable, web } from '../behaviours.ts';
import { ping, rs, sorry, tcp, vs } from '../blocks.ts';
import { cameUp, texts, wentDown } from '../expect.ts';
import type { Behaviour, Expected, Scenario, Theme, Timeline } from '../scenario.ts';

const here = refused;
const plain = ping('retry 0');
const one = (check = plain, lines = '', ...more: readonly string[]) =>
  vs(lines, rs('rs1', ...more, check), rs('rs2', tcp()));
/** In the middle between two checks of which the first ends with `connect_timeout`, so that the others come later. */
const lost = [3.5, 8] as const;
const ill = (
  name: string,
  behaviour: Behaviour,
  config = one(),
  differs: readonly Expected[] = [],
  well: Behaviour = here,
  [from, to]: readonly [number, number] = [3.5, 7.5],
): Scenario => ({
  name,
  config,
  servers: { rs1: outage<Behaviour>(well, behaviour, from, to), rs2: always(web()) },
  differs,
});
const outageOfOurs: readonly string[] = [...wentDown('rs1', texts.icmpDown), ...cameUp('rs1', texts.icmpUp)];
/** keepalived waits for connect_timeout, and with this one longer than the tolerance, whatever else is late. */
const patient = one(ping('retry 0\nconnect_timeout 0.9'));
const atOnce: readonly Expected[] = [{ id: 'icmp-hosts', later: wentDown('rs1', texts.icmpDown) }];
const flapping: Timeline<Behaviour> = [
  [0, here],
  [1.5, gone],
  [2.8, here],
  [5.1, unreachable],
  [7.1, here],
];

const scenarios: readonly Scenario[] = [
  ill('packets vanish', gone, one(), [], here, lost),
  ill('no route', unreachable),
  ill('packets vanish, with a retry', gone, one(ping('retry 1'))),
  ill('slower than connect_timeout', icmp('echo', 900), one(), [], icmp('echo'), lost),
  ill('slow, but not too slow', gone, one(), [], icmp('echo', 300), [3.4, 9.6]),
  ill(
    'replies to the last request only, which are too late',
    icmp('echo', 1_100),
    one(ping('retry 1')),
    [],
    icmp('echo'),
  ),
  ill(
    'a reply with another payload',
    icmp('payload'),
    one(),
    [{ id: 'ping-other', checkalived: outageOfOurs }],
    here,
    lost,
  ),
  ill(
    'a reply with another sequence number',
    icmp('sequence'),
    one(),
    [{ id: 'ping-other', checkalived: outageOfOurs }],
    here,
    lost,
  ),
  ill('no such host, says ICMP', icmp('host'), patient, atOnce, here, [3.5, 99]),
  ill('no such port, says ICMP', icmp('port'), patient, atOnce, here, [3.5, 99]),
  ill('filtered, says ICMP', icmp('filtered'), patient, atOnce, here, [3.5, 99]),
  { name: 'flaps', config: one(), servers: { rs1: flapping, rs2: always(web()) } },
  {
    name: 'gone at first, then here',
    config: one(),
    servers: { rs1: outage<Behaviour>(gone, here, 2.5, 99), rs2: always(web()) },
  },
  {
    name: 'an outage shorter than the retries is none',
    config: one(ping('retry 3')),
    servers: { rs1: outage<Behaviour>(here, unreachable, 3.5, 4.45), rs2: always(web()) },
  },
  {
    name: 'an outage as long as the retries is one',
    config: one(ping('retry 3')),
    servers: { rs1: outage<Behaviour>(here, unreachable, 3.5, 5.4), rs2: always(web()) },
  },
  {
    name: 'connect_ip',
    config: one(ping('retry 0\nconnect_ip {rs3.address}')),
    servers: { rs1: always(gone), rs2: always(web()), rs3: outage(here, gone, 3.5, 8) },
  },
  {
    name: 'alpha, here later',
    config: one(plain, '', 'alpha'),
    servers: { rs1: outage<Behaviour>(unreachable, here, 3.5, 99), rs2: always(web()) },
  },
  ill('inhibit_on_failure', gone, one(plain, 'inhibit_on_failure'), [], here, lost),
  {
    name: 'the quorum goes and comes',
    config: vs(`quorum 2\n${sorry}`, rs('rs1', plain), rs('rs2', plain)),
    servers: { rs1: outage<Behaviour>(here, gone, 2.5, 7), rs2: outage<Behaviour>(here, unreachable, 4.5, 8.5) },
    differs: [{ id: 'additions-first' }],
  },
  {
    name: 'here, while TCP_CHECK is refused',
    config: vs('', rs('rs1', plain, tcp('retry 0')), rs('rs2', tcp())),
    servers: {
      rs1: [
        [0, web()],
        [2.5, refused],
        [4.5, gone],
        [6.1, refused],
        [8.1, web()],
      ],
      rs2: always(web()),
    },
  },
];

export const pingThemes: readonly Theme[] = [{ name: 'PING_CHECK', scenarios }];
