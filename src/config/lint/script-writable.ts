import type { FileReader } from '../file-reader.ts';
import { exampleService, exampleText } from './example.ts';
import type { LintRule } from './rule.ts';
import { exampleCheck, exampleGlobals, findPrograms } from './scripts.ts';

const text = exampleText(exampleGlobals) + exampleService({ reals: exampleCheck('/usr/local/bin/check-web') });
const groupWrite = 0o020;
const otherWrite = 0o002;
/** In such a directory nobody can replace the file of another. */
const sticky = 0o1000;

export const scriptWritable: LintRule = {
  code: 'script-writable',
  severity: 'warning',
  keepalived: false,
  meaning: 'Others may write to a script or to a directory that it is in.',
  why: `Whoever can write to the script, or put another one in its place, has commands run on the director, often as root.
With enable_script_security such a script is not run at all where it would run as root; without it, it is.`,
  bad: { text, files: { '/usr/local/bin/check-web': { kind: 'file', mode: 0o777, uid: 0 } } },
  good: { text, files: { '/usr/local/bin/check-web': { kind: 'file', mode: 0o755, uid: 0 } } },
  find({ config, scripts, files, report }) {
    for (const { node, program } of findPrograms({ scripts, config })) {
      const weak = files.stat(program)?.kind === 'file' ? findWeakness(program, files) : null;
      if (weak === null) continue;
      const { path, by } = weak;
      const what = path === program ? `The program ${program}` : `The directory ${path} of ${program}`;
      const message = `${what} is writable for ${by}: who may write there decides what ${node.param.name} runs.`;
      report(node.words[0]?.span ?? node.keyword.span, message, `Run chmod go-w ${path}.`);
    }
  },
};

/** The outermost of a program and its directories that others may write to. */
function findWeakness(program: string, files: FileReader): { readonly path: string; readonly by: string } | null {
  const names = program.split('/').slice(1);
  for (const path of ['/', ...names.map((_, index) => `/${names.slice(0, index + 1).join('/')}`)]) {
    const stat = files.stat(path);
    if (stat === null || (stat.kind === 'directory' && (stat.mode & sticky) !== 0)) continue;
    if ((stat.mode & otherWrite) !== 0) return { path, by: 'everybody' };
    if ((stat.mode & groupWrite) !== 0) return { path, by: 'its group' };
  }
  return null;
}
