import type { Diagnostics } from '../diagnostics.ts';
import type { FileReader } from '../file-reader.ts';
import type { ConfigNode, ConfigTree } from '../text/parser.ts';
import { readScript } from '../values/read-command.ts';

/**
 * Says which scripts are not on this host, and, once, that scripts run without enable_script_security. A script that
 * is missing does not count for that (keepalived core/notify.c:check_script_secure), and those of VRRP count only
 * beside a vrrp_instance (vrrp/vrrp.c:check_vrrp_script_security).
 */
export function reportScripts(tree: ConfigTree, secure: boolean, files: FileReader, diagnostics: Diagnostics): void {
  const instances = tree.some(node => node.param.name === 'vrrp_instance' && node.words.length === 1);
  let first: ConfigNode | null = null;
  for (const block of tree) {
    const ofVrrp = vrrpBlocks.has(block.param.name);
    const tracked = block.param.name === 'vrrp_script' && instances;
    for (const node of scriptsOf([block])) {
      const program = readScript(node, true, { report: () => {}, strict: false })?.argv[0];
      // `<PATH` only asks whether the file can be opened.
      if (program === undefined || /^<[ \t]*\//.test(program)) continue;
      if (program.startsWith('/') && files.stat(program)?.kind !== 'file') {
        const message = `The program ${program} of ${node.param.name} is not on this host.`;
        const span = node.words[0]?.span ?? node.keyword.span;
        const hint = 'Correct the path, or install the program.';
        diagnostics.report('script-not-found', span, message, hint, { keepalived: tracked });
      } else if (instances || !ofVrrp) first ??= node;
    }
  }
  if (secure || first === null) return;
  const message = 'Scripts are configured, and enable_script_security is not set.';
  const advice = 'Write script_user USER and enable_script_security into global_defs.';
  diagnostics.report('script-security', first.keyword.span, message, advice);
}

const vrrpBlocks: ReadonlySet<string> = new Set(['vrrp_instance', 'vrrp_sync_group', 'vrrp_script']);

function scriptsOf(nodes: readonly ConfigNode[]): readonly ConfigNode[] {
  return nodes.flatMap(node => (node.param.type.kind === 'script' ? [node] : scriptsOf(node.nodes)));
}
