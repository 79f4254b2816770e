// keepalived's test/regex_partial_test.c, in our words: how a body is cut does not change the verdict.
import { httpGet } from '../support/black-box.ts';
import { type PeerCase, tellCases } from '../support/peer-cases.ts';
import { suite } from '../support/suite.ts';

const test = suite('peers: keepalived regex');

const head = (length: number): string => `HTTP/1.0 200 so it is\r\nContent-Length: ${length}\r\n\r\n`;
const bodies: readonly (readonly [pieces: readonly string[], verdict: string])[] = [
  [['bar'], 'up'],
  [['ba', 'r'], 'up'],
  [['12345X'], 'up'],
  [['1234', '5X'], 'up'],
  [['12345', 'X'], 'up'],
  [[...'xx12345X'], 'up'],
  [[...'foo bar'], 'up'],
  [['ba', 'z'], 'down body'],
  [['1234', '6X'], 'down body'],
  [[...'1234X5'], 'down body'],
];

tellCases(
  test,
  bodies.map(
    ([pieces, verdict]): PeerCase => ({
      title: `K04 ${pieces.join(' + ')} is ${verdict}`,
      server: { greets: [head(pieces.join('').length), ...pieces] },
      checker: httpGet('path /', 'regex "bar|(?<=12345)X"'),
      verdict,
    }),
  ),
);

test.run();
