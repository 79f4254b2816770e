import * as assert from 'uvu/assert';
import type { Connection, ConnectionHandler } from '../../../src/model/ports.ts';
import { sockets } from '../../../src/sys/sockets.ts';
import { type ConnectPlain, findTcpHandles } from '../../../src/sys/tcp-handles.ts';
import { worksAs } from '../../../src/sys/tcp-trial.ts';
import { assertNoDescriptorLeft, listDescriptors } from '../../../testing/descriptors.ts';
import { suite } from '../../support/suite.ts';

const test = suite('sys/tcp-trial');
const known: ConnectPlain = (to, handler) => sockets.connect(to, null, handler);

/** The known path, but for what is said here. */
const lying =
  (lie: (handler: ConnectionHandler) => Partial<ConnectionHandler>): ConnectPlain =>
  (to, handler) => {
    const truth: ConnectionHandler = {
      opened: connection => handler.opened(connection),
      data: bytes => handler.data(bytes),
      ended: () => handler.ended(),
      closed: fault => handler.closed(fault),
    };
    return known(to, { ...truth, ...lie(handler) });
  };
const other = (connection: Connection, over: Partial<Connection>): Connection => ({
  write: bytes => connection.write(bytes),
  startTls: tls => connection.startTls(tls),
  certificate: () => connection.certificate(),
  close: () => connection.close(),
  ...over,
});

test('a path that tells the same works, as the handles of this Node do', async () => {
  const before = listDescriptors();
  assert.is(await worksAs(known, known), true);
  const handles = findTcpHandles(Buffer.allocUnsafeSlow(65_536));
  assert.ok(handles);
  assert.is(await worksAs(known, handles), true);
  await assertNoDescriptorLeft(before);
});

for (const [what, path] of [
  ['forgets the end', lying(() => ({ ended: () => {} }))],
  ['forgets that it stands', lying(() => ({ opened: connection => connection.write('é') }))],
  ['forgets what came', lying(() => ({ data: () => {} }))],
  ['tells other bytes', lying(handler => ({ data: bytes => handler.data(bytes.map(byte => byte ^ 1)) }))],
  ['tells bytes twice', lying(handler => ({ data: bytes => [bytes, bytes].forEach(each => void handler.data(each)) }))],
  ['tells no fault', lying(handler => ({ closed: () => handler.closed(null) }))],
  [
    'tells another fault',
    lying(handler => ({ closed: fault => handler.closed(fault && { ...fault, code: 'ETIMEDOUT' }) })),
  ],
  [
    'tells a fault of the network as ours',
    lying(handler => ({
      closed: fault => handler.closed(fault && { code: fault.code, message: fault.message }),
    })),
  ],
  [
    'writes text as another',
    lying(handler => ({
      opened: connection =>
        handler.opened(other(connection, { write: bytes => connection.write(Buffer.from(bytes as string, 'latin1')) })),
    })),
  ],
  ['loses the preamble', ({ preamble: _, ...to }, handler) => known(to, handler)],
  [
    'throws',
    () => {
      throw new Error('not on this Node');
    },
  ],
] as const satisfies readonly (readonly [string, ConnectPlain])[]) {
  test(`one that ${what} does not`, async () => {
    const before = listDescriptors();
    assert.is(await worksAs(known, path, 200), false);
    await assertNoDescriptorLeft(before);
  });
}

test('one that never tells how it ended does not, and is not waited for', async () => {
  const before = listDescriptors();
  assert.is(
    await worksAs(
      known,
      lying(() => ({ closed: () => {} })),
      50,
    ),
    false,
  );
  const silent: ConnectPlain = () => ({
    write: () => {},
    startTls: () => {},
    certificate: () => null,
    close: () => {},
  });
  assert.is(await worksAs(known, silent, 50), false);
  await assertNoDescriptorLeft(before);
});

test('one that leaves a connection open does not', async () => {
  const before = listDescriptors();
  const ignore: ConnectionHandler = { opened: () => {}, data: () => {}, ended: () => {}, closed: () => {} };
  const path: ConnectPlain = (to, handler) => {
    known(to, ignore);
    return known(to, handler);
  };
  assert.is(await worksAs(known, path, 50), false);
  for (let turn = 0; turn < 10; turn++) await new Promise(resolve => setImmediate(resolve));
  await assertNoDescriptorLeft(before);
});

test.run();
