import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { commandText, parseSaved } from '../../../src/ipvs/save-format.ts';
import type { IpvsCommand, IpvsDestination, IpvsService } from '../../../src/model/ipvs.ts';
import { suite } from '../../support/suite.ts';
import { destination, service, tcp } from './build.ts';

const test = suite('ipvs/save-format');
const read = (name: string): string => readFileSync(new URL(`fixtures/${name}.txt`, import.meta.url), 'utf8');

// saved.txt and thresholds.txt are what ipvsadm 1.31 printed on Linux 6.1 after reading restored.txt.
test('a table as the kernel printed it is read whole', () => {
  const { services } = parseSaved(read('saved'), read('thresholds'));
  assert.is(services.length, 16);
  assert.is(services.flatMap(entry => entry.destinations).length, 17);
  assert.equal(
    services.find(entry => entry.service.key.kind === 'fwmark' && entry.service.key.family === 'inet6'),
    {
      service: {
        key: { kind: 'fwmark', fwmark: 7, family: 'inet6' },
        scheduler: 'wlc',
        schedulerFlags: [],
        onePacket: false,
        persistence: { timeout: 100, granularity: '64' },
      },
      destinations: [
        destination({ address: '2001:db8::2', port: 0, forwarding: { kind: 'DR' }, weight: 3 }),
        destination({ address: '2001:db8::3', port: 8080, weight: 3, upperThreshold: 8 }),
      ],
    },
  );
});

test('what is read is written as the lines that made it, thresholds included', () => {
  const { services } = parseSaved(read('saved'), read('thresholds'));
  const written = services.flatMap(entry => [
    commandText({ type: 'add-service', service: entry.service }),
    ...entry.destinations.map(found =>
      commandText({ type: 'add-destination', service: entry.service.key, destination: found }),
    ),
  ]);
  // The kernel's own order, and what it leaves out: flag-3 of sh, the mask of one host, an address' long form.
  const expected = read('restored')
    .trimEnd()
    .replace('sh-port,flag-3', 'sh-port')
    .replace(' -M 255.255.255.255', '')
    .replace('2001:DB8:0:0::2', '2001:db8::2')
    .split('\n');
  const byWords = (line: string): string => line.split(' ').sort().join(' ');
  assert.equal(written.map(byWords).sort(), expected.map(byWords).sort());
});

test('nothing printed is an empty table', () => {
  assert.equal(parseSaved('\n', 'IP Virtual Server version 1.2.1 (size=4096)\n'), { services: [] });
});

test('flags that ipvsadm has no name for are none', () => {
  const { services } = parseSaved('-A -t 10.0.0.1:80 -s sh -b \n');
  assert.equal(services[0]?.service, service({ scheduler: 'sh' }));
});

for (const [line, why] of [
  ['-A -t 10.0.0.1:80 -s rr --new-option', /unknown option --new-option/],
  ['-A -x 10.0.0.1:80 -s rr', /unknown service option -x/],
  ['-A -t 10.0.0.1 -s rr', /no address and port/],
  ['-a -t 10.0.0.1:80 -r 10.0.0.2:80 -g -w 1', /a destination before its service/],
  ['-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.0.0.2:80 -w 1', /no forwarding method/],
  ['-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.0.0.2:80 -g -w x', /x is no number/],
  ['-A -t 10.0.0.1:80 -s', /it ends too early/],
  ['-C', /it ends too early/],
] as const) {
  test(`a line that is not understood is refused: ${JSON.stringify(line)}`, () => {
    assert.throws(() => parseSaved(line), why);
  });
}

const fwmark: IpvsService = service({ key: { kind: 'fwmark', fwmark: 7, family: 'inet6' } });
const wide: IpvsDestination = destination({ address: '2001:db8::2', upperThreshold: 9, lowerThreshold: 4 });
for (const [command, text] of [
  [{ type: 'edit-service', service: service({ scheduler: 'wlc' }) }, '-E -t 10.0.0.1:80 -s wlc'],
  [{ type: 'delete-service', service: fwmark }, '-D -f 7 -6'],
  [
    { type: 'edit-destination', service: fwmark.key, destination: wide },
    '-e -f 7 -6 -r [2001:db8::2]:80 -m -w 1 -x 9 -y 4',
  ],
  [{ type: 'delete-destination', service: tcp(80), destination: destination({}) }, '-d -t 10.0.0.1:80 -r 10.0.0.2:80'],
  [
    // ipvsadm refuses the port and the checksum of a tunnel type that has none, and with them the rest of the batch.
    {
      type: 'add-destination',
      service: tcp(80),
      destination: destination({ forwarding: { kind: 'TUN', tunnel: { type: 'ipip', port: 5, checksum: 'csum' } } }),
    },
    '-a -t 10.0.0.1:80 -r 10.0.0.2:80 -i -w 1',
  ],
] as const satisfies readonly (readonly [IpvsCommand, string])[]) {
  test(`a command is one line of text: ${text}`, () => {
    assert.is(commandText(command), text);
  });
}

test('a name from a file cannot become an option or a line of its own', () => {
  const engine = 'sip\n-C';
  const text = commandText({
    type: 'add-service',
    service: service({ scheduler: '-C', persistence: { timeout: 5, engine } }),
  });
  assert.is(text, '-A -t 10.0.0.1:80 -s _C -p 5 --pe sip_-C');
});

test.run();
