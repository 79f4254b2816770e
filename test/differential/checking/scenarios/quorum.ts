import { always, outage, refused, web } from '../behaviours.ts';
import { misc, rs, tcp, vs } from '../blocks.ts';
import type { Behaviour, Scenario, Theme, Timeline } from '../scenario.ts';

const up = always(web());
const quick = tcp('retry 0');
const three = (lines: string, weights: readonly [number, number, number] = [1, 1, 1]) =>
  vs(lines, ...weights.map((weight, index) => rs(`rs${index + 1}`, `weight ${weight}`, quick)));
const out = (from: number, to: number): Timeline<Behaviour> => outage<Behaviour>(web(), refused, from, to);
/** One after the other leaves, and one after the other comes back, in the same order. */
const waves = { rs1: out(1.5, 5.5), rs2: out(2.5, 6.5), rs3: out(3.5, 7.5) };

const scenarios: readonly Scenario[] = [
  { name: '1 of three', config: three(''), servers: waves },
  { name: '2 of three', config: three('quorum 2'), servers: waves },
  { name: '3 of three', config: three('quorum 3'), servers: waves },
  { name: '2 of three, hysteresis 1', config: three('quorum 2\nhysteresis 1'), servers: waves },
  { name: '4 of weights 1, 2 and 3, hysteresis 2', config: three('quorum 4\nhysteresis 2', [1, 2, 3]), servers: waves },
  { name: '3 of weights 3, 1 and 1', config: three('quorum 3', [3, 1, 1]), servers: waves },
  { name: 'more than there is is lowered', config: three('quorum 9'), servers: waves },
  {
    name: 'a weight of 0 does not count',
    config: three('quorum 1', [0, 1, 1]),
    servers: { rs1: up, rs2: out(1.5, 5.5), rs3: out(2.5, 6.5) },
  },
  {
    name: 'missed from the start',
    config: three('quorum 2'),
    servers: { rs1: up, rs3: outage(refused, web(), 4.5, 99) },
  },
  {
    name: 'crossed by a weight that changes',
    config: vs(
      'quorum 12\nhysteresis 3',
      rs('rs1', 'weight 10', misc('m1', 'misc_dynamic')),
      rs('rs2', 'weight 5', quick),
    ),
    servers: { rs2: up },
    scripts: {
      m1: [
        [0, 'exit 0'],
        [1.5, 'exit 9'],
        [3.5, 'exit 4'],
        [5.5, 'exit 11'],
        [7.5, 'exit 14'],
      ],
    },
    differs: [{ id: 'misc-first-mail' }],
  },
  { name: 'inhibit_on_failure, 2 of three', config: three('quorum 2\ninhibit_on_failure'), servers: waves },
  {
    name: 'flaps around it',
    config: three('quorum 2'),
    servers: {
      rs1: [
        [0, web()],
        [1.5, refused],
      ],
      rs2: up,
      rs3: [
        [0, web()],
        [2.5, refused],
        [4.5, web()],
        [6.5, refused],
        [8.5, web()],
      ],
    },
  },
];

export const quorumThemes: readonly Theme[] = [{ name: 'quorum', scenarios }];
