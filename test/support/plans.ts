import type { CheckPlan } from '../../src/model/check.ts';
import { checkerId, rsId, vsId } from '../../src/model/ids.ts';
import type { RealServer, VirtualServer } from '../../src/model/server.ts';
import type { Span } from '../../src/model/span.ts';

const nowhere: Span = { file: 'test.conf', line: 1, column: 1, length: 1 };

/** A check plan of a fake checker `FAKE_CHECK`, every second, without warmup. */
export function planCheck(id: string, over: Partial<CheckPlan> = {}): CheckPlan {
  return {
    id: checkerId(id),
    type: 'FAKE_CHECK',
    schedule: { kind: 'interval', every: 1000 },
    warmup: 0,
    retry: 0,
    delayBeforeRetry: 100,
    rise: 1,
    alpha: false,
    logAllFailures: false,
    mail: { up: 'FAKE CHECK succeed on service', down: 'FAKE CHECK failed on service' },
    pace: 'end',
    watch: false,
    spec: { check: id },
    span: nowhere,
    ...over,
  };
}

/** A real server `10.0.0.<n>:80` with one check. */
export function planRealServer(n: number, over: Partial<RealServer> = {}): RealServer {
  return {
    id: rsId(`10.0.0.${n}:80`),
    name: `[10.0.0.${n}]:tcp:80`,
    address: `10.0.0.${n}`,
    port: 80,
    weight: 1,
    forwarding: { kind: 'NAT' },
    upperThreshold: 0,
    lowerThreshold: 0,
    inhibitOnFailure: false,
    notifyUp: null,
    notifyDown: null,
    smtpAlert: true,
    checks: [planCheck(`check-${n}`)],
    unchecked: null,
    span: nowhere,
    ...over,
  };
}

/** A TCP virtual server on 10.0.0.1:80 with these real servers. */
export function planVirtualServer(
  realServers: readonly RealServer[],
  over: Partial<VirtualServer> = {},
): VirtualServer {
  return {
    id: vsId('tcp/10.0.0.1:80'),
    name: '[10.0.0.1]:tcp:80',
    target: { kind: 'address', address: '10.0.0.1', port: 80 },
    services: [{ kind: 'address', protocol: 'TCP', address: '10.0.0.1', port: 80 }],
    protocol: 'TCP',
    family: 'inet',
    scheduler: 'wlc',
    schedulerFlags: [],
    onePacket: false,
    persistence: null,
    forwarding: { kind: 'NAT' },
    alpha: false,
    omega: false,
    haSuspend: false,
    quorum: 1,
    hysteresis: 0,
    quorumUp: null,
    quorumDown: null,
    smtpAlert: false,
    sorryServer: null,
    realServers,
    span: nowhere,
    ...over,
  };
}
