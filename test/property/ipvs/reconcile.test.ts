import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { indexTable, serviceText } from '../../../src/ipvs/keys.ts';
import { createMemoryTable } from '../../../src/ipvs/memory.ts';
import { mergeDesired, reconcile } from '../../../src/ipvs/reconcile.ts';
import { commandText, parseSaved } from '../../../src/ipvs/save-format.ts';
import { verify } from '../../../src/ipvs/verify.ts';
import type { DesiredService, IpvsDestination, IpvsService, IpvsTable } from '../../../src/model/ipvs.ts';
import type { LbKind, Persistence, ServiceKey, Tunnel } from '../../../src/model/server.ts';
import { suite } from '../../support/suite.ts';

/** fast-check's records may lack a prototype, which `equal` minds. */
const plain = <T>(fields: { [Key in keyof T]: fc.Arbitrary<T[Key]> }): fc.Arbitrary<T> =>
  fc.record(fields, { noNullPrototype: true });
const test = suite('ipvs/reconcile, for all tables');

// Few keys, so that tables overlap.
const keys = fc.constantFrom<ServiceKey>(
  { kind: 'address', protocol: 'TCP', address: '10.0.0.1', port: 80 },
  { kind: 'address', protocol: 'UDP', address: '10.0.0.1', port: 80 },
  { kind: 'address', protocol: 'SCTP', address: '2001:db8::1', port: 80 },
  { kind: 'fwmark', fwmark: 7, family: 'inet' },
  { kind: 'fwmark', fwmark: 7, family: 'inet6' },
);
const tunnels = fc.constantFrom<Tunnel>(
  { type: 'ipip' },
  { type: 'gue', port: 6080, checksum: 'remcsum' },
  { type: 'gre', checksum: 'csum' },
);
const forwardings = fc.oneof(
  fc.constantFrom<LbKind>({ kind: 'NAT' }, { kind: 'DR' }),
  tunnels.map((tunnel): LbKind => ({ kind: 'TUN', tunnel })),
);
const destinations: fc.Arbitrary<IpvsDestination> = plain({
  address: fc.constantFrom('10.0.0.2', '10.0.0.3', '10.0.0.4', '2001:db8::5'),
  port: fc.constantFrom(0, 80),
  forwarding: forwardings,
  weight: fc.constantFrom(0, 1, 2, 65_535),
  upperThreshold: fc.constantFrom(50, 100),
  lowerThreshold: fc.constantFrom(0, 20),
});
const entries = fc.uniqueArray(destinations, { selector: entry => `${entry.address} ${entry.port}`, maxLength: 5 });
const services: fc.Arbitrary<IpvsService> = plain({
  key: keys,
  scheduler: fc.constantFrom('rr', 'wlc'),
  schedulerFlags: fc.subarray(['flag-1', 'flag-2', 'flag-3']),
  onePacket: fc.boolean(),
  persistence: fc.constantFrom<Persistence | null>(
    null,
    { timeout: 360 },
    { timeout: 50, granularity: '255.255.0.0', engine: 'sip' },
  ),
});
const tables: fc.Arbitrary<IpvsTable> = plain({
  services: fc.uniqueArray(plain({ service: services, destinations: entries }), {
    selector: entry => serviceText(entry.service.key),
  }),
});
const wishes: fc.Arbitrary<readonly DesiredService[]> = fc.array(
  plain({
    service: services,
    absent: fc.boolean(),
    destinations: entries,
  }),
  { maxLength: 6 },
);
const policies = fc.constantFrom('weights', 'manage');

test('the commands lead to what is desired, and then none is left', async () => {
  await fc.assert(
    fc.asyncProperty(policies, wishes, tables, async (policy, wanted, actual) => {
      const table = createMemoryTable(actual);
      assert.equal(await table.write(reconcile(policy, wanted, actual)), []);
      const after = await table.read();
      assert.equal(verify(policy, wanted, after), { ok: true });
      assert.equal(reconcile(policy, wanted, after), []);
    }),
  );
});

test('a service that had and will have a destination with a weight has one after every command', async () => {
  await fc.assert(
    fc.asyncProperty(policies, wishes, tables, async (policy, wanted, actual) => {
      const table = createMemoryTable(actual);
      const commands = reconcile(policy, wanted, actual);
      const after = createMemoryTable(actual);
      await after.write(commands);
      const [before, end] = [serving(actual), serving(await after.read())];
      const kept = [...before].filter(name => end.has(name));
      for (const command of commands) {
        await table.write([command]);
        const now = serving(await table.read());
        for (const name of kept) assert.ok(now.has(name), `${name} serves nobody after ${commandText(command)}`);
      }
    }),
  );
});

test('the weights policy changes weights and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(wishes, tables, async (wanted, actual) => {
      const table = createMemoryTable(actual);
      await table.write(reconcile('weights', wanted, actual));
      const withoutWeights = (of: IpvsTable) =>
        of.services.map(entry => [entry.service, entry.destinations.map(found => ({ ...found, weight: 0 }))]);
      assert.equal(withoutWeights(await table.read()), withoutWeights(actual));
    }),
  );
});

test('the manage policy leaves services alone that nobody named', async () => {
  await fc.assert(
    fc.asyncProperty(wishes, tables, async (wanted, actual) => {
      const table = createMemoryTable(actual);
      await table.write(reconcile('manage', wanted, actual));
      const named = mergeDesired('manage', wanted);
      const others = (of: IpvsTable) => of.services.filter(entry => !named.has(serviceText(entry.service.key)));
      assert.equal(others(await table.read()), others(actual));
    }),
  );
});

test('each destination and each service is touched at most once, so a batch may be given twice', () => {
  fc.assert(
    fc.property(policies, wishes, tables, (policy, wanted, actual) => {
      const touched = reconcile(policy, wanted, actual).map(command =>
        commandText(command)
          .replace(/^-. /, '')
          .replace(/ (-s|-m|-g|-i) .*/, ''),
      );
      assert.is(new Set(touched).size, touched.length);
    }),
  );
});

test('a table that is written as text and read again is the same', () => {
  fc.assert(
    fc.property(tables, actual => {
      const lines = actual.services.flatMap(entry => [
        commandText({ type: 'add-service', service: entry.service }),
        ...entry.destinations.map(destination =>
          // Thresholds are not in this text.
          commandText({
            type: 'add-destination',
            service: entry.service.key,
            destination: { ...destination, upperThreshold: 0, lowerThreshold: 0 },
          }),
        ),
      ]);
      const again = parseSaved(lines.join('\n'));
      const bare = {
        services: actual.services.map(entry => ({
          service: entry.service,
          destinations: entry.destinations.map(found => ({ ...found, upperThreshold: 0, lowerThreshold: 0 })),
        })),
      };
      assert.equal(again, bare);
    }),
  );
});

/** The services with a destination that takes new connections. */
function serving(table: IpvsTable): ReadonlySet<string> {
  const names = [...indexTable(table)]
    .filter(([, entry]) => [...entry.destinations.values()].some(found => found.weight > 0))
    .map(([name]) => name);
  return new Set(names);
}

test.run();
