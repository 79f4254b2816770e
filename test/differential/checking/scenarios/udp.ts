import { always, datagrams, gone, icmp, outage, refused, unreachable, web } from '../behaviours.ts';
import { rs, sorry, tcp, udp, vs } from '../blocks.ts';
import { cameUp, texts, wentDown } from '../expect.ts';
import type { Behaviour, Expected, Scenario, Theme, Timeline } from '../scenario.ts';

const well = datagrams(['well']);
const silent = datagrams([]);
const plain = udp('retry 0');
const required = udp('retry 0\nrequire_reply');
/** 'we', then anything that begins with 6, then anything. */
const digits = (lines = '') => udp(`retry 0\nrequire_reply 77 65 6x xx\n${lines}`);
const one = (check = plain, lines = '', ...more: readonly string[]) =>
  vs(lines, rs('rs1', ...more, check), rs('rs2', tcp()));
/** In the middle between two checks of which the first ends with 'connect_timeout', so that the others come later. */
const lost = [3.5, 8] as const;
const ill = (
  name: string,
  behaviour: Behaviour,
  config = one(),
  differs: readonly Expected[] = [],
  first: Behaviour = well,
  [from, to]: readonly [number, number] = [3.5, 7.5],
): Scenario => ({
  name,
  config,
  servers: { rs1: outage<Behaviour>(first, behaviour, from, to), rs2: always(web()) },
  differs,
});
const flapping: Timeline<Behaviour> = [
  [0, well],
  [1.5, refused],
  [3.5, silent],
  [5.1, refused],
  [7.1, well],
];
/** Only we take it for an outage. */
const ours = (id: string): readonly Expected[] => [
  { id, checkalived: [...wentDown('rs1', texts.udpDown), ...cameUp('rs1', texts.udpUp)] },
];
const long = (size: number) => datagrams([`well${'x'.repeat(size - 4)}`]);

const scenarios: readonly Scenario[] = [
  ill('refused', refused),
  ill('no route', unreachable),
  ill('silence passes, a refusal does not', refused, one(), [], silent, [4, 7.3]),
  ill('packets vanish, and it passes', gone),
  ill('no such host, says ICMP', icmp('host')),
  ill('no such port, says ICMP', icmp('port')),
  ill('filtered, says ICMP', icmp('filtered')),
  { name: 'flaps', config: one(), servers: { rs1: flapping, rs2: always(web()) } },
  {
    name: 'refused at first, then up',
    config: one(),
    servers: { rs1: outage<Behaviour>(refused, well, 2.5, 99), rs2: always(web()) },
  },
  ill('refused, with a retry', refused, one(udp('retry 1')), [], well, [3.5, 6.8]),
  {
    name: 'an outage shorter than the retries is none',
    config: one(udp('retry 3')),
    servers: { rs1: outage<Behaviour>(well, refused, 3.5, 4.45), rs2: always(web()) },
  },
  ill('require_reply: silent', silent, one(required), [], well, lost),
  ill('require_reply: packets vanish', gone, one(required), [], well, lost),
  ill('require_reply: refused', refused, one(required)),
  ill('require_reply: slower than connect_timeout', datagrams(['well'], { pause: 900 }), one(required), [], well, lost),
  ill('require_reply: slow, but not too slow', datagrams(['well'], { pause: 300 }), one(required)),
  ill('require_reply: any reply will do', datagrams(['other']), one(required)),
  ill('require_reply: an empty one too', datagrams(['']), one(required)),
  ill('digits: another reply', datagrams(['sick']), one(digits())),
  ill('digits: what x stands for may be another', datagrams(['weak']), one(digits())),
  ill('digits: more than they are may follow', long(255), one(digits())),
  ill('digits: more than 255 bytes', long(256), one(digits())),
  ill('digits: max_reply_length', long(9), one(digits('max_reply_length 8'))),
  ill('digits: min_reply_length', datagrams(['well']), one(digits('min_reply_length 5')), [], long(5)),
  ill('digits: a reply that is shorter than they are', datagrams(['we']), one(digits()), ours('udp-short')),
  ill('digits: an empty reply', datagrams(['']), one(digits()), ours('udp-short')),
  ill(
    'max_reply_length without digits',
    long(9),
    one(udp('retry 0\nrequire_reply\nmax_reply_length 8')),
    ours('udp-lengths'),
  ),
  ill(
    'min_reply_length without digits',
    datagrams(['we']),
    one(udp('retry 0\nrequire_reply\nmin_reply_length 3')),
    ours('udp-lengths'),
  ),
  ill('the first of two replies counts', datagrams(['sick', 'well']), one(digits())),
  ill('payload', refused, one(udp('retry 0\npayload 01 2 ab'))),
  {
    name: 'alpha, well later',
    config: one(plain, '', 'alpha'),
    servers: { rs1: outage<Behaviour>(refused, well, 3.5, 99), rs2: always(web()) },
  },
  ill('inhibit_on_failure', refused, one(plain, 'inhibit_on_failure')),
  {
    name: 'the quorum goes and comes',
    config: vs(`quorum 2\n${sorry}`, rs('rs1', required), rs('rs2', plain)),
    servers: { rs1: outage<Behaviour>(well, silent, 2.5, 7), rs2: outage<Behaviour>(well, refused, 4.5, 8.5) },
    differs: [{ id: 'additions-first' }],
  },
  {
    name: 'two of two places',
    config: vs('', rs('rs1', plain, udp('retry 0\nconnect_ip {rs3.address}')), rs('rs2', tcp())),
    servers: {
      rs1: outage<Behaviour>(well, refused, 2.5, 6.5),
      rs2: always(web()),
      rs3: outage<Behaviour>(silent, refused, 4, 8.3),
    },
  },
  {
    name: 'datagrams as often as both send',
    config: vs('', rs('rs1', udp('retry 2\nrequire_reply 77\ndelay_before_retry 0.5'))),
    servers: { rs1: outage<Behaviour>(well, datagrams(['sick']), 3.5, 4.7) },
    watchChecks: true,
  },
];

export const udpThemes: readonly Theme[] = [{ name: 'UDP_CHECK', scenarios }];
