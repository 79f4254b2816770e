// The kernel answers each ping to an address that is here, whether anything listens there or not.
import { always, gone, outage, refused, unreachable, web } from '../behaviours.ts';
import { ping, rs, sorry, tcp, vs } from '../blocks.ts';
import type { Behaviour, Scenario, Theme, Timeline } from '../scenario.ts';

const here = refused;
const plain = ping('retry 0');
const one = (check = plain, lines = '', ...more: readonly string[]) =>
  vs(lines, rs('rs1', ...more, check), rs('rs2', tcp()));
const ill = (name: string, behaviour: Behaviour, config = one()): Scenario => ({
  name,
  config,
  servers: { rs1: outage<Behaviour>(here, behaviour, 3.5, 7.5), rs2: always(web()) },
});
const flapping: Timeline<Behaviour> = [
  [0, here],
  [1.5, gone],
  [3.5, here],
  [5.5, unreachable],
  [7.5, here],
];

const scenarios: readonly Scenario[] = [
  ill('packets vanish', gone),
  ill('no route', unreachable),
  ill('packets vanish, with a retry', gone, one(ping('retry 1'))),
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
    servers: { rs1: always(gone), rs2: always(web()), rs3: outage(here, gone, 3.5, 7.5) },
  },
  {
    name: 'alpha, here later',
    config: one(plain, '', 'alpha'),
    servers: { rs1: outage<Behaviour>(unreachable, here, 3.5, 99), rs2: always(web()) },
  },
  ill('inhibit_on_failure', gone, one(plain, 'inhibit_on_failure')),
  {
    name: 'the quorum goes and comes',
    config: vs(`quorum 2\n${sorry}`, rs('rs1', plain), rs('rs2', plain)),
    servers: { rs1: outage<Behaviour>(here, gone, 2.5, 6.5), rs2: outage<Behaviour>(here, unreachable, 4.5, 8.5) },
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
        [6.5, refused],
        [8.5, web()],
      ],
      rs2: always(web()),
    },
  },
];

export const pingThemes: readonly Theme[] = [{ name: 'PING_CHECK', scenarios }];
