import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import * as assert from 'uvu/assert';
import type { DatagramOptions, SocketFault } from '../../../src/model/ports.ts';
import { datagrams } from '../../../src/sys/datagrams.ts';
import { suite } from '../../support/suite.ts';

const test = suite('datagrams');

/** Sends one datagram and closes after the first answer. */
function ask(
  to: DatagramOptions,
  bytes: Uint8Array,
): Promise<{ answer: Uint8Array | null; fault: SocketFault | null }> {
  return new Promise(resolve => {
    let answer: Uint8Array | null = null;
    const socket = datagrams.open(to, {
      opened: open => open.send(bytes),
      message(message) {
        answer = message;
        socket.close();
      },
      closed: fault => resolve({ answer, fault }),
    });
  });
}

/** A UDP server that answers with the address that it sees and what it got. */
async function startEcho(address: string) {
  const server = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  server.on('message', (bytes, from) => server.send(`${from.address} ${from.port} ${bytes}`, from.port, from.address));
  server.bind(0, address);
  await once(server, 'listening');
  return { port: server.address().port, close: () => new Promise<void>(resolve => server.close(() => resolve())) };
}

const echoRequest = (family: 4 | 6): Buffer => Buffer.from([family === 4 ? 8 : 128, 0, 0, 0, 0, 0, 0, 7, 1, 2, 3, 4]);

for (const [address, localAddress] of [
  ['127.0.0.1', '127.0.0.9'],
  ['::1', '::1'],
] as const) {
  test(`UDP to ${address} from an address of our choice`, async () => {
    const echo = await startEcho(address);
    try {
      const { answer, fault } = await ask(
        { protocol: 'udp', address, port: echo.port, localAddress },
        Buffer.from('hi'),
      );
      assert.is(fault, null);
      assert.match(String(answer), new RegExp(`^${localAddress} \\d+ hi$`));
    } finally {
      await echo.close();
    }
  });
}

test('a UDP port that nobody has is refused by ICMP', async () => {
  const echo = await startEcho('127.0.0.1');
  await echo.close();
  const { answer, fault } = await ask({ protocol: 'udp', address: '127.0.0.1', port: echo.port }, Buffer.from('hi'));
  assert.is(answer, null);
  assert.equal([fault?.code, fault?.remote], ['ECONNREFUSED', true]);
});

for (const [address, request, reply] of [
  ['127.0.0.1', echoRequest(4), 0],
  ['::1', echoRequest(6), 129],
] as const) {
  test(`an echo request to ${address} is answered`, async () => {
    const { answer, fault } = await ask({ protocol: 'icmp', address, port: 0 }, request);
    assert.is(fault, null);
    assert.equal([answer?.[0], answer?.[7], answer?.length], [reply, 7, 12]);
  });
}

test('an interface and a mark are set, or the socket says why not', async () => {
  const echo = await startEcho('127.0.0.1');
  try {
    const to = { protocol: 'udp', address: '127.0.0.1', port: echo.port, mark: 7 } as const;
    const { answer, fault } = await ask({ ...to, interface: 'lo' }, Buffer.from('hi'));
    assert.equal([fault, String(answer).endsWith('hi')], [null, true]);
    const other = await ask({ ...to, interface: 'no-such-if' }, Buffer.from('hi'));
    assert.equal(other.fault, { code: 'ENODEV', message: 'bind_if: no such device' });
  } finally {
    await echo.close();
  }
});

test('what cannot be connected to is a fault of the socket, and was never opened', async () => {
  let opened = false;
  const fault = await new Promise<SocketFault | null>(resolve => {
    datagrams.open(
      { protocol: 'udp', address: '255.255.255.255', port: 9 },
      {
        opened() {
          opened = true;
        },
        message: () => {},
        closed: resolve,
      },
    );
  });
  assert.equal([opened, fault], [false, { code: 'EACCES', message: 'permission denied' }]);
});

test('an address that is not ours is a fault of the socket', async () => {
  const to = { protocol: 'udp', address: '127.0.0.1', port: 9, localAddress: '192.0.2.1' } as const;
  const { fault } = await ask(to, Buffer.from('hi'));
  assert.equal([fault?.code, fault?.remote], ['EADDRNOTAVAIL', undefined]);
});

test('closed before it is open, it tells that and nothing else', async () => {
  let opened = false;
  const fault = await new Promise<SocketFault | null>(resolve => {
    const socket = datagrams.open(
      { protocol: 'udp', address: '127.0.0.1', port: 9 },
      {
        opened: () => {
          opened = true;
        },
        message: () => {},
        closed: resolve,
      },
    );
    socket.close();
  });
  assert.equal([fault, opened], [null, false]);
});

test.run();
