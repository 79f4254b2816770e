import * as assert from 'uvu/assert';
import { proxyHeader } from '../../../checks/proxy-protocol.ts';
import { tcp } from '../../../checks/tcp.ts';
import { sockets } from '../../../src/sys/sockets.ts';
import { makeContext } from '../../../testing/check-context.ts';
import { startFaultServer } from '../../../testing/fault-server.ts';
import { suite } from '../../support/suite.ts';

const test = suite('proxy protocol');

test('the header speaks for nobody else', () => {
  assert.is(proxyHeader('v1').toString(), 'PROXY UNKNOWN\r\n');
  assert.is(proxyHeader('v2').toString('hex'), '0d0a0d0a000d0a515549540a20000000');
});

test('D02: a check sends it before all else', async () => {
  const server = await startFaultServer(() => {});
  const connection = { address: '127.0.0.1', port: server.port, proxyProtocol: 'v2', timeout: 1000 } as const;
  const result = await tcp.check(connection, makeContext({ sockets }));
  await server.heard(text => text === proxyHeader('v2').toString('latin1'));
  await server.close();
  assert.ok(result.ok);
});

test.run();
