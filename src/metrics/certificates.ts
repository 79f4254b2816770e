import type { VirtualServer } from '../model/server.ts';
import { catalogue } from './catalogue.ts';
import type { ServerTally } from './counters.ts';

/** Of each real server whose checks saw a certificate; `labels` are theirs, in the order of the plan. */
export function* formatCertificates(
  { failures }: ServerTally,
  plan: VirtualServer,
  labels: readonly string[],
): Generator<string> {
  const { name } = catalogue.certificateExpiry;
  for (const [index, { id }] of plan.realServers.entries()) {
    const certificates = failures.get(id)?.certificates;
    if (!certificates || certificates.size === 0) continue;
    yield `${name}{${labels[index]}} ${Math.min(...certificates.values()) / 1000}\n`;
  }
}
