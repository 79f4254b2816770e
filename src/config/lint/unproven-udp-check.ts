import { exampleService } from './example.ts';
import { childrenOf } from './nodes.ts';
import type { LintRule } from './rule.ts';

const example = (...lines: readonly string[]) => ({
  text: exampleService({
    head: '192.0.2.10 514',
    lines: ['protocol UDP'],
    reals: { '10.0.0.2 514': ['UDP_CHECK {', ...lines, '}'] },
  }),
});

export const unprovenUdpCheck: LintRule = {
  code: 'unproven-udp-check',
  severity: 'hint',
  keepalived: false,
  meaning: 'A UDP_CHECK without require_reply takes silence for success.',
  why: `Without require_reply a UDP_CHECK fails only where ICMP says that nobody listens, or that there is no way. A host that is switched off,
a firewall that drops packets and a server that hangs all pass, and each passing check of a server that says nothing takes all of connect_timeout. The
result says so (*unproven*). Some services never answer what they do not understand: then a payload that they do answer, or another checker, tells
more.`,
  bad: example(),
  good: example('payload 01', 'require_reply'),
  find({ nodesNamed, report }) {
    const [first, ...others] = nodesNamed('UDP_CHECK').filter(node => childrenOf(node, 'require_reply').length === 0);
    if (first === undefined) return;
    const more = others.length === 0 ? '' : ` (and ${others.length} more like it)`;
    report(
      first.keyword.span,
      `This UDP_CHECK${more} passes when nothing answers: it proves little.`,
      'Write a payload that the service answers, and require_reply.',
    );
  },
};
