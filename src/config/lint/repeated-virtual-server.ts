import { formatService } from '../../model/endpoint.ts';
import type { VirtualServer } from '../../model/server.ts';
import { exampleService, tcpCheck } from './example.ts';
import type { LintRule } from './rule.ts';

const second = exampleService({ lines: ['protocol TCP'], reals: { '10.0.0.3 80': tcpCheck } });

export const repeatedVirtualServer: LintRule = {
  code: 'repeated-virtual-server',
  severity: 'warning',
  keepalived: false,
  meaning: 'Two virtual_servers are one kernel service.',
  why: `The kernel knows a service by protocol, address and port (or by its fwmark), and has one of a kind. What stands
in the second virtual_server about scheduler, quorum or scripts is lost; its real servers are added to the first. keepalived
lets both of them write to the same service, and each removes what the other has put there.`,
  bad: { text: exampleService() + second },
  good: { text: exampleService({ reals: { '10.0.0.2 80': tcpCheck, '10.0.0.3 80': tcpCheck } }) },
  find({ drafts, report }) {
    const owners = new Map<string, VirtualServer>();
    for (const server of drafts) {
      const keys = server.services.map(formatService);
      const taken = keys.filter(key => owners.has(key));
      const owner = owners.get(taken[0] ?? '');
      for (const key of keys) if (!owners.has(key)) owners.set(key, server);
      if (owner === undefined) continue;
      const { name, span } = server;
      const first = `${owner.name} on line ${owner.span.line}${owner.span.file === span.file ? '' : ` of ${owner.span.file}`}`;
      if (taken.length === keys.length) {
        const message = `${name} is the same kernel service as ${first}; its real servers are added there.`;
        report(span, message, 'Put the real servers into one virtual_server.');
      } else {
        const message = `${taken.length} of the ${keys.length} services of ${name} belong to ${first} already, and stay there.`;
        report(span, message, 'Name each address in one virtual_server only.');
      }
    }
  },
};
