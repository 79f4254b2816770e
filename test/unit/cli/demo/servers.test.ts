import { get } from 'node:http';
import { connect } from 'node:net';
import * as assert from 'uvu/assert';
import { openDemoServers } from '../../../../src/cli/demo/servers.ts';
import { VirtualClock } from '../../../../testing/virtual-clock.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('cli/demo/servers');

test('one of the HTTP servers fails and recovers by the clock, the others do not', async () => {
  const clock = new VirtualClock();
  const servers = await openDemoServers(clock);
  const ask = () => Promise.all(servers.http.map(statusOf));
  assert.equal(await ask(), [200, 200, 200]);
  await clock.advance(6_000);
  assert.equal(await ask(), [200, 503, 200]);
  await clock.advance(6_000);
  assert.equal(await ask(), [200, 200, 200]);
  assert.is(await statusOf(servers.sorry), 200);
  await servers.close();
  assert.is(clock.pending(), 0);
});

test('the TCP servers accept connections', async () => {
  const servers = await openDemoServers(new VirtualClock());
  for (const port of servers.tcp) {
    await new Promise<void>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      socket
        .on('error', reject)
        .on('connect', () => socket.destroy())
        .on('close', () => resolve());
    });
  }
  await servers.close();
});

function statusOf(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    get({ port, host: '127.0.0.1', agent: false }, response => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    }).on('error', reject);
  });
}

test.run();
