import * as assert from 'uvu/assert';
import { secret } from '../../../src/model/secret.ts';
import { httpClient } from '../../../src/sys/http-client.ts';
import { createPost } from '../../../src/sys/http-post.ts';
import { sockets } from '../../../src/sys/sockets.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { startReceiver } from '../../support/alert-receiver.ts';
import { suite } from '../../support/suite.ts';

const test = suite('sys/http-post');
const clock = new VirtualClock();
const post = createPost({ timeout: 1000, ca: null }, { clock, sockets, http: httpClient });
const signal = new AbortController().signal;

test('a host is found by its name; path, query, headers and every letter of the body arrive', async () => {
  const server = await startReceiver((_, response) => void response.writeHead(202, { 'X-Id': '7' }).end('tak\u00e9n'));
  const body = JSON.stringify({ text: 'ü \u{1f600}' });
  const headers = [{ name: 'Authorization', value: secret('Bearer x') }];
  const outcome = await post({ url: `http://localhost:${server.port}/a/b?c=d%20e`, headers, body }, signal);
  await server.close();
  assert.is(outcome.kind, 'answered');
  if (outcome.kind !== 'answered') return;
  assert.equal([outcome.status, outcome.text, outcome.headers.get('x-id')], [202, 'tak\u00e9n', ['7']]);
  const [request] = server.received;
  assert.is(request?.url, '/a/b?c=d%20e');
  assert.is(request?.body, body);
  assert.is(request?.headers.authorization, 'Bearer x');
  assert.is(request?.headers.host, `localhost:${server.port}`);
  assert.is(request?.headers['content-length'], String(Buffer.byteLength(body)));
  assert.is(clock.pending(), 0);
});

test('of an answer the first 4096 bytes are kept', async () => {
  const server = await startReceiver((_, response) => void response.end(`${'x'.repeat(4095)}yz`));
  const outcome = await post({ url: `http://127.0.0.1:${server.port}/`, headers: [], body: '{}' }, signal);
  await server.close();
  assert.is(outcome.kind === 'answered' ? outcome.text : '', `${'x'.repeat(4095)}y`);
});

test('a name that nobody can have is a failure', async () => {
  const outcome = await post({ url: `http://${'x'.repeat(64)}.invalid/`, headers: [], body: '{}' }, signal);
  assert.is(outcome.kind, 'failed');
  assert.is(clock.pending(), 0);
});

test.run();
