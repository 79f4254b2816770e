import * as assert from 'uvu/assert';
import { type ConnectionSpec, connectParams, hasOwnTarget, planConnection } from '../../../checks/connect-params.ts';
import type { CheckTarget } from '../../../src/model/check.ts';
import { blockValues } from '../../../testing/block-values.ts';
import { makeTarget } from '../../../testing/check-context.ts';
import { suite } from '../../support/suite.ts';

const test = suite('connection of a check');

const target = makeTarget();

function plan(given: Record<string, unknown>, more: Partial<CheckTarget> = {}): ConnectionSpec | string | null {
  const faults: string[] = [];
  const spec = planConnection(blockValues(connectParams, given), { ...target, ...more }, (severity, code) =>
    faults.push(`${severity} ${code}`),
  );
  return faults.length > 0 ? `${spec ? 'made' : 'none'}: ${faults.join(', ')}` : spec;
}

test('the target is the real server unless the block says otherwise', () => {
  assert.equal(plan({}), { address: '10.0.0.2', port: 80, timeout: 5000 });
  assert.equal(plan({ connect_ip: '2001:db8::1', connect_port: 8080, connect_timeout: 500 }), {
    address: '2001:db8::1',
    port: 8080,
    timeout: 500,
  });
});

test('a local address and port are bound to', () => {
  assert.equal(plan({ bindto: '10.0.0.1', bind_port: 1000 }), {
    address: '10.0.0.2',
    port: 80,
    localAddress: '10.0.0.1',
    localPort: 1000,
    timeout: 5000,
  });
});

test('what would be checked otherwise than written is an error', () => {
  assert.is(plan({ bindto: '2001:db8::1' }), 'none: error bind-family');
  assert.is(plan({}, { port: 0 }), 'none: error no-check-port');
  assert.is(plan({ connect_ip: 'fe80::1' }), 'none: error link-local');
});

test('an interface and a mark are taken along', () => {
  const connection = { address: '10.0.0.2', port: 80, interface: 'eth0', mark: 7, timeout: 5000 };
  assert.equal(plan({ bind_if: 'eth0', fwmark: 7 }), connection);
  assert.equal(plan({ connect_ip: 'fe80::1', bind_if: 'eth0' }), {
    address: 'fe80::1',
    port: 80,
    interface: 'eth0',
    timeout: 5000,
  });
});

test('fwmark 0 is no mark, and bind_port alone is only grumbled about', () => {
  assert.equal(plan({ fwmark: 0 }), { address: '10.0.0.2', port: 80, timeout: 5000 });
  assert.is(plan({ bind_port: 1000 }), 'made: warning bind-port-alone');
});

test('every fault of a connection says what to write', () => {
  for (const [given, port] of [
    [{ bind_port: 1000 }, 80],
    [{ bindto: '2001:db8::1' }, 80],
    [{ connect_ip: 'fe80::1' }, 80],
    [{}, 0],
  ] as const) {
    const hints: (string | undefined)[] = [];
    planConnection(blockValues(connectParams, given), { ...target, port }, (_, __, ___, ____, hint) =>
      hints.push(hint),
    );
    assert.is(hints.length, 1);
    assert.ok(hints[0], JSON.stringify(given));
  }
});

test('connect_timeout says nothing of the target', () => {
  assert.is(hasOwnTarget(blockValues(connectParams, { connect_timeout: 1 })), false);
  assert.is(hasOwnTarget(blockValues(connectParams, { connect_port: 25 })), true);
});

test.run();
