import { formatEndpoint } from '../../model/endpoint.ts';
import { exampleService } from './example.ts';
import { childrenOf } from './nodes.ts';
import type { LintRule } from './rule.ts';

const example = (sorry: string) => exampleService({ lines: ['protocol TCP', `sorry_server ${sorry}`] });

export const sorryServerIsRealServer: LintRule = {
  code: 'sorry-server-is-real-server',
  severity: 'warning',
  keepalived: false,
  meaning: 'The sorry server is one of the real servers.',
  why: `The sorry server comes in when the real servers are down, and is not checked itself. If it is one of them, clients are
sent to a server that is known to be down; and as the kernel has each destination once, taking the sorry server out when the
others come back takes out the real server too.`,
  bad: { text: example('10.0.0.2 80') },
  good: { text: example('10.0.0.9 80') },
  find({ drafts, nodeAt, report }) {
    for (const { sorryServer, realServers, span, name } of drafts) {
      if (sorryServer === null) continue;
      const { address, port } = sorryServer;
      const same = realServers.find(real => real.address === address && real.port === port);
      if (same === undefined) continue;
      const message = `The sorry server ${formatEndpoint(address, port)} of ${name} is one of its real servers, on line ${same.span.line}.`;
      const advice = 'Name a server that has nothing else to do, such as one with a page that says sorry.';
      report(childrenOf(nodeAt(span), 'sorry_server').at(-1)?.words[0]?.span ?? span, message, advice);
    }
  },
};
