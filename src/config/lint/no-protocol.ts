import { exampleService } from './example.ts';
import { childrenOf } from './nodes.ts';
import type { LintRule } from './rule.ts';

export const noProtocol: LintRule = {
  code: 'no-protocol',
  severity: 'warning',
  keepalived: true,
  meaning: 'A virtual_server has no protocol: it is UDP.',
  why: `Without a usable protocol line the service is made for UDP, while nearly every checker connects by TCP. Everything
looks healthy, and no client of the TCP service gets an answer.`,
  bad: { text: exampleService({ lines: [] }) },
  good: { text: exampleService() },
  find({ drafts, nodeAt, report }) {
    for (const { protocol, span, name } of drafts) {
      if (protocol !== 'UDP') continue;
      const written = childrenOf(nodeAt(span), 'protocol').map(node => node.words[0]?.text.toUpperCase());
      if (written.some(word => word === 'TCP' || word === 'UDP' || word === 'SCTP')) continue;
      const message = `${name} has no usable protocol, and so it is UDP.`;
      report(span, message, 'Write protocol TCP, UDP or SCTP.');
    }
  },
};
