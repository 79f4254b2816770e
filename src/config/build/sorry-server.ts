import type { Values } from '../../model/params.ts';
import type { LbKind, SorryServer } from '../../model/server.ts';
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

function reportOrder({ nodes }: ConfigNode, diagnostics: Diagnostics): void {
  const first = nodes.findIndex(child => child.param.name === 'sorry_server');
  for (const [index, { param, keyword }] of nodes.entries()) {
    if (!param.name.startsWith('sorry_server_') || (first >= 0 && first < index)) continue;
    const message = `keepalived ignores ${param.name} here: no sorry_server stands before it.`;
    diagnostics.report('wrong-order', keyword.span, message, 'Move the line below sorry_server.');
  }
}
