import { exampleText } from './example.ts';
import type { LintRule } from './rule.ts';
import { exampleGlobals, findScripts } from './scripts.ts';
import { exampleInstance } from './vrrp-example.ts';

const script = (path: string): string =>
  exampleText(exampleGlobals) +
  exampleText(['vrrp_script check_web {', `script ${path}`, '}']) +
  exampleInstance({ lines: ['track_script {', 'check_web', '}'] });
const files = { '/usr/local/bin/check-web': { kind: 'file', mode: 0o755, uid: 0 } } as const;

export const trackScriptNotFound: LintRule = {
  code: 'track-script-not-found',
  severity: 'warning',
  keepalived: true,
  meaning: 'The command of a vrrp_script is not on this host.',
  why: `keepalived switches such a vrrp_script off: what tracks it goes on as if it were not there, and never notices that
the service has failed. On another host than the router this is to be expected.`,
  bad: { text: script('/usr/local/bin/chek-web'), files },
  good: { text: script('/usr/local/bin/check-web'), files },
  find({ config, scripts, files: host, report }) {
    for (const { node, program } of findScripts({ scripts, config })) {
      if (!isTrackScript(node.param.name) || !program.startsWith('/') || host.stat(program)?.kind === 'file') continue;
      const message = `The program ${program} of a vrrp_script is not on this host: keepalived switches it off.`;
      report(node.words[0]?.span ?? node.keyword.span, message, 'Correct the path, or install the program.');
    }
  },
};

/** Only vrrp_script has a keyword of this name. */
export function isTrackScript(keyword: string): boolean {
  return keyword === 'script';
}
