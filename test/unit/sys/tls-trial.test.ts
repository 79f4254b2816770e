import * as assert from 'uvu/assert';
import type { Connection, ConnectionHandler, Sockets } from '../../../src/model/ports.ts';
import { createFastSockets, sockets } from '../../../src/sys/sockets.ts';
import { worksAsTls } from '../../../src/sys/tls-trial.ts';
import { assertNoDescriptorLeft, listDescriptors } from '../../../testing/descriptors.ts';
import { socketPaths } from '../../support/socket-paths.ts';
import { suite } from '../../support/suite.ts';

type Connect = Sockets['connect'];
const test = suite('sys/tls-trial');
const known: Connect = sockets.connect;

/** The known path, but for what is said here. */
const lying =
  (lie: (handler: ConnectionHandler) => Partial<ConnectionHandler>): Connect =>
  (to, tls, handler) => {
    const truth: ConnectionHandler = {
      connected: () => handler.connected?.(),
      opened: connection => handler.opened(connection),
      data: bytes => handler.data(bytes),
      ended: () => handler.ended(),
      closed: fault => handler.closed(fault),
    };
    return known(to, tls, { ...truth, ...lie(handler) });
  };
const other = (connection: Connection, over: Partial<Connection>): Connection => ({
  write: bytes => connection.write(bytes),
  startTls: tls => connection.startTls(tls),
  certificate: () => connection.certificate(),
  close: outcome => connection.close(outcome),
  ...over,
});

for (const [path, { connect }] of socketPaths) {
  test(`connections ${path} work, and leave nothing behind`, async () => {
    const before = listDescriptors();
    assert.is(await worksAsTls(known, connect), true);
    await assertNoDescriptorLeft(before);
  });
}

for (const [what, path] of [
  ['forgets the end', lying(() => ({ ended: () => {} }))],
  ['forgets that TCP stands', lying(() => ({ connected: () => {} }))],
  ['tells other bytes', lying(handler => ({ data: bytes => handler.data(bytes.map(byte => byte ^ 1)) }))],
  ['tells no fault', lying(handler => ({ closed: () => handler.closed(null) }))],
  [
    'tells another fault',
    lying(handler => ({ closed: fault => handler.closed(fault && { ...fault, message: 'it failed' }) })),
  ],
  [
    'shows no certificate',
    lying(handler => ({ opened: connection => handler.opened(other(connection, { certificate: () => null })) })),
  ],
  ['sends no name', (to, _, handler) => known(to, { serverName: null }, handler)],
  [
    'throws',
    () => {
      throw new Error('not on this Node');
    },
  ],
] as const satisfies readonly (readonly [string, Connect])[]) {
  test(`one that ${what} does not`, async () => {
    const before = listDescriptors();
    assert.is(await worksAsTls(known, path, 500), false);
    await assertNoDescriptorLeft(before);
  });
}

test('one that never tells how it ended does not, and is not waited for', async () => {
  const before = listDescriptors();
  const silent = lying(() => ({ closed: () => {} }));
  assert.is(await worksAsTls(known, silent, 300), false);
  for (let turn = 0; turn < 10; turn++) await new Promise(resolve => setImmediate(resolve));
  await assertNoDescriptorLeft(before);
});

test('the agent takes connections on after the trial as before', async () => {
  const before = listDescriptors();
  const fast = createFastSockets();
  await fast.prepare();
  // The first connection is what the trial begins with, beside it.
  assert.is(await worksAsTls(known, fast.connect), true);
  await fast.settled();
  assert.is(await worksAsTls(known, fast.connect), true);
  await assertNoDescriptorLeft(before);
});

test.run();
