import type { Values } from '../../model/params.ts';
import type { Family, LbKind, Protocol, ServiceKey, VirtualServer, VirtualServerTarget } from '../../model/server.ts';
import type { ConfigNode } from '../text/node.ts';
import { familyOf, parseAddress } from '../values/addresses.ts';
import { readValues } from '../values/values.ts';
import { affectsChecking, type BuildContext } from './context.ts';
import { commonPort, expandGroup } from './groups.ts';
import { buildRealServer, type ServerScope } from './real-server.ts';
import { readPersistence, readScheduler } from './scheduling.ts';
import { readNotify } from './scripts.ts';
import { alignInhibit, buildSorryServer } from './sorry-server.ts';
import { readSynonyms } from './synonyms.ts';
import { type GroupUses, makeVsId, nameVirtualServer, readTarget } from './vs-target.ts';

/** Builds one virtual server with its real servers and the quorum as written, or null when nothing can be made of it (that is reported). */
export function buildVirtualServer(node: ConfigNode, context: BuildContext, uses: GroupUses): VirtualServer | null {
  const { diagnostics, tables, smtpAlert } = context;
  const target = readTarget(node, context, uses);
  if (target === null) return null;
  const errors = diagnostics.errors().length;
  const values = readValues(node, tables.virtualServer, diagnostics, affectsChecking, 'without blocks');
  const fault = diagnostics.errors()[errors]?.message ?? null;
  const realNodes = node.nodes.filter(child => child.param.name === 'real_server');

  const protocol = readProtocol(target, values, context);
  const family = readFamily(target, realNodes, values, context);
  const services = makeServices(target, protocol, family, context);
  const name = nameVirtualServer(target, protocol);
  const forwarding = readForwarding(node, values, name, context);
  const id = makeVsId(target, protocol, family);
  const scope: ServerScope = {
    id,
    named: context.named.get(node) ?? { trackFiles: new Set(), bfdInstances: new Set() },
    protocol,
    family,
    forwarding,
    values,
    fault,
    port: portOf(target, context),
    fwmark: target.kind === 'fwmark' || services.every(service => service.kind === 'fwmark'),
  };
  const realServers = [];
  const seen = new Set<string>();
  for (const realNode of realNodes) {
    const real = buildRealServer(realNode, scope, context);
    if (real === null) continue;
    if (seen.has(real.id)) {
      const message = `${real.name} stands twice in ${name}; the second is left out.`;
      diagnostics.report('repeated-real-server', real.span, message, 'Remove it, or give it another port.');
      continue;
    }
    seen.add(real.id);
    realServers.push(real);
  }
  return {
    id,
    name,
    target,
    services,
    protocol,
    family,
    ...readScheduler(node, values, name, diagnostics),
    onePacket: readOnePacket(target, protocol, values, context),
    persistence: readPersistence(values, services, family, name, diagnostics),
    forwarding,
    alpha: values.has('alpha'),
    omega: values.has('omega'),
    haSuspend: readHaSuspend(target, values, context),
    quorum: values.get<number>('quorum') ?? 1,
    hysteresis: values.get<number>('hysteresis') ?? 0,
    quorumUp: readNotify(node, values, 'quorum_up'),
    quorumDown: readNotify(node, values, 'quorum_down'),
    smtpAlert: values.get<boolean>('smtp_alert') ?? smtpAlert.checker ?? smtpAlert.all ?? false,
    sorryServer: alignInhibit(buildSorryServer(node, values, scope, diagnostics), realServers, values, diagnostics),
    realServers,
    span: node.keyword.span,
  };
}

function readProtocol(
  target: VirtualServerTarget,
  values: Values,
  { diagnostics, groups }: BuildContext,
): Protocol | null {
  const written = values.get<Protocol>('protocol');
  if (target.kind === 'fwmark') {
    if (written !== undefined) {
      const message = 'A fwmark service has no protocol; this line is ignored.';
      diagnostics.report('fwmark-protocol', values.spanOf('protocol'), message, 'Remove the line.');
    }
    return null;
  }
  if (written !== undefined) return written;
  const group = target.kind === 'group' ? groups.get(target.group) : undefined;
  if (group?.entries.every(entry => entry.kind === 'fwmark')) return null;
  return 'UDP';
}

/** From the address; for a fwmark or a group ip_family decides, else the first address that is written. */
function readFamily(
  target: VirtualServerTarget,
  realNodes: readonly ConfigNode[],
  values: Values,
  { diagnostics, groups }: BuildContext,
): Family {
  const written = values.get<Family>('ip_family');
  if (target.kind === 'address') {
    const family = familyOf(target.address);
    if (written !== undefined && written !== family) {
      const message = `ip_family ${written} does not go with the address ${target.address}; it is ignored.`;
      diagnostics.report('family-mismatch', values.spanOf('ip_family'), message, 'Remove the line.', {
        severity: 'warning',
      });
    }
    return family;
  }
  const entries = target.kind === 'group' ? (groups.get(target.group)?.entries ?? []) : [];
  const inAddresses = entries.find(entry => entry.kind === 'addresses')?.family;
  const inReals = realNodes
    .map(node => parseAddress(node.words[0]?.text ?? '')?.family)
    .find(family => family !== undefined);
  const inMarks = entries.find(entry => entry.family !== null)?.family;
  return written ?? inAddresses ?? inReals ?? inMarks ?? 'inet';
}

function makeServices(
  target: VirtualServerTarget,
  protocol: Protocol | null,
  family: Family,
  { groups }: BuildContext,
): readonly ServiceKey[] {
  switch (target.kind) {
    case 'address':
      return [{ kind: 'address', protocol: protocol ?? 'UDP', address: target.address, port: target.port }];
    case 'fwmark':
      return [{ kind: 'fwmark', fwmark: target.fwmark, family }];
    case 'group': {
      const group = groups.get(target.group);
      return group === undefined ? [] : expandGroup(group, protocol ?? 'UDP', family);
    }
  }
}

function portOf(target: VirtualServerTarget, { groups }: BuildContext): number {
  if (target.kind === 'address') return target.port;
  const group = target.kind === 'group' ? groups.get(target.group) : undefined;
  return group === undefined ? 0 : commonPort(group);
}

function readForwarding(node: ConfigNode, values: Values, name: string, { diagnostics }: BuildContext): LbKind {
  const forwarding = readSynonyms<LbKind>(node, values, ['lb_kind', 'lvs_method']);
  if (forwarding !== undefined) return forwarding;
  // keepalived check_data.c:validate_check_config misses it only for a server that has no method of its own.
  const lacksMethod = node.nodes.some(
    child => child.param.name === 'real_server' && !child.nodes.some(({ param }) => param.name === 'lvs_method'),
  );
  const sorryLacksMethod = values.has('sorry_server') && !values.has('sorry_server_lvs_method');
  if (!lacksMethod && !sorryLacksMethod) return { kind: 'NAT' };
  const message = `${name} has no usable lb_kind, and so it forwards by NAT.`;
  diagnostics.report('default-assumed', node.keyword.span, message, 'Write lb_kind NAT, DR or TUN.');
  return { kind: 'NAT' };
}

/** keepalived check_data.c:validate_check_config: without an address there is nothing to wait for. */
function readHaSuspend(target: VirtualServerTarget, values: Values, { diagnostics, groups }: BuildContext): boolean {
  if (!values.has('ha_suspend')) return false;
  const entries = target.kind === 'group' ? (groups.get(target.group)?.entries ?? []) : [];
  if (target.kind !== 'fwmark' && !entries.some(entry => entry.kind === 'fwmark')) return true;
  const message = 'A fwmark service has no virtual address to wait for; ha_suspend is ignored.';
  diagnostics.report('ha-suspend-fwmark', values.spanOf('ha_suspend'), message, 'Remove the line.');
  return false;
}

function readOnePacket(
  target: VirtualServerTarget,
  protocol: Protocol | null,
  values: Values,
  { diagnostics }: BuildContext,
): boolean {
  if (!values.has('ops')) return false;
  if (protocol === 'UDP' || target.kind === 'fwmark' || protocol === null) return true;
  const message = 'One-packet scheduling is for UDP; ops is ignored.';
  diagnostics.report('ops-needs-udp', values.spanOf('ops'), message, 'Remove the line.');
  return false;
}
