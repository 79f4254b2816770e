import type { Diagnostics } from '../diagnostics.ts';
import type { FileReader } from '../file-reader.ts';
import type { ConfigNode, ConfigTree } from '../text/node.ts';
import { readScript } from '../values/read-command.ts';

/**
 * Says which scripts are not on this host, and, once, that scripts run without enable_script_security. A script that
 * is missing does not count for that (keepalived core/notify.c:check_script_secure).
 */
export function reportScripts(tree: ConfigTree, secure: boolean, files: FileReader, diagnostics: Diagnostics): void {
  let first: ConfigNode | null = null;
  for (const node of scriptsOf(tree)) {
    const program = readScript(node, true, { report: () => {}, strict: false })?.argv[0];
    if (program === undefined) continue;
    if (program.startsWith('/') && files.stat(program)?.kind !== 'file') {
      const message = `The program ${program} of ${node.param.name} is not on this host.`;
      const span = node.words[0]?.span ?? node.keyword.span;
      diagnostics.report('script-not-found', span, message, 'Correct the path, or install the program.');
    } else first ??= node;
  }
  if (secure || first === null) return;
  const message = 'Scripts are configured, and enable_script_security is not set.';
  const advice = 'Write script_user USER and enable_script_security into global_defs.';
  diagnostics.report('script-security', first.keyword.span, message, advice);
}

function scriptsOf(nodes: readonly ConfigNode[]): readonly ConfigNode[] {
  return nodes.flatMap(node => (node.param.type.kind === 'script' ? [node] : scriptsOf(node.nodes)));
}
