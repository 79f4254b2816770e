import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { STATUS_CODES } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { AlertChannel, AlertMessage } from '../../src/model/alert.ts';
import type { DeliveryResult } from '../../src/model/delivery.ts';
import type { HttpClient } from '../../src/model/ports.ts';
import { httpClient } from '../../src/sys/http-client.ts';
import { createPost } from '../../src/sys/http-post.ts';
import { sockets } from '../../src/sys/sockets.ts';
import { blockValues } from '../../testing/block-values.ts';
import { assertNoDescriptorLeft, listDescriptors } from '../../testing/descriptors.ts';
import { findClosedPort } from '../../testing/fault-server.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { type Receiver, startReceiver } from './alert-receiver.ts';
import { makeAlert, makeQuorumAlert, messageOf } from './alerts.ts';
import type { Suite } from './suite.ts';
import { testAuthority } from './test-authority.ts';

/** What the kit has to know of a channel. */
export interface ChannelSubject {
  readonly channel: AlertChannel;
  /** Values of its block, for a server of this origin. */
  given(origin: string): Readonly<Record<string, unknown>>;
  /** What stands in those values, and must be seen by the server alone. */
  readonly secrets: readonly string[];
}

const timeout = 1000;
const alert = makeAlert('n1', { detail: 'said "no" <&> ü\n' });
const message = messageOf(alert, makeQuorumAlert('n2'));

/** Statuses with which a server refuses this one message; all others but 2xx are tried again. */
const refusals = new Set([400, 406, 409, 411, 412, 413, 414, 415, 416, 417, 418, 422, 423, 424, 426, 428, 431, 451]);

/** The duties of every channel, as tests of `test`: a real server on loopback, virtual time. */
export function conformChannel(test: Suite, subject: ChannelSubject): void {
  const { channel, secrets } = subject;

  const duty = (title: string, body: (kit: Kit) => Promise<void>): void =>
    test(`${channel.keyword} ${title}`, async () => {
      const before = listDescriptors();
      const kit = createKit(subject);
      try {
        await body(kit);
        assert.is(kit.clock.pending(), 0, 'a timer is left');
      } finally {
        await kit.close();
      }
      await assertNoDescriptorLeft(before);
    });

  duty('is delivered with one POST of JSON, over a connection that it closes', async ({ listen, send }) => {
    const server = await listen();
    assert.is((await send(server)).kind, 'delivered');
    const [request, ...more] = server.received;
    assert.is(more.length, 0);
    assert.is(request?.method, 'POST');
    assert.is(request?.headers['content-type'], 'application/json');
    assert.is(request?.headers.host, `127.0.0.1:${server.port}`);
    JSON.parse(request?.body ?? '');
  });
  duty('says by the status what is delivered, tried again and never taken', async ({ listen, send }) => {
    const statuses = Object.keys(STATUS_CODES)
      .map(Number)
      .filter(status => status >= 200);
    const server = await listen((_, response, index) => void response.writeHead(statuses[index] ?? 0).end('x'));
    for (const status of statuses) {
      const result = await send(server);
      const expected = status < 300 ? 'delivered' : refusals.has(status) ? 'never' : 'server';
      assert.is(result.kind === 'delivered' ? 'delivered' : result.retry, expected, `${status}: ${result.detail}`);
      assert.match(result.detail, `HTTP ${status}`);
    }
  });
  duty('hands on for how long a server wants to be left alone', async ({ listen, send, clock }) => {
    const dates = ['7', 'Thu, 01 Jan 2026 00:01:00 GMT', 'Thu, 01 Jan 2015 00:00:00 GMT', 'soon', '-3'];
    const server = await listen(
      (_, response, index) => void response.writeHead(429, { 'Retry-After': dates[index] ?? '' }).end(),
    );
    assert.is(clock.wall(), Date.parse('2026-01-01T00:00:00Z'));
    const asked: (number | undefined)[] = [];
    for (const _ of dates) {
      const result = await send(server);
      asked.push(result.kind === 'failed' ? result.retryAfter : -1);
    }
    assert.equal(asked, [7000, 60_000, 0, undefined, undefined]);
  });
  duty('is tried again when nothing listens', async ({ sendTo }) => {
    assertRetried(await sendTo(`http://127.0.0.1:${await findClosedPort()}`), /connection refused/);
  });
  duty('gives up in time when the server hangs', async ({ listen, send, clock }) => {
    const server = await listen(() => {});
    const result = send(server);
    await server.heard(1);
    await clock.advance(timeout - 1);
    assert.is(clock.pending(), 1);
    await clock.advance(1);
    assertRetried(await result, /no complete answer within 1 s/);
  });
  duty('gives up in time when the TLS handshake hangs', async ({ listen, sendTo, clock }) => {
    const server = await listen();
    const result = sendTo(`https://127.0.0.1:${server.port}`);
    while (server.connections() === 0) await new Promise(resolve => setImmediate(resolve));
    await clock.advance(timeout);
    const { kind } = await result;
    assert.is(kind, 'failed');
  });
  duty(
    'takes the status for the answer when the body hangs or breaks off',
    async ({ listen, send, clock, answered }) => {
      const server = await listen((_, response, index) => {
        response.writeHead(200, { 'Content-Length': 10 }).write('half');
        if (index === 0) setImmediate(() => response.destroy());
      });
      assert.is((await send(server)).kind, 'delivered');
      const result = send(server);
      await answered(2);
      await clock.advance(timeout);
      assert.is((await result).kind, 'delivered');
    },
  );
  duty('is tried again when the connection is reset or closed, or when it hears garbage', async ({ listen, send }) => {
    const server = await listen((_, response, index) => {
      if (index === 0) response.socket?.resetAndDestroy();
      else if (index === 1) response.socket?.end();
      else response.socket?.end('\0\x01 ?\r\n?\r\n\r\n');
    });
    for (let index = 0; index < 3; index++) assertRetried(await send(server), /./);
  });
  duty('does not keep a huge answer, nor wait for its end', async ({ listen, send }) => {
    const server = await listen((_, response, index) => {
      response.writeHead(index === 0 ? 200 : 500);
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    });
    const [taken, refused] = [await send(server), await send(server)];
    assert.is(taken.kind, 'delivered');
    assertRetried(refused, /HTTP 500/);
    assert.ok(taken.detail.length <= 300 && refused.detail.length <= 300);
  });
  duty('does not follow a redirect', async ({ listen, send }) => {
    const other = await listen();
    const Location = `http://127.0.0.1:${other.port}/`;
    const server = await listen((_, response) => void response.writeHead(307, { Location }).end());
    assertRetried(await send(server), /redirect/);
    assert.is(other.connections(), 0);
  });
  duty(
    'sends over TLS to whom the given authority has signed, and to nobody else',
    async ({ listen, sendTo, folder }) => {
      const server = await listen(undefined, true);
      const ca = join(folder, 'ca.pem');
      writeFileSync(ca, testAuthority.authority);
      const origin = `https://127.0.0.1:${server.port}`;
      assert.is((await sendTo(origin, { ca })).kind, 'delivered');
      assertRetried(await sendTo(origin), /certificate|self.signed|verif/);
      assertRetried(await sendTo(origin, { ca: join(folder, 'none.pem') }), /cannot read the ca/);
      // The name is another one.
      assertRetried(await sendTo(`https://localhost:${server.port}`, { ca }), /localhost/);
      assert.is(server.received.length, 1);
    },
  );
  duty('shows no secret, whatever the server says', async ({ listen, send, sendTo }) => {
    const server = await listen((request, response, index) => {
      const heard = `${request.url} ${JSON.stringify(request.headers)} ${request.body}`;
      const forms = [heard, ...secrets.map(encode)].join(' ');
      const status = [200, 400, 401, 500][index] ?? 301;
      if (index === 4) response.socket?.end(`HTTP/1.1 nonsense ${secrets.join(' ')}\r\n\r\n`);
      // The head of the text is what is shown: each secret stands there once.
      else if (index < secrets.length + 10)
        response.writeHead(status).end(forms.slice(index % 2 === 0 ? 0 : heard.length));
    });
    for (let index = 0; index < 5; index++) assertSecret(await send(server), secrets);
    assertSecret(await sendTo(`http://127.0.0.1:${await findClosedPort()}`), secrets);
  });
  duty('shows no part of a secret that is cut off', async ({ listen, send }) => {
    for (const secret of secrets) {
      const server = await listen(
        (_, response) => void response.end(`${' '.repeat(4096 - secret.length + 4)}${secret}`),
      );
      const { detail } = await send(server);
      assert.not.match(detail, secret.slice(0, -4), detail);
      const told = await listen((_, response) => void response.end(`${'x'.repeat(280 - secret.length)} ${secret}`));
      assertSecret(await send(told), [secret]);
    }
  });
  duty('stops at once when it is aborted, before and midway', async ({ listen, send, sendTo }) => {
    const server = await listen(() => {});
    assertRetried(await sendTo(`http://127.0.0.1:${server.port}`, { signal: AbortSignal.abort() }), /broken off/);
    const controller = new AbortController();
    const result = send(server, { signal: controller.signal });
    await server.heard(1);
    controller.abort();
    assertRetried(await result, /broken off/);
  });
  test(`${channel.keyword} has a block without a url or a key reported, and left out`, () => {
    const faults: string[] = [];
    const spec = channel.plan(blockValues(channel.params, {}), (code, _, text) => faults.push(`${code} ${text}`));
    assert.is(spec, null);
    assert.is(faults.length, 1);
  });
  test(`${channel.keyword} keeps its secrets out of the plan's text`, () => {
    assertSecret(planOf(subject, 'https://127.0.0.1:1'), secrets);
  });
}

interface SendOptions {
  readonly ca?: string;
  readonly signal?: AbortSignal;
  readonly message?: AlertMessage;
}
type Kit = ReturnType<typeof createKit>;

function createKit(subject: ChannelSubject) {
  const clock = new VirtualClock();
  const servers: Receiver[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'channel-'));
  let heads = 0;
  let wake = (): void => {};
  const http: HttpClient = {
    request: (connection, request, handler) =>
      httpClient.request(connection, request, {
        response(status, headers) {
          handler.response(status, headers);
          heads++;
          wake();
        },
        data: bytes => handler.data(bytes),
        complete: () => handler.complete(),
        failed: detail => handler.failed(detail),
      }),
  };
  const sendTo = (origin: string, options: SendOptions = {}): Promise<DeliveryResult> => {
    const post = createPost({ timeout, ca: options.ca ?? null }, { clock, sockets, http });
    const signal = options.signal ?? new AbortController().signal;
    const context = { post, now: clock.wall(), signal };
    return subject.channel.send(options.message ?? message, planOf(subject, origin), context);
  };
  return {
    clock,
    folder,
    sendTo,
    /** Resolves when the heads of that many answers have come. */
    async answered(count: number): Promise<void> {
      while (heads < count) {
        await new Promise<void>(resolve => {
          wake = resolve;
        });
      }
    },
    send: (server: Receiver, options?: SendOptions) => sendTo(`http://127.0.0.1:${server.port}`, options),
    async listen(answer?: Parameters<typeof startReceiver>[0], secure = false): Promise<Receiver> {
      const server = await startReceiver(answer, { secure });
      servers.push(server);
      return server;
    },
    async close() {
      for (const server of servers) await server.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** What the channel makes of a block; a fault in it is one of the test. */
export function planOf({ channel, given }: Pick<ChannelSubject, 'channel' | 'given'>, origin: string): unknown {
  const faults: string[] = [];
  const spec = channel.plan(blockValues(channel.params, given(origin)), (_, __, text) => faults.push(text));
  assert.equal(faults, []);
  return spec;
}

function assertRetried(result: DeliveryResult, detail: RegExp): void {
  assert.is(result.kind === 'failed' ? result.retry : 'delivered', 'server', result.detail);
  assert.match(result.detail, detail);
}

function encode(secret: string): string {
  return `${secret} ${encodeURIComponent(secret)} ${Buffer.from(secret).toString('base64')}`;
}

function assertSecret(shown: unknown, secrets: readonly string[]): void {
  const text = JSON.stringify(shown);
  for (const secret of secrets) {
    for (const form of encode(secret).split(' ')) assert.not.ok(text.includes(form), `${form} is shown in ${text}`);
  }
}
