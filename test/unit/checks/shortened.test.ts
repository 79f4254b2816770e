import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createServer, type Server, type TlsOptions as ServerOptions, type TLSSocket } from 'node:tls';
import * as assert from 'uvu/assert';
import { sslParams } from '../../../checks/http-params.ts';
import type { HttpSpec } from '../../../checks/http-plan.ts';
import { ssl } from '../../../checks/ssl.ts';
import { type TcpSpec, tcp } from '../../../checks/tcp.ts';
import type { CheckResult } from '../../../src/model/check.ts';
import type { Connection, ConnectOptions, Sockets } from '../../../src/model/ports.ts';
import { blockValues } from '../../../testing/block-values.ts';
import { makeContext, makeTarget } from '../../../testing/check-context.ts';
import { assertNoDescriptorLeft, listDescriptors } from '../../../testing/descriptors.ts';
import { testCertificate } from '../../../testing/test-certificate.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { listenApart } from '../../support/listen-apart.ts';
import { socketPaths } from '../../support/socket-paths.ts';
import { suite } from '../../support/suite.ts';
import { testAuthority } from '../../support/test-authority.ts';

type Given = Readonly<Record<string, unknown>>;
interface Meeting {
  readonly server: Server;
  /** A letter for each handshake: of TLS 1.3 `N` a full one, `R` a resumed one; of TLS 1.2 `H` and `h`. */
  seen(): string;
  /** Connections that were begun. */
  tried(): number;
  /** One character for each: `s` was shortened. */
  shortened(): string;
  check(url?: Given, given?: Given, clock?: VirtualClock): Promise<CheckResult>;
  talk(spec: Partial<TcpSpec>): Promise<CheckResult>;
}

const only13: ServerOptions = { ...testCertificate, minVersion: 'TLSv1.3' };
const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';
const status = (code: number): string => `HTTP/1.1 ${code} Word\r\nContent-Length: 0\r\n\r\n`;
const say = (socket: Socket, text: string): void => void socket.once('data', () => socket.end(text));
const isOld = (socket: TLSSocket): boolean => socket.getProtocol() !== 'TLSv1.3';
/** A server that hears a request and says nothing, and a check that runs until its time is over. */
function createHang() {
  let heard = (): void => {};
  return {
    hang: (socket: TLSSocket): void => void socket.once('data', () => heard()),
    async outlast(check: Meeting['check']): Promise<CheckResult> {
      const clock = new VirtualClock();
      const hears = new Promise<void>(resolve => {
        heard = resolve;
      });
      const result = check({}, {}, clock);
      await hears;
      await clock.advance(5000);
      return result;
    },
  };
}
const spell = (result: CheckResult): string => `${result.ok ? 'ok' : result.reason}: ${result.detail}`;
const passes = 'ok: status 200, 5 bytes';

for (const [path, sockets] of socketPaths) {
  const test = suite(`checks over shortened connections ${path}`);

  async function meet(
    behave: (socket: TLSSocket) => void,
    body: (meeting: Meeting) => Promise<void>,
    options: ServerOptions = testCertificate,
  ): Promise<void> {
    const before = listDescriptors();
    let seen = '';
    const tried: Connection[] = [];
    const open = new Set<Socket>();
    const server = createServer(options, socket => {
      socket.on('error', () => {});
      seen += (isOld(socket) ? 'hH' : 'RN')[socket.isSessionReused() ? 0 : 1];
      behave(socket);
    });
    server.on('connection', socket => open.add(socket));
    server.on('tlsClientError', () => {});
    const peer = await listenApart(server);
    const counted: Sockets = {
      connect(to, tls, handler) {
        const connection = sockets.connect(to, tls, handler);
        tried.push(connection);
        return connection;
      },
    };
    const context = (clock = new VirtualClock()) => makeContext({ sockets: counted, clock });
    try {
      await body({
        server,
        seen: () => seen,
        tried: () => tried.length,
        shortened: () => tried.map(({ shortened }) => (shortened ? 's' : '-')).join(''),
        check: (url = {}, given = {}, clock) => ssl.check(planUrl(peer, url, given), context(clock)),
        talk: spec => tcp.check({ ...peer, timeout: 5000, startsWith: 'TLS', ...spec }, context()),
      });
    } finally {
      for (const socket of open) socket.destroy();
      if (server.listening) {
        server.close();
        await once(server, 'close');
      }
    }
    await assertNoDescriptorLeft(before);
  }

  function planUrl(peer: ConnectOptions, url: Given, given: Given): HttpSpec {
    const type = sslParams.find(param => param.name === 'url')?.type;
    const block = blockValues(type?.kind === 'block' ? type.params : [], { path: '/', ...url });
    const target = makeTarget(peer);
    const [spec] = ssl.plan(blockValues(sslParams, { ...given, url: [block] }), target, (_, code) => {
      throw new Error(code);
    });
    assert.ok(spec);
    return spec;
  }

  test('a server that gives TLS 1.2 up between two checks passes each time, and is asked once more once', async () => {
    await meet(
      socket => say(socket, ok),
      async ({ server, seen, tried, check }) => {
        for (let times = 0; times < 3; times++) assert.is(spell(await check()), passes);
        assert.is(seen(), 'NHh');
        server.setSecureContext(only13);
        for (let times = 0; times < 45; times++) assert.is(spell(await check()), passes);
        assert.is(tried(), 3 + 45 + 1);
        assert.match(seen(), /^NHhNR{1,19}(NR{19})*NR*$/);
      },
    );
  });

  test('a server that answers otherwise over TLS 1.2 passes each time, and is not held to it again', async () => {
    for (const code of [403, 426]) {
      await meet(
        socket => say(socket, isOld(socket) ? status(code) : ok),
        async ({ seen, check }) => {
          for (let times = 0; times < 45; times++) assert.is(spell(await check()), passes);
          assert.match(seen(), /^NHNR{1,19}(NR{19})*NR*$/);
        },
      );
    }
  });

  test('a server that closes whatever was resumed passes each time, and is resumed no more', async () => {
    const closes = (socket: TLSSocket): void => {
      if (socket.isSessionReused()) socket.destroy();
      else say(socket, ok);
    };
    await meet(closes, async ({ seen, check }) => {
      for (let times = 0; times < 30; times++) assert.is(spell(await check()), passes);
      assert.is(seen(), `NHhNRN${'N'.repeat(26)}`);
    });
    await meet(
      closes,
      async ({ seen, check }) => {
        for (let times = 0; times < 30; times++) assert.is(spell(await check()), passes);
        assert.is(seen(), `HhH${'H'.repeat(28)}`);
      },
      { ...testCertificate, maxVersion: 'TLSv1.2' },
    );
  });

  test('a server that is down fails at once, after one more connection in full, and from then on without', async () => {
    for (const [behave, reason] of [
      [(socket: TLSSocket) => say(socket, status(500)), 'status'],
      [(socket: TLSSocket) => void socket.destroy(), 'protocol'],
      [(socket: TLSSocket) => say(socket, 'nonsense'), 'protocol'],
    ] as const) {
      let down = false;
      await meet(
        socket => (down ? behave(socket) : say(socket, ok)),
        async ({ seen, tried, check }) => {
          for (let times = 0; times < 3; times++) assert.is(spell(await check()), passes);
          down = true;
          for (const connections of [5, 6, 7]) {
            assert.match(spell(await check()), reason);
            assert.is(tried(), connections);
          }
          down = false;
          for (let times = 0; times < 3; times++) assert.is(spell(await check()), passes);
          assert.is(seen(), 'NHhhNNNNHh');
        },
      );
    }
  });

  test('what refuses the connection fails at once', async () => {
    await meet(
      socket => say(socket, ok),
      async ({ server, tried, check }) => {
        for (let times = 0; times < 3; times++) assert.is(spell(await check()), passes);
        server.close();
        await once(server, 'close');
        assert.match(spell(await check()), /^refused: /);
        assert.is(tried(), 4);
      },
    );
  });

  test('a time-out is not waited for twice', async () => {
    const { hang, outlast } = createHang();
    let down = false;
    await meet(
      socket => (down ? hang(socket) : say(socket, ok)),
      async ({ seen, tried, check }) => {
        for (let times = 0; times < 3; times++) assert.is(spell(await check()), passes);
        down = true;
        assert.match(spell(await outlast(check)), /^timeout_read: /);
        assert.is(tried(), 4);
        down = false;
        assert.is(spell(await check()), passes);
        assert.is(seen(), 'NHhhN');
      },
    );
  });

  test('a server that hangs when it is held to TLS 1.2 passes each time', async () => {
    const { hang, outlast } = createHang();
    await meet(
      socket => (isOld(socket) ? hang(socket) : say(socket, ok)),
      async ({ seen, tried, check }) => {
        assert.is(spell(await check()), passes);
        assert.is(spell(await outlast(check)), passes);
        assert.is(tried(), 3);
        for (let times = 0; times < 3; times++) assert.is(spell(await check()), passes);
        assert.is(seen(), 'NHNRRR');
      },
    );
  });

  test('a server that hangs of whatever was resumed passes each time', async () => {
    const { hang, outlast } = createHang();
    await meet(
      socket => (socket.isSessionReused() ? hang(socket) : say(socket, ok)),
      async ({ seen, check }) => {
        for (let times = 0; times < 2; times++) assert.is(spell(await check()), passes);
        for (let times = 0; times < 2; times++) assert.is(spell(await outlast(check)), passes);
        for (let times = 0; times < 3; times++) assert.is(spell(await check()), passes);
        assert.is(seen(), 'NHhNRNNNN');
      },
    );
  });

  test('the result is that of the second connection, its certificate too', async () => {
    const old: ServerOptions = { cert: testAuthority.expired, key: testAuthority.serverKey };
    const renewed: ServerOptions = { cert: testAuthority.server, key: testAuthority.serverKey };
    await meet(
      socket => say(socket, ok),
      async ({ server, check, talk }) => {
        const first = await check();
        assert.match(first.ok ? (first.warning ?? '') : '', 'expired on');
        await talk({});
        server.setSecureContext({ ...renewed, minVersion: 'TLSv1.3' });
        const second = await check();
        assert.is(second.ok && second.warning, undefined);
        assert.is(second.certificateEnds, Date.parse('2119-01-01T00:00:00Z'));
        const third = await talk({});
        assert.match(spell(third), /^ok: connected, certificate valid for \d+ days$/);
        assert.is(third.certificateEnds, Date.parse('2119-01-01T00:00:00Z'));
      },
      old,
    );
  });

  test('a url that an HTTP client fetches begins anew as a whole', async () => {
    for (const given of [{}, { http_protocol: '2' }]) {
      await meet(
        socket => {
          // Of HTTP/2 no answer will do.
          if (socket.isSessionReused()) say(socket, 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhell');
          else say(socket, ok);
        },
        async ({ seen, tried, check }) => {
          const url = { method: 'GET', header: [{ name: 'X-Check', value: 'yes' }] };
          if ('http_protocol' in given) {
            assert.match(spell(await check(url, given)), /^protocol: /);
            assert.is(tried(), 1);
            return;
          }
          for (let times = 0; times < 4; times++) assert.match(spell(await check(url, given)), passes);
          assert.is(seen(), 'NRNNN');
        },
      );
    }
  });

  test('a dialogue begins anew as a whole, and tells how far the second one came', async () => {
    let answers = 'ready 7';
    await meet(
      socket => say(socket, isOld(socket) ? 'rea' : answers),
      async ({ tried, talk }) => {
        const hello = { kind: 'send', parts: ['hello'] } as const;
        const expect = { kind: 'expect', pattern: '^ready ([0-9])' } as const;
        const send = { kind: 'send', parts: ['got ', 1, '\r\n'] } as const;
        for (let times = 0; times < 3; times++)
          assert.match(spell(await talk({ steps: [hello, expect, send] })), 'ok: 3 steps passed');
        answers = 'not today';
        const failed = spell(await talk({ steps: [hello, expect, send] }));
        assert.match(failed, /^protocol: step 2, expect .*; came "not today"$/);
        assert.is(tried(), 6);
      },
    );
  });

  test('TCP_CHECK without steps resumes TLS 1.2', async () => {
    await meet(
      () => {},
      async ({ shortened, talk }) => {
        for (let times = 0; times < 6; times++) assert.match(spell(await talk({})), /^ok: connected, certificate/);
        // The server does not see the end of a handshake after which nothing comes.
        assert.is(shortened(), '-sssss');
      },
    );
  });

  test('tls_session_reuse off makes each handshake a natural one', async () => {
    await meet(
      socket => say(socket, ok),
      async ({ seen, check, talk }) => {
        for (let times = 0; times < 5; times++) assert.is(spell(await check({}, { tls_session_reuse: false })), passes);
        assert.is(seen(), 'NNNNN');
        const steps = [
          { kind: 'send', parts: ['x'] },
          { kind: 'expect', pattern: 'hello' },
        ] as const;
        for (let times = 0; times < 3; times++) await talk({ steps, tls: { serverName: null, reuseSession: false } });
        assert.is(seen(), 'NNNNNNNN');
      },
    );
  });

  test.run();
}
