import { exampleService, exampleText } from './example.ts';
import type { LintRule } from './rule.ts';
import { exampleCheck, exampleGlobals, findScripts } from './scripts.ts';

const service = exampleService({ reals: exampleCheck('/usr/local/bin/check-web') });
const files = { '/usr/local/bin/check-web': { kind: 'file', mode: 0o755, uid: 0 } } as const;

export const scriptSecurity: LintRule = {
  code: 'script-security',
  severity: 'warning',
  keepalived: true,
  meaning: 'Scripts are configured without enable_script_security.',
  why: `Without enable_script_security a script that others than root may change is run all the same, and as root if
script_user does not say otherwise.`,
  bad: { text: service, files },
  good: { text: exampleText(exampleGlobals) + service, files },
  find({ config, scripts, files: host, report }) {
    if (config.globals.enableScriptSecurity) return;
    for (const { node, program } of findScripts({ scripts, config })) {
      // One that is missing does not count (keepalived core/notify.c:check_script_secure).
      if (program.startsWith('/') && host.stat(program)?.kind !== 'file') continue;
      const message = 'Scripts are configured, and enable_script_security is not set.';
      report(node.keyword.span, message, 'Write script_user USER and enable_script_security into global_defs.');
      return;
    }
  },
};
