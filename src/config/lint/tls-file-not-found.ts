import { exampleService, exampleText } from './example.ts';
import { childrenOf } from './nodes.ts';
import type { LintRule } from './rule.ts';

const names = ['certificate', 'key', 'ca'];
const files = {
  '/etc/keepalived/client.pem': { kind: 'file', mode: 0o644, uid: 0 },
  '/etc/keepalived/client.key': { kind: 'file', mode: 0o600, uid: 0 },
} as const;
const example = (key: string) => {
  const ssl = exampleText(['SSL {', 'certificate /etc/keepalived/client.pem', `key ${key}`, '}']);
  return { text: ssl + exampleService(), files };
};

export const tlsFileNotFound: LintRule = {
  code: 'tls-file-not-found',
  severity: 'warning',
  keepalived: false,
  meaning: 'A certificate, key or list of authorities for SSL_GET or a channel of alerts is not on this host.',
  why: `keepalived does not look for them when it tests a file, and then does not start to check. For checkalived an SSL_GET that needs such a file gives
no verdict until the file is there: the real server stays as it was; a channel of alerts cannot send. On another host than the director this is to be expected.`,
  bad: example('/etc/keepalived/clinet.key'),
  good: example('/etc/keepalived/client.key'),
  find({ nodesNamed, files: host, report }) {
    const channels = nodesNamed('checkalived').flatMap(({ nodes }) => nodes);
    const blocks = [...nodesNamed('SSL'), ...nodesNamed('SSL_GET'), ...channels];
    for (const node of blocks.flatMap(block => names.flatMap(name => childrenOf(block, name)))) {
      const [path] = node.words;
      if (path === undefined || host.stat(path.text)?.kind === 'file') continue;
      const message = `The ${node.param.name} ${path.text} is not on this host, or is no file.`;
      report(path.span, message, 'Correct the path, or put the file there.');
    }
  },
};
