import type { VirtualServerReading } from '../model/inspection.ts';
import type { VirtualServer } from '../model/server.ts';
import { catalogue } from './catalogue.ts';
import type { Counters } from './counters.ts';
import { formatHead } from './text.ts';

/** Of each real server whose checks saw a certificate; `labelsOf` gives their labels in the order of the plan. */
export function* formatCertificates(
  readings: readonly VirtualServerReading[],
  counters: Counters,
  labelsOf: (plan: VirtualServer) => readonly string[],
): Generator<string> {
  const { name } = catalogue.certificateExpiry;
  yield formatHead(catalogue.certificateExpiry);
  for (const { plan } of readings) {
    const tallies = counters.of(plan.id)?.failures;
    if (!tallies) continue;
    for (const [index, { id }] of plan.realServers.entries()) {
      const certificates = tallies.get(id)?.certificates;
      if (!certificates || certificates.size === 0) continue;
      yield `${name}{${labelsOf(plan)[index]}} ${Math.min(...certificates.values()) / 1000}\n`;
    }
  }
  yield '\n';
}
