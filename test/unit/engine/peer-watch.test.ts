import * as assert from 'uvu/assert';
import type { CheckPlan, CheckResult } from '../../../src/model/check.ts';
import type { ConnectionHandler, ConnectOptions, Sockets } from '../../../src/model/ports.ts';
import { sockets as realSockets } from '../../../src/sys/sockets.ts';
import { makeConnection } from '../../../testing/check-context.ts';
import { assertNoDescriptorLeft, listDescriptors } from '../../../testing/descriptors.ts';
import { startFaultServer } from '../../../testing/fault-server.ts';
import { suite } from '../../support/suite.ts';
import { createFakeRunner, failure, pass, peerAt, planAsking } from './fake-runner.ts';

const test = suite('engine/peer-watch');
const minute = { schedule: { kind: 'interval', every: 60_000 }, delayBeforeRetry: 30_000 } as const;
const watched = (id = 'a', over: Partial<CheckPlan> = {}): CheckPlan =>
  planAsking(id, 'web', { peer: peerAt('10.0.0.2'), watch: true, ...minute, ...over });

/** One connection that a watch has made. */
interface Line {
  readonly to: ConnectOptions;
  readonly tls: unknown;
  open: boolean;
  stand(): void;
  /** By the peer, in order or not. */
  break(): void;
}

/** Sockets whose connections do what the test says; closing is told at once or in the next turn. */
function fakeSockets(lines: Line[], late: boolean): Sockets {
  return {
    connect(to, tls, handler: ConnectionHandler) {
      const close = (): void => {
        if (!line.open) return;
        line.open = false;
        if (late) setImmediate(() => handler.closed(null));
        else handler.closed(null);
      };
      const line: Line = {
        to,
        tls,
        open: true,
        stand: () => handler.opened(connection),
        break() {
          handler.ended();
          close();
        },
      };
      const connection = makeConnection(close);
      lines.push(line);
      return connection;
    },
  };
}

function setUp(late = false) {
  const lines: Line[] = [];
  const fake = createFakeRunner({ sockets: fakeSockets(lines, late) });
  const last = (): Line => {
    const line = lines.at(-1);
    if (line === undefined) throw new Error('there is no connection');
    return line;
  };
  /** Ends the run that is under way. */
  const finish = async (result: CheckResult = pass): Promise<void> => {
    fake.end('web', result);
    await fake.clock.advance(0);
  };
  /** The check has passed for the first time and the connection stands. */
  const begin = async (plans: readonly CheckPlan[] = [watched()]): Promise<void> => {
    fake.use(plans);
    await fake.clock.advance(0);
    await finish();
    last().stand();
  };
  return { ...fake, lines, last, finish, begin };
}

test('the connection is made when the check has passed, and with no TLS', async () => {
  const { clock, use, lines, finish } = setUp();
  use([watched()]);
  await clock.advance(0);
  assert.is(lines.length, 0);
  await finish(failure('refused'));
  assert.is(lines.length, 0);
  await clock.advance(30_000);
  await finish();
  assert.equal([lines.length, lines[0]?.tls], [1, 'never']);
  await clock.advance(60_000);
  await finish();
  assert.is(lines.length, 1, 'one is enough');
});

test('it goes the way of the check, and leaves the local port to it', async () => {
  const { begin, last } = setUp();
  const peer = { address: '10.0.0.2', port: 80, localAddress: '10.0.0.9', localPort: 4000, mark: 7 };
  await begin([planAsking('a', 'web', { peer, watch: true, ...minute })]);
  assert.equal(last().to, { address: '10.0.0.2', port: 80, localAddress: '10.0.0.9', mark: 7 });
});

test('without watch there is none', async () => {
  const { clock, use, lines, finish } = setUp();
  use([watched('a', { watch: false })]);
  await clock.advance(0);
  await finish();
  assert.is(lines.length, 0);
});

for (const late of [false, true]) {
  test(`when it breaks the check runs at once (closed is told ${late ? 'later' : 'within close'})`, async () => {
    const { clock, runs, last, begin, finish, lines } = setUp(late);
    await begin();
    await clock.advance(10_000);
    assert.is(runs.length, 1);
    last().break();
    await clock.advance(0);
    assert.equal([runs.length, runs[1]?.at], [2, 10_000]);
    await finish(failure('refused'));
    await clock.advance(30_000);
    await finish();
    assert.is(lines.length, 2, 'after the outage it is watched again');
  });
}

test('a connection that never came to stand says nothing', async () => {
  const { clock, use, runs, last, finish, lines } = setUp();
  use([watched()]);
  await clock.advance(0);
  await finish();
  last().break();
  await clock.advance(1000);
  assert.is(runs.length, 1);
  await clock.advance(60_000);
  await finish();
  assert.is(lines.length, 2, 'the next pass tries again');
});

test('a break while the check runs has it run afterwards, and that result is the one that counts', async () => {
  const { clock, runs, last, begin, finish, lines } = setUp();
  for (let outage = 0; outage < 7; outage++) {
    if (outage === 0) await begin();
    else last().stand();
    await clock.advance(60_000);
    const running = runs.length;
    last().break();
    await clock.advance(0);
    assert.is(runs.length, running, 'not twice at a time');
    await finish();
    assert.is(runs.length, running + 1);
    await finish(failure('refused'));
    await clock.advance(30_000);
    await finish();
    assert.is(lines.length, outage + 2, 'a real outage is no idle close');
  }
});

test('a server that closes idle connections is asked less and less often, and given up after five', async () => {
  const { clock, runs, last, begin, finish, lines, log, runner } = setUp();
  await begin();
  const next = async (): Promise<void> => {
    runner.schedule({ checker: watched().id, after: 0, from: 'end' });
    await clock.advance(25);
    await finish();
  };
  for (const [index, pause] of [0, 1000, 2000, 4000].entries()) {
    last().break();
    await clock.advance(0);
    await finish();
    if (pause > 0) {
      await clock.advance(pause - 50);
      await next();
      assert.is(lines.length, index + 1, `not before ${pause} ms`);
      await clock.advance(50);
      await next();
    }
    assert.is(lines.length, index + 2);
    last().stand();
  }
  assert.equal(log.lines, []);
  last().break();
  await clock.advance(0);
  await finish();
  for (let round = 0; round < 10; round++) {
    await clock.advance(60_000);
    await finish(round % 3 === 0 ? failure('refused') : pass);
  }
  assert.is(lines.length, 5);
  assert.equal(
    log.lines.map(({ message }) => message),
    ['FAKE_CHECK of 10.0.0.2:80: it closes idle connections and is not watched any more; the check runs on as before'],
  );
  assert.ok(runs.length > 10);
});

test('a dying process closes its connections before its listening socket: a check that was let in between is asked again', async () => {
  const { clock, runs, last, begin, finish, lines } = setUp();
  await begin();
  last().break();
  await clock.advance(0);
  await finish();
  assert.is(lines.length, 2, 'connected once more at once');
  last().break();
  await clock.advance(0);
  assert.is(runs.length, 3, 'that it did not come to stand says something now');
  await finish(failure('refused'));
  assert.is(lines.length, 2);
});

test('a real outage between idle closes begins the count anew, however it was found', async () => {
  const { clock, last, begin, finish, lines, log } = setUp();
  await begin();
  const closeIdle = async (): Promise<void> => {
    last().break();
    await clock.advance(0);
    await finish();
    await clock.advance(60_000);
    await finish();
    last().stand();
  };
  for (let round = 0; round < 4; round++) await closeIdle();
  await clock.advance(60_000);
  await finish(failure('timeout_connect'));
  await clock.advance(30_000);
  await finish();
  for (let round = 0; round < 4; round++) await closeIdle();
  assert.equal([lines.length, log.lines.length], [9, 0]);
});

test('a result that is no verdict changes nothing', async () => {
  const { clock, last, begin, finish, lines } = setUp();
  await begin();
  last().break();
  await clock.advance(0);
  for (const result of [
    failure('internal'),
    failure('local'),
    { ...failure('unreachable'), inconclusive: true as const },
  ]) {
    await finish(result);
    await clock.advance(30_000);
  }
  await finish(failure('refused'));
  await clock.advance(30_000);
  await finish();
  assert.is(lines.length, 2);
  last().stand();
  await clock.advance(60_000);
  await finish(failure('internal'));
  assert.ok(last().open);
});

test('a reload switches it on and off', async () => {
  const { clock, use, runs, begin, last, lines, finish } = setUp();
  await begin();
  use([watched('a', { watch: false })]);
  assert.is(last().open, false);
  await clock.advance(0);
  assert.is(runs.length, 1, 'our own close is no break');
  use([watched()]);
  assert.is(lines.length, 1, 'the next pass opens it');
  await clock.advance(60_000);
  await finish();
  assert.is(lines.length, 2);
});

test('those who share a probe share the connection, until none of them watches', async () => {
  const { use, begin, lines, last, results, clock, finish } = setUp();
  await begin([watched('a'), watched('b'), watched('c', { watch: false })]);
  assert.is(lines.length, 1);
  use([watched('b'), watched('c', { watch: false })]);
  assert.ok(last().open);
  last().break();
  await clock.advance(0);
  await finish();
  assert.equal(
    results.slice(-2).map(([id]) => id),
    ['b', 'c'],
  );
  await clock.advance(60_000);
  await finish();
  use([watched('c', { watch: false })]);
  assert.equal(
    lines.map(({ open }) => open),
    [false, false],
  );
});

test('a check that is removed, and the end of the agent, close it without another run', async () => {
  for (const end of ['remove', 'close'] as const) {
    const { use, runner, runs, begin, last, clock } = setUp(true);
    await begin();
    if (end === 'remove') use([]);
    else runner.close();
    assert.is(last().open, false);
    await clock.advance(60_000);
    assert.is(runs.length, 1);
  }
});

/** The real sockets, and a word when a connection stands. */
function tellingSockets(stood: () => void): Sockets {
  return {
    connect: (to, tls, handler) =>
      realSockets.connect(to, tls, {
        opened(connection) {
          handler.opened(connection);
          stood();
        },
        data: bytes => handler.data(bytes),
        ended: () => handler.ended(),
        closed: fault => handler.closed(fault),
      }),
  };
}

test('a real connection on loopback: closed by the server, reset by it, and closed by us', async () => {
  const before = listDescriptors();
  let hangUp = (): void => {};
  const server = await startFaultServer(socket => {
    hangUp = () => void socket.end();
  });
  let standing = 0;
  const { clock, use, runs, runner, end } = createFakeRunner({ sockets: tellingSockets(() => standing++) });
  const turn = () => new Promise(resolve => setImmediate(resolve));
  use([planAsking('a', 'web', { peer: { address: '127.0.0.1', port: server.port }, watch: true, ...minute })]);
  await clock.advance(0);
  end('web');
  for (const [round, stop] of [() => hangUp(), () => server.reset()].entries()) {
    await server.say('220 hello\r\n');
    while (standing === round) await turn();
    const known = runs.length;
    stop();
    while (runs.length === known) await turn();
    await server.released();
    end('web', failure('refused'));
    await clock.advance(30_000);
    end('web');
  }
  await server.say('220 hello\r\n');
  while (standing < 3) await turn();
  runner.close();
  await server.released();
  await server.close();
  assert.is(runs.length, 5);
  await assertNoDescriptorLeft(before);
});

test.run();
