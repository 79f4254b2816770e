import type { Values } from '../../model/params.ts';
import type { LbKind, RealServer, SorryServer } from '../../model/server.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { ConfigNode } from '../text/node.ts';
import { familyOf } from '../values/addresses.ts';
import type { Endpoint } from '../values/read-network.ts';
import type { ServerScope } from './real-server.ts';

/** The sorry server with its port: that of the virtual server unless NAT gives it its own. */
export function buildSorryServer(
  node: ConfigNode,
  values: Values,
  scope: ServerScope,
  diagnostics: Diagnostics,
): SorryServer | null {
  reportOrder(node, diagnostics);
  const endpoint = values.get<Endpoint>('sorry_server');
  if (endpoint === undefined) return null;
  const { address } = endpoint;
  const span = values.spanOf('sorry_server');
  const forwarding = values.get<LbKind>('sorry_server_lvs_method') ?? scope.forwarding;
  if (familyOf(address) !== scope.family && forwarding.kind !== 'TUN') {
    const message = `The sorry server ${address} is of another family than its virtual server, and is left out.`;
    diagnostics.report('family-mismatch', span, message, 'Write an address of the same family.', {
      severity: 'warning',
    });
    return null;
  }
  const written = endpoint.port ?? scope.port;
  const fixed = forwarding.kind !== 'NAT';
  const port = !fixed ? written : scope.fwmark ? 0 : scope.port || written;
  return { address, port, inhibit: values.has('sorry_server_inhibit'), forwarding };
}

/** A sorry server that is a real server too has its inhibit_on_failure (keepalived check/check_data.c:validate_check_config). */
export function alignInhibit(
  sorry: SorryServer | null,
  realServers: readonly RealServer[],
  values: Values,
  diagnostics: Diagnostics,
): SorryServer | null {
  const twin = realServers.find(real => real.address === sorry?.address && real.port === sorry.port);
  if (sorry === null || twin === undefined || twin.inhibitOnFailure === sorry.inhibit) return sorry;
  const message = `The sorry server is the real server ${twin.name}, and takes its inhibit_on_failure.`;
  const advice = 'Write sorry_server_inhibit and inhibit_on_failure both, or neither.';
  diagnostics.report('sorry-server-inhibit', values.spanOf('sorry_server'), message, advice);
  return { ...sorry, inhibit: twin.inhibitOnFailure };
}

function reportOrder({ nodes }: ConfigNode, diagnostics: Diagnostics): void {
  const first = nodes.findIndex(child => child.param.name === 'sorry_server');
  for (const [index, { param, keyword }] of nodes.entries()) {
    if (!param.name.startsWith('sorry_server_') || (first >= 0 && first < index)) continue;
    const message = `keepalived ignores ${param.name} here: no sorry_server stands before it.`;
    diagnostics.report('wrong-order', keyword.span, message, 'Move the line below sorry_server.');
  }
}
