import { formatEndpoint } from '../../model/endpoint.ts';
import { rsId, type VsId } from '../../model/ids.ts';
import type { Values } from '../../model/params.ts';
import { type Family, type LbKind, maxWeight, type Protocol, type RealServer } from '../../model/server.ts';
import type { NamedBefore } from '../keywords/refused-checkers.ts';
import type { ConfigNode } from '../text/node.ts';
import { familyOf } from '../values/addresses.ts';
import { type Endpoint, readEndpoint } from '../values/read-network.ts';
import { readValues } from '../values/values.ts';
import { buildChecks } from './checks.ts';
import { affectsChecking, type BuildContext } from './context.ts';
import { readNotify } from './scripts.ts';
import { nameServer } from './vs-target.ts';

/** What a real server takes from its virtual server. */
export interface ServerScope {
  readonly id: VsId;
  readonly named: NamedBefore;
  readonly protocol: Protocol | null;
  readonly family: Family;
  readonly forwarding: LbKind;
  /** Of the service; 0 = all ports, a fwmark, or a group with several. */
  readonly port: number;
  readonly fwmark: boolean;
  readonly values: Values;
  /** An error in what the checks inherit. */
  readonly fault: string | null;
}

/** Builds one real server, or null when it has no usable address (that is reported). */
export function buildRealServer(node: ConfigNode, scope: ServerScope, context: BuildContext): RealServer | null {
  const { diagnostics, tables, smtpAlert } = context;
  const errors = diagnostics.errors().length;
  const endpoint = readAddress(node, context);
  if (endpoint === null) return null;
  const values = readValues(node, tables.realServer, diagnostics, affectsChecking, 'without blocks');
  const forwarding = values.get<LbKind>('lvs_method') ?? scope.forwarding;
  if (familyOf(endpoint.address) !== scope.family && forwarding.kind !== 'TUN') {
    const message = `${endpoint.address} is of another family than its virtual server, and is left out.`;
    diagnostics.report(
      'family-mismatch',
      node.keyword.span,
      message,
      'Write an address of the same family, or lvs_method TUN.',
    );
    return null;
  }
  const ports = settlePorts(endpoint, forwarding, scope);
  const id = rsId(formatEndpoint(endpoint.address, ports.table));
  const target = { id, address: endpoint.address, port: ports.check };
  const checks = buildChecks(node, target, values, scope, context);
  const asked = checks.length > 0 || node.nodes.some(child => isChecker(child.param.name, context));
  const fault = node.fault ?? diagnostics.errors()[errors]?.message ?? (asked ? scope.fault : null);
  return {
    id,
    name: nameServer(endpoint.address, scope.protocol, ports.table),
    address: endpoint.address,
    port: ports.table,
    weight: readWeight(values, scope, context),
    forwarding,
    upperThreshold: values.get<number>('uthreshold') ?? 0,
    lowerThreshold: values.get<number>('lthreshold') ?? 0,
    inhibitOnFailure: values.get<boolean>('inhibit_on_failure') ?? scope.values.has('inhibit_on_failure'),
    notifyUp: readNotify(node, values, 'notify_up'),
    notifyDown: readNotify(node, values, 'notify_down'),
    smtpAlert: values.get<boolean>('smtp_alert') ?? smtpAlert.checker ?? smtpAlert.all ?? true,
    checks,
    unchecked: fault,
    span: node.keyword.span,
  };
}

function readAddress(node: ConfigNode, { diagnostics }: BuildContext): Endpoint | null {
  if (node.words.length > 0) {
    return readEndpoint(node.words.slice(0, 2), 'real_server', { report: diagnostics.report, strict: true });
  }
  const message = 'real_server lacks its address.';
  diagnostics.report('missing-argument', node.keyword.span, message, 'Write real_server IP PORT {.', {
    severity: 'error',
  });
  return null;
}

/**
 * The port in the table and the port to check. DR and TUN leave the port of a packet alone, so the table has the
 * service's port and the check follows; for a fwmark or all ports the table has 0 and the check the port that was
 * written (keepalived check/check_data.c:validate_check_config, which does not tell its checkers).
 */
function settlePorts(
  { port }: Endpoint,
  forwarding: LbKind,
  scope: ServerScope,
): { readonly table: number; readonly check: number } {
  const written = port ?? 0;
  if (forwarding.kind === 'NAT') return { table: written || scope.port, check: written || scope.port };
  if (scope.port !== 0) return { table: scope.port, check: scope.port };
  if (scope.id.startsWith('group/') && !scope.fwmark) return { table: written, check: written };
  return { table: 0, check: written };
}

function readWeight(values: Values, scope: ServerScope, { diagnostics }: BuildContext): number {
  const source = values.has('weight') ? values : scope.values;
  const weight = source.get<number>('weight') ?? 1;
  if (weight <= maxWeight) return weight;
  const message = `The weight ${weight} is taken as ${maxWeight}, the most that the kernel takes.`;
  diagnostics.report('weight-changed', source.spanOf('weight'), message, `Write a weight from 0 to ${maxWeight}.`);
  return maxWeight;
}

function isChecker(name: string, { checkers, tables }: BuildContext): boolean {
  return checkers.has(name) || tables.refused.has(name);
}
