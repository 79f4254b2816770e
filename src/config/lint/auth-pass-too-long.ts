import type { LintRule } from './rule.ts';
import { exampleInstance } from './vrrp-example.ts';

/** The field of a VRRP packet. */
const maxBytes = 8;
const authentication = (password: string): readonly string[] => [
  'authentication {',
  'auth_type PASS',
  `auth_pass ${password}`,
  '}',
];

export const authPassTooLong: LintRule = {
  code: 'auth-pass-too-long',
  severity: 'warning',
  keepalived: true,
  meaning: 'An auth_pass has more than eight bytes: the rest does not count.',
  why: `A VRRP packet has room for eight bytes. keepalived cuts the password there, so it is weaker than it looks, and
everybody on the network can read it in the packets anyway.`,
  bad: { text: exampleInstance({ lines: authentication('correct-horse') }) },
  good: { text: exampleInstance({ lines: authentication('horse-42') }) },
  find({ nodesNamed, report }) {
    for (const node of nodesNamed('auth_pass')) {
      const [password] = node.words;
      const bytes = password === undefined ? 0 : new TextEncoder().encode(password.text).length;
      if (bytes <= maxBytes) continue;
      const message = `auth_pass has ${bytes} bytes; keepalived uses the first ${maxBytes} of them.`;
      report(node.keyword.span, message, `Write a password of at most ${maxBytes} bytes on every router.`);
    }
  },
};
