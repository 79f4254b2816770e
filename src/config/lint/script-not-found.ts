import { exampleService, exampleText } from './example.ts';
import type { LintRule } from './rule.ts';
import { exampleCheck, exampleGlobals, findPrograms } from './scripts.ts';
import { isTrackScript } from './track-script-not-found.ts';

const globals = exampleText(exampleGlobals);
const files = { '/usr/local/bin/check-web': { kind: 'file', mode: 0o755, uid: 0 } } as const;

export const scriptNotFound: LintRule = {
  code: 'script-not-found',
  severity: 'warning',
  keepalived: false,
  meaning: 'A script is not on this host.',
  why: `keepalived starts without a word about it, and leaves the script out. For checkalived a MISC_CHECK that cannot be run has
failed: the real server is down. A notify script that is not there leaves the change untold. On another host than the
director this is to be expected.`,
  bad: { text: globals + exampleService({ reals: exampleCheck('/usr/local/bin/chek-web') }), files },
  good: { text: globals + exampleService({ reals: exampleCheck('/usr/local/bin/check-web') }), files },
  find({ config, scripts, files: host, report }) {
    for (const { node, program } of findPrograms({ scripts, config })) {
      if (isTrackScript(node.param.name)) continue;
      const stat = host.stat(program);
      if (stat?.kind === 'file') continue;
      const what = stat === null ? 'is not on this host' : 'is no file';
      const message = `The program ${program} of ${node.param.name} ${what}.`;
      report(node.words[0]?.span ?? node.keyword.span, message, 'Correct the path, or install the program.');
    }
  },
};
