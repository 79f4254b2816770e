import { exampleService, exampleText } from './example.ts';
import type { LintRule } from './rule.ts';
import { exampleCheck, exampleGlobals, findPrograms } from './scripts.ts';

const text = exampleText(exampleGlobals) + exampleService({ reals: exampleCheck('/usr/local/bin/check-web') });

export const scriptNotExecutable: LintRule = {
  code: 'script-not-executable',
  severity: 'warning',
  keepalived: false,
  meaning: 'A script has no execute bit.',
  why: `A program without an execute bit cannot be run by anybody, root included: a MISC_CHECK with it fails always, and a
notify script is never run. keepalived tests the configuration without a word and drops the script when it starts.`,
  bad: { text, files: { '/usr/local/bin/check-web': { kind: 'file', mode: 0o644, uid: 0 } } },
  good: { text, files: { '/usr/local/bin/check-web': { kind: 'file', mode: 0o755, uid: 0 } } },
  find({ config, scripts, files, report }) {
    for (const { node, program } of findPrograms({ scripts, config })) {
      const stat = files.stat(program);
      if (stat?.kind !== 'file' || (stat.mode & 0o111) !== 0) continue;
      const message = `The program ${program} of ${node.param.name} is not executable.`;
      report(node.words[0]?.span ?? node.keyword.span, message, `Run chmod a+x ${program}.`);
    }
  },
};
