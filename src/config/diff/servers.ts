import type { Config } from '../../model/config.ts';
import { formatEndpoint, formatService } from '../../model/endpoint.ts';
import { type HealthSettings, policyOf } from '../../model/health.ts';
import type { RealServer, VirtualServer } from '../../model/server.ts';
import { type Change, compareFields, type Field, matchByName, nothing } from './change.ts';
import { diffChecks } from './checks.ts';
import { showForwarding, showScript } from './values.ts';

type Policy = HealthSettings['policy'];
/** What a change of the table comes to, in each policy. */
type InTable = Readonly<Record<Policy, string>>;

const onNextChange = 'from the next change of state on';
const leftToKeepalived = 'keepalived writes the table: reload it too';
const editService: InTable = {
  manage: 'the service is edited in the table, connections stay',
  weights: 'mode weights does not write it',
  verdicts: leftToKeepalived,
};
const editDestination: InTable = {
  manage: 'written to the table at once if the real server is in it',
  weights: 'mode weights does not write it',
  verdicts: leftToKeepalived,
};
const followAtOnce: InTable = {
  manage: 'the table follows at once',
  weights: 'weights follow at once, of what is in the table',
  verdicts: leftToKeepalived,
};

/** What becomes of the virtual servers, their real servers and checks; the mode is that of the running agent. */
export function diffServers(before: Config, after: Config): readonly Change[] {
  const policy = policyOf(before.settings.ipvs);
  return matchByName(before.virtualServers, after.virtualServers, server => server.id).flatMap(([old, now]) => {
    if (old !== null && now !== null) return diffVirtualServer(old, now, policy);
    if (now !== null) return [addVirtualServer(now, policy)];
    return old === null ? [] : [removeVirtualServer(old, after, policy)];
  });
}

function diffVirtualServer(before: VirtualServer, after: VirtualServer, policy: Policy): readonly Change[] {
  const subject = { ...nothing, virtualServer: after.name };
  return [
    ...compareFields(subject, virtualServerFields(policy), before, after),
    ...matchByName(before.realServers, after.realServers, server => server.id).flatMap(([old, now]) => {
      if (old !== null && now !== null) return diffRealServer(after, old, now, policy);
      if (now !== null) return [addRealServer(after, now, policy)];
      return old === null ? [] : [removeRealServer(after, old, policy)];
    }),
  ];
}

function diffRealServer(
  virtualServer: VirtualServer,
  before: RealServer,
  after: RealServer,
  policy: Policy,
): readonly Change[] {
  const subject = { ...nothing, virtualServer: virtualServer.name, realServer: after.name };
  return [...compareFields(subject, realServerFields(policy), before, after), ...diffChecks(subject, before, after)];
}

function virtualServerFields(policy: Policy): readonly Field<VirtualServer>[] {
  return [
    { name: 'services', value: server => server.services.map(formatService), effect: followAtOnce[policy] },
    { name: 'lb_algo', value: server => server.scheduler, effect: editService[policy] },
    { name: 'scheduler flags', value: server => server.schedulerFlags, effect: editService[policy] },
    { name: 'ops', value: server => server.onePacket, effect: editService[policy] },
    {
      name: 'persistence_timeout',
      value: server => server.persistence?.timeout,
      effect: editService[policy],
    },
    {
      name: 'persistence_granularity',
      value: server => server.persistence?.granularity,
      effect: editService[policy],
    },
    { name: 'persistence_engine', value: server => server.persistence?.engine, effect: editService[policy] },
    {
      name: 'lb_kind',
      value: server => showForwarding(server.forwarding),
      effect: 'counts for real servers that have no lvs_method',
    },
    { name: 'quorum', value: server => server.quorum, effect: 'the quorum is judged anew at once' },
    { name: 'hysteresis', value: server => server.hysteresis, effect: 'the quorum is judged anew at once' },
    { name: 'sorry_server', value: showSorryServer, effect: followAtOnce[policy] },
    { name: 'ha_suspend', value: server => server.haSuspend, effect: 'within a second' },
    { name: 'omega', value: server => server.omega, effect: 'decides what is told at a stop' },
    { name: 'quorum_up', value: server => showScript(server.quorumUp), effect: onNextChange },
    { name: 'quorum_down', value: server => showScript(server.quorumDown), effect: onNextChange },
    { name: 'smtp_alert', value: server => server.smtpAlert, effect: onNextChange },
  ];
}

function realServerFields(policy: Policy): readonly Field<RealServer>[] {
  return [
    {
      name: 'weight',
      value: server => server.weight,
      effect: {
        manage: 'written to the table at once if the real server is in service',
        weights: 'written to the table at once if the real server is in service by a verdict',
        verdicts: leftToKeepalived,
      }[policy],
    },
    { name: 'lvs_method', value: server => showForwarding(server.forwarding), effect: editDestination[policy] },
    { name: 'uthreshold', value: server => server.upperThreshold, effect: editDestination[policy] },
    { name: 'lthreshold', value: server => server.lowerThreshold, effect: editDestination[policy] },
    {
      name: 'inhibit_on_failure',
      value: server => server.inhibitOnFailure,
      effect: {
        manage: followAtOnce.manage,
        weights: 'mode weights never removes a real server',
        verdicts: leftToKeepalived,
      }[policy],
    },
    { name: 'notify_up', value: server => showScript(server.notifyUp), effect: onNextChange },
    { name: 'notify_down', value: server => showScript(server.notifyDown), effect: onNextChange },
    { name: 'smtp_alert', value: server => server.smtpAlert, effect: onNextChange },
    {
      name: 'unchecked because',
      value: server => server.unchecked,
      effect: 'while there is a reason the real server is unknown, unless one of its checks says down',
    },
  ];
}

function addVirtualServer(server: VirtualServer, policy: Policy): Change {
  const waits = server.realServers.some(({ checks }) => checks.some(plan => plan.alpha));
  const effect = {
    manage: waits
      ? 'added to the table, and checked; real servers with alpha follow after their checks pass'
      : 'added to the table with its real servers, and checked',
    weights: 'checked; weights are written where it is in the table, after the first verdicts',
    verdicts: 'checked; value files are written after the first verdicts',
  }[policy];
  return {
    change: 'added',
    ...nothing,
    virtualServer: server.name,
    what: 'virtual_server',
    from: null,
    to: describeVirtualServer(server),
    effect,
    takesEffect: 'reload',
  };
}

function removeVirtualServer(server: VirtualServer, after: Config, policy: Policy): Change {
  const effect = {
    manage: `${describeDeparture(server, after)}; what was up is told as down`,
    weights: 'the table stays as it is; what was up is told as down',
    verdicts: 'value files stay as they are; what was up is told as down',
  }[policy];
  return {
    change: 'removed',
    ...nothing,
    virtualServer: server.name,
    what: 'virtual_server',
    from: describeVirtualServer(server),
    to: null,
    effect,
    takesEffect: 'reload',
  };
}

/** src/engine/agent.ts: a service that another virtual server has by then is not deleted. */
function describeDeparture({ services }: VirtualServer, after: Config): string {
  const kept = new Set(after.virtualServers.flatMap(server => server.services.map(formatService)));
  const staying = services.filter(service => kept.has(formatService(service)));
  if (staying.length === 0)
    return services.length === 1 ? 'its service leaves the table' : 'its services leave the table';
  if (staying.length === services.length) return 'its table goes to the virtual server that has the same service now';
  return 'of its services those leave the table that no other virtual server has now';
}

function addRealServer({ name }: VirtualServer, server: RealServer, policy: Policy): Change {
  return {
    change: 'added',
    ...nothing,
    virtualServer: name,
    realServer: server.name,
    what: 'real_server',
    from: null,
    to: describeRealServer(server),
    effect: describeArrival(server, policy),
    takesEffect: 'reload',
  };
}

/** src/health/real-server.ts:createRealServer. */
function describeArrival(server: RealServer, policy: Policy): string {
  if (server.checks.length === 0 && server.unchecked === null) return 'counts as up: it has no check';
  if (policy === 'verdicts') return 'its value file is written after the first verdict';
  if (policy === 'weights') return 'its weight is written after the first verdict, if it is in the table';
  return server.checks.some(plan => plan.alpha) ? 'in service after its checks pass (alpha)' : 'in service at once';
}

function removeRealServer({ name }: VirtualServer, server: RealServer, policy: Policy): Change {
  const effect = {
    manage: 'leaves the table; if it was in service it is told as down',
    weights: 'stays in the table as it is; if it was in service it is told as down',
    verdicts: 'its value file stays as it is; if it was in service it is told as down',
  }[policy];
  return {
    change: 'removed',
    ...nothing,
    virtualServer: name,
    realServer: server.name,
    what: 'real_server',
    from: describeRealServer(server),
    to: null,
    effect,
    takesEffect: 'reload',
  };
}

function describeVirtualServer({ scheduler, forwarding, realServers }: VirtualServer): string {
  const checks = realServers.reduce((sum, server) => sum + server.checks.length, 0);
  return `${scheduler} ${showForwarding(forwarding)}, ${count(realServers.length, 'real server')}, ${count(checks, 'check')}`;
}

function describeRealServer({ weight, forwarding, checks }: RealServer): string {
  const types = checks.length === 0 ? 'no check' : checks.map(plan => plan.type).join(', ');
  return `weight ${weight}, ${showForwarding(forwarding)}, ${types}`;
}

function showSorryServer({ sorryServer }: VirtualServer): string | null {
  if (sorryServer === null) return null;
  const { address, port, forwarding, inhibit } = sorryServer;
  return `${formatEndpoint(address, port)} ${showForwarding(forwarding)}${inhibit ? ', inhibit' : ''}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
