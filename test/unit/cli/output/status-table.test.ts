import * as assert from 'uvu/assert';
import { formatStatus, isAllUp } from '../../../../src/cli/output/status-table.ts';
import type { RealServerStatus } from '../../../../src/model/snapshot.ts';
import { suite } from '../../../support/suite.ts';
import {
  createCheckStatus,
  createRealServerStatus,
  createSnapshot,
  createVirtualServerStatus,
} from '../../web/snapshot.ts';

const test = suite('cli/output/status-table');
const now = Date.parse('2026-01-01T01:02:03.000Z');
const plain = { now, colours: false };
const failing = createRealServerStatus({
  id: '10.0.0.3:80',
  up: false,
  state: 'down',
  effectiveWeight: 0,
  ipvsWeight: 0,
  since: '2026-01-01T01:01:58.000Z',
  checks: [
    createCheckStatus(),
    createCheckStatus({ type: 'HTTP_GET', up: false, reason: 'status', detail: 'got 503' }),
  ],
});

test('each virtual server stands above its real servers', () => {
  const snapshot = createSnapshot({
    virtualServers: [
      createVirtualServerStatus({
        sorryServer: { address: '10.0.0.9', port: 80, active: false },
        realServers: [createRealServerStatus(), failing],
      }),
    ],
  });
  assert.equal(formatStatus(snapshot, plain).slice(1), [
    '',
    '  REAL SERVER  STATE  WEIGHT  IPVS  SINCE  LAST RESULT',
    'tcp/10.0.0.1:80 up wlc DR, quorum 1, sorry server 10.0.0.9:80 idle',
    '  10.0.0.2:80  up          1     1   1h2m  TCP_CHECK ok in 1.3 ms',
    '  10.0.0.3:80  down      0/1     0     5s  HTTP_GET status: got 503',
  ]);
});

test('a check that passes with a warning shows it', () => {
  const checks = [createCheckStatus({ type: 'SSL_GET', warning: 'the certificate ends on 2026-01-09' })];
  const vs = createVirtualServerStatus({ realServers: [createRealServerStatus({ checks })] });
  const line = formatStatus(createSnapshot({ virtualServers: [vs] }), plain).at(-1) ?? '';
  assert.match(line, /SSL_GET ok in 1\.3 ms, but the certificate ends on 2026-01-09$/);
});

test('the first line says who tells this, and for how long it runs', () => {
  const [first] = formatStatus(createSnapshot(), plain);
  assert.match(first ?? '', /^checkalived 1\.2\.3, IPVS mode weights, running since .* \(1h2m\)$/);
});

test('the troubles of the agent come first', () => {
  const [, trouble] = formatStatus(
    createSnapshot({
      troubles: [{ component: 'store', since: '2026-01-01T00:00:00.000Z', message: 'the disk is full' }],
    }),
    plain,
  );
  assert.match(trouble ?? '', /^trouble: store: the disk is full \(since /);
});

test('a sorry server at work and hysteresis are shown', () => {
  const vs = createVirtualServerStatus({
    up: false,
    quorum: 3,
    hysteresis: 1,
    sorryServer: { address: '::1', port: 80, active: true },
  });
  const lines = formatStatus(createSnapshot({ virtualServers: [vs] }), plain);
  assert.ok(
    lines.includes('tcp/10.0.0.1:80 DOWN wlc DR, quorum 3 ± 1, sorry server [::1]:80 ACTIVE'),
    lines.join('\n'),
  );
});

test('what has not been checked yet, and what never is, is said', () => {
  const fresh = createRealServerStatus({
    state: 'unknown',
    since: null,
    ipvsWeight: null,
    checks: [createCheckStatus({ up: null, reason: null, lastDurationMs: null })],
  });
  const bare = createRealServerStatus({ id: '10.0.0.4:80', checks: [] });
  const faulty = createRealServerStatus({ id: '10.0.0.5:80', state: 'unknown', since: null, checks: [] });
  const lines = formatStatus(
    createSnapshot({ virtualServers: [createVirtualServerStatus({ realServers: [fresh, bare, faulty] })] }),
    plain,
  );
  assert.is(lines.at(-3), '  10.0.0.2:80  unknown       1     -      -  TCP_CHECK not run yet');
  assert.is(lines.at(-2), '  10.0.0.4:80  up            1     1   1h2m  no checker: always up');
  assert.is(
    lines.at(-1),
    '  10.0.0.5:80  unknown       1     1      -  not checked: the configuration has an error here',
  );
});

test('no line is longer than the terminal', () => {
  const vs = createVirtualServerStatus({
    realServers: [failing],
    sorryServer: { address: '10.0.0.9', port: 80, active: false },
  });
  for (const line of formatStatus(createSnapshot({ virtualServers: [vs] }), { ...plain, width: 40 })) {
    assert.ok(line.length <= 40, line);
  }
});

test('a configuration without virtual servers is said to have none', () => {
  assert.is(
    formatStatus(createSnapshot({ virtualServers: [] }), plain).at(-1),
    'The configuration has no virtual server.',
  );
});

test('all is up unless something is down or unknown; a disabled real server is as it was asked to be', () => {
  const allUpWith = (state: RealServerStatus['state'], up = true) =>
    isAllUp(
      createSnapshot({
        virtualServers: [createVirtualServerStatus({ up, realServers: [createRealServerStatus({ state })] })],
      }),
    );
  assert.ok(allUpWith('up'));
  assert.ok(allUpWith('disabled'));
  assert.ok(allUpWith('draining'));
  assert.not.ok(allUpWith('down'));
  assert.not.ok(allUpWith('unknown'));
  assert.not.ok(allUpWith('up', false));
});

test.run();
