import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { createTrafficReader } from '../../../src/ipvs/traffic.ts';
import { formatEndpoint, formatService } from '../../../src/model/endpoint.ts';
import type { ServiceKey } from '../../../src/model/server.ts';
import type { DestinationTraffic, Traffic, TrafficTable } from '../../../src/model/traffic.ts';
import { suite } from '../../support/suite.ts';

const test = suite('ipvs/traffic, for all tables');

/** fast-check's records may lack a prototype, which `equal` minds. */
const plain = <T>(fields: { [Key in keyof T]: fc.Arbitrary<T[Key]> }): fc.Arbitrary<T> =>
  fc.record(fields, { noNullPrototype: true });
const addresses = fc.constantFrom('10.0.0.2', '255.255.255.255', '::1', '2001:db8:1111:2222:3333:4444:5555:6666');
const ports = fc.integer({ min: 0, max: 65_535 });
const keys: fc.Arbitrary<ServiceKey> = fc.oneof(
  plain<ServiceKey & { kind: 'address' }>({
    kind: fc.constant('address'),
    protocol: fc.constantFrom('TCP', 'UDP', 'SCTP'),
    address: addresses,
    port: ports,
  }),
  plain<ServiceKey & { kind: 'fwmark' }>({
    kind: fc.constant('fwmark'),
    fwmark: fc.integer({ min: 1, max: 0xffff_ffff }),
    family: fc.constantFrom('inet', 'inet6'),
  }),
);
const count = fc.oneof(fc.integer({ min: 0, max: 1_000 }), fc.maxSafeNat());
const counts = {
  connections: count,
  incomingPackets: count,
  outgoingPackets: count,
  incomingBytes: count,
  outgoingBytes: count,
};
const connections = fc.integer({ min: 0, max: 0xffff_ffff });
interface Destination {
  readonly address: string;
  readonly port: number;
  readonly traffic: DestinationTraffic;
}
const destinations = fc.uniqueArray(
  plain<Destination>({
    address: addresses,
    port: ports,
    traffic: plain<DestinationTraffic>({ ...counts, active: connections, inactive: connections }),
  }),
  { selector: ({ address, port }) => formatEndpoint(address, port), maxLength: 5 },
);
const tables = fc.uniqueArray(
  plain<{ key: ServiceKey; own: Traffic; destinations: Destination[] }>({
    key: keys,
    own: plain<Traffic>(counts),
    destinations,
  }),
  { selector: ({ key }) => formatService(key) },
);

/** As ipvsadm prints it: a number has a blank before it, however long it is. */
const number = (value: number): string => (value < 1e8 ? `${value}`.padStart(9) : ` ${value}`);
const rowOf = (traffic: Traffic): string =>
  [traffic.connections, traffic.incomingPackets, traffic.outgoingPackets, traffic.incomingBytes, traffic.outgoingBytes]
    .map(number)
    .join('');
const nameOf = (key: ServiceKey): string =>
  key.kind === 'fwmark'
    ? `FWM  ${key.fwmark}${key.family === 'inet6' ? ' IPv6' : ''}`
    : `${key.protocol.padEnd(4)} ${formatEndpoint(key.address, key.port)}`;

test('what is printed of a table is read as that table', async () => {
  const heading = ['version', 'titles', 'titles'];
  await fc.assert(
    fc.asyncProperty(tables, async services => {
      const stats = services.flatMap(({ key, own, destinations: all }) => [
        `${nameOf(key).padEnd(33)}${rowOf(own)}`,
        ...all.map(({ address, port, traffic }) => {
          return `${`  -> ${formatEndpoint(address, port)}`.padEnd(33)}${rowOf(traffic)}`;
        }),
      ]);
      const listing = services.flatMap(({ key, destinations: all }) => [
        `${nameOf(key)} wlc persistent 300`,
        ...all.map(({ address, port, traffic: { active, inactive } }) => {
          const name = `  -> ${formatEndpoint(address, port).padEnd(28)}`;
          return `${name} Tunnel  1      ${`${active}`.padEnd(10)} ${`${inactive}`.padEnd(10)}`;
        }),
      ]);
      const read = createTrafficReader({
        execute: async (_, args) => {
          const lines = args.includes('--stats') ? stats : listing;
          return { code: 0, stdout: `${[...heading, ...lines].join('\n')}\n`, stderr: '' };
        },
      });
      const wanted: TrafficTable = new Map(
        services.map(({ key, own, destinations: all }) => [
          formatService(key),
          {
            own,
            destinations: new Map(all.map(({ address, port, traffic }) => [formatEndpoint(address, port), traffic])),
          },
        ]),
      );
      assert.equal(await read(async () => {}), wanted);
    }),
  );
});

test.run();
