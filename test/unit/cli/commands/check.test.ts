import { type AddressInfo, createServer } from 'node:net';
import * as assert from 'uvu/assert';
import { type CheckOptions, checkOnce } from '../../../../src/cli/commands/check.ts';
import type { Modules } from '../../../../src/cli/io.ts';
import type { ReadResult } from '../../../../src/config/read.ts';
import type { Checker, CheckResult } from '../../../../src/model/check.ts';
import type { ConnectOptions } from '../../../../src/model/ports.ts';
import type { RealServer } from '../../../../src/model/server.ts';
import { systemClock } from '../../../../src/sys/clock.ts';
import { httpClient } from '../../../../src/sys/http-client.ts';
import { sockets } from '../../../../src/sys/sockets.ts';
import { makeContext } from '../../../../testing/check-context.ts';
import { planVirtualServer } from '../../../support/plans.ts';
import { suite } from '../../../support/suite.ts';
import { createConfig, createDiagnostic, createFakeIo, createPlan, createRealServer } from '../fake-io.ts';

const test = suite('cli/commands/check');
const asked: CheckOptions = {
  file: 'test.conf',
  configId: 'checkalived',
  json: false,
  only: null,
  lenient: false,
  plan: false,
};

/** Answers with its spec. */
const echo: Checker = {
  keyword: 'ECHO_CHECK',
  doc: '',
  params: [],
  defaultRetry: 0,
  defaultDelayBeforeRetry: 0,
  pace: 'end',
  mail: { up: '', down: '' },
  plan: () => [],
  longest: () => 1000,
  check: async spec => spec as CheckResult,
};
/** Connects, and that is all. */
const connect: Checker = {
  ...echo,
  keyword: 'CONNECT_CHECK',
  check: (spec, context) =>
    new Promise(settle => {
      let opened = false;
      context.sockets.connect(spec as ConnectOptions, null, {
        opened: connection => {
          opened = true;
          connection.close();
        },
        data: () => {},
        ended: () => {},
        closed: () =>
          settle(opened ? { ok: true, took: 1, detail: '' } : { ok: false, took: 1, reason: 'refused', detail: 'no' }),
      });
    }),
};
const passes: CheckResult = { ok: true, took: 1.23456, detail: 'fine' };
const fails: CheckResult = { ok: false, took: 12, reason: 'status', detail: 'got 503' };
const cannot: CheckResult = { ok: false, took: 0, reason: 'local', detail: 'no socket' };

function createModules(
  realServers: readonly RealServer[],
  changes: Partial<ReadResult> = {},
): Modules & { closed: number } {
  const modules = {
    closed: 0,
    load: async () => ({
      config: createConfig(realServers.length > 0 ? [planVirtualServer(realServers)] : []),
      diagnostics: [],
      sources: new Map(),
      secrets: [],
      checkers: [echo, connect],
      ...changes,
    }),
    loadTree: () => {
      throw new Error('no tree here');
    },
    readFile: () => {
      throw new Error('no file here');
    },
    checkers: [echo, connect],
    sockets,
    http: httpClient,
    resolve: () => {
      throw new Error('no name here');
    },
    editFile: () => {
      throw new Error('nothing is edited here');
    },
    writeFile: () => {
      throw new Error('nothing is written here');
    },
    readPackaged: () => {
      throw new Error('nothing is copied here');
    },
    openContext: () => ({
      context: makeContext({ clock: systemClock, sockets }),
      close: async () => {
        modules.closed++;
      },
    }),
    compose: () => {
      throw new Error('no agent here');
    },
  };
  return modules;
}
const server = (port: number, ...results: readonly CheckResult[]) =>
  createRealServer(
    port,
    results.map(result => createPlan('ECHO_CHECK', result)),
  );

test('all up makes it 0', async () => {
  const modules = createModules([server(1, passes), server(2, passes, passes)]);
  const io = createFakeIo();
  assert.is(await checkOnce(asked, io, modules), 0);
  assert.equal(io.stdout.text.split('\n'), [
    'VIRTUAL SERVER   REAL SERVER  CHECK       RESULT    TIME  REASON  DETAIL',
    'tcp/10.0.0.1:80  127.0.0.1:1  ECHO_CHECK  up      1.2 ms  ok      fine',
    'tcp/10.0.0.1:80  127.0.0.1:2  ECHO_CHECK  up      1.2 ms  ok      fine',
    'tcp/10.0.0.1:80  127.0.0.1:2  ECHO_CHECK  up      1.2 ms  ok      fine',
    '',
    '3 up, 0 down',
    '',
  ]);
  assert.is(modules.closed, 1, 'the helper process of the commands is ended');
});

test('one that is down makes it 2, even when others could not be checked', async () => {
  const io = createFakeIo();
  assert.is(await checkOnce(asked, io, createModules([server(1, passes), server(2, fails), server(3, cannot)])), 2);
  assert.match(io.stdout.text, '1 up, 1 down, 1 could not be checked');
});

test('what says more of this host than of the server is no verdict and makes it 3', async () => {
  const io = createFakeIo();
  assert.is(await checkOnce({ ...asked, json: true }, io, createModules([server(1, cannot)])), 3);
  assert.equal(JSON.parse(io.stdout.text), {
    ok: false,
    checks: [
      {
        virtualServer: 'tcp/10.0.0.1:80',
        realServer: '127.0.0.1:1',
        type: 'ECHO_CHECK',
        up: null,
        durationMs: 0,
        reason: 'local',
        detail: 'no socket',
        warning: null,
      },
    ],
  });
});

test('an inconclusive failure is no verdict either', async () => {
  const io = createFakeIo();
  const silent: CheckResult = { ok: false, took: 1, reason: 'refused', detail: 'no agent', inconclusive: true };
  assert.is(await checkOnce(asked, io, createModules([server(1, silent)])), 3);
  assert.match(io.stdout.text, /unknown +1\.0 ms +refused +no agent/);
});

test('a warning of a check that passes is shown', async () => {
  const warned: CheckResult = { ...passes, warning: 'it ends soon' };
  const modules = createModules([server(1, warned), server(2, { ...warned, detail: 'it ends soon' })]);
  const io = createFakeIo();
  assert.is(await checkOnce(asked, io, modules), 0);
  assert.match(io.stdout.text, /ok +fine, but it ends soon\n/);
  assert.match(io.stdout.text, /ok +it ends soon\n/);
  const json = createFakeIo();
  await checkOnce({ ...asked, json: true }, json, modules);
  assert.is(JSON.parse(json.stdout.text).checks[0].warning, 'it ends soon');
});

test('a real server without a checker is up, one whose check cannot be understood is not known', async () => {
  const io = createFakeIo();
  const modules = createModules([createRealServer(1, []), createRealServer(2, [], 'connect_port is no number')]);
  assert.is(await checkOnce(asked, io, modules), 3);
  assert.match(io.stdout.text, /127\.0\.0\.1:1 +- +up +- +- +no checker: always up/);
  assert.match(io.stdout.text, /127\.0\.0\.1:2 +- +unknown +- +- +connect_port is no number/);
});

test('--only leaves the others alone', async () => {
  const modules = createModules([server(1, passes), server(2, fails)]);
  assert.is(await checkOnce({ ...asked, only: '127.0.0.1:1' }, createFakeIo(), modules), 0);
  assert.is(await checkOnce({ ...asked, only: 'echo*' }, createFakeIo(), modules), 2);
});

test('a pattern that means nothing makes it 3', async () => {
  const io = createFakeIo();
  assert.is(await checkOnce({ ...asked, only: '10.9.9.9' }, io, createModules([server(1, passes)])), 3);
  assert.match(io.stderr.text, 'nothing in test.conf matches --only 10.9.9.9');
});

test('nothing to check makes it 3', async () => {
  const io = createFakeIo();
  assert.is(await checkOnce(asked, io, createModules([])), 3);
  assert.match(io.stderr.text, 'test.conf has no real server to check');
});

test('errors of the configuration make it 3 and are printed, unless --lenient', async () => {
  const modules = createModules([server(1, passes)], { diagnostics: [createDiagnostic()] });
  const io = createFakeIo();
  assert.is(await checkOnce(asked, io, modules), 3);
  assert.match(io.stderr.text, 'test.conf:2:3: error: x is no address');
  assert.match(io.stderr.text, '--lenient');
  assert.is(await checkOnce({ ...asked, lenient: true }, createFakeIo(), modules), 0);
});

test('hundreds of checks end, and stay in the order of the file', async () => {
  const io = createFakeIo();
  const ports = Array.from({ length: 300 }, (_, index) => index + 1);
  const modules = createModules(ports.map(port => server(port, passes)));
  assert.is(await checkOnce({ ...asked, json: true }, io, modules), 0);
  const { checks } = JSON.parse(io.stdout.text) as { checks: { realServer: string }[] };
  assert.equal(
    checks.map(check => check.realServer),
    ports.map(port => `127.0.0.1:${port}`),
  );
});

test('progress goes to the terminal on standard error and is wiped away', async () => {
  const io = createFakeIo({ terminal: true });
  await checkOnce(asked, io, createModules([server(1, passes), server(2, passes)]));
  assert.ok(io.stderr.text.endsWith('] 2 of 2 checks done\r\u001b[K'));
});

test('a checker that throws is told as a bug, and is no verdict', async () => {
  const io = createFakeIo();
  const throws: Checker = {
    ...echo,
    check: () => {
      throw new Error('boom');
    },
  };
  assert.is(await checkOnce(asked, io, createModules([server(1, passes)], { checkers: [throws] })), 3);
  assert.match(io.stdout.text, /ECHO_CHECK {2}unknown .* internal {2}boom/);
  assert.match(io.stderr.text, 'checkalived: bug in ECHO_CHECK: Error: boom\n    at ');
});

test('a signal aborts the checks under way and makes it 3', async () => {
  const io = createFakeIo();
  const hangs: Checker = {
    ...echo,
    check: (_, { signal }) =>
      new Promise(settle => signal.addEventListener('abort', () => settle({ ...cannot, detail: 'aborted' }))),
  };
  const exit = checkOnce(asked, io, createModules([server(1, passes)], { checkers: [hangs] }));
  while (io.listeners() === 0) await new Promise(resolve => setImmediate(resolve));
  io.send('SIGINT');
  assert.is(await exit, 3);
  assert.is(io.stdout.text, '');
  assert.match(io.stderr.text, 'interrupted');
  assert.is(io.listeners(), 0);
});

test('real sockets tell a server that listens from one that is gone', async () => {
  const listening = createServer(socket => socket.on('error', () => {}).end());
  await new Promise<void>(resolve => listening.listen(0, '127.0.0.1', resolve));
  const { port } = listening.address() as AddressInfo;
  const modules = createModules([
    createRealServer(port, [createPlan('CONNECT_CHECK', { address: '127.0.0.1', port })]),
  ]);
  assert.is(await checkOnce(asked, createFakeIo(), modules), 0);
  await new Promise(resolve => listening.close(resolve));
  assert.is(await checkOnce(asked, createFakeIo(), modules), 2);
});

test('--plan counts probes and runs nothing', async () => {
  const modules = createModules([server(1, passes), server(2, passes)]);
  const io = createFakeIo();
  assert.is(await checkOnce({ ...asked, plan: true }, io, modules), 0);
  assert.match(io.stdout.text, /^2 checks → 1 probes \(2 → 1 a second\)/);
  assert.is(modules.closed, 0, 'nothing was opened');
  const json = createFakeIo();
  await checkOnce({ ...asked, plan: true, json: true }, json, modules);
  assert.is(JSON.parse(json.stdout.text).probes, 1);
});

test.run();
