import type { Word } from '../../model/params.ts';
import type { ConfigNode, ConfigTree } from '../text/node.ts';
import { exampleService, exampleText } from './example.ts';
import type { LintRule } from './rule.ts';

const example = exampleText(['track_file load {', 'file /run/load/web', '}']);
const text = example + exampleService({ reals: { '10.0.0.2 80': ['FILE_CHECK {', 'track_file load', '}'] } });
const folder = (mode: number) => ({ '/run/load': { kind: 'directory', mode, uid: 0 } }) as const;

const advice = 'Use a directory in which only those may write who may take a real server out.';

export const trackFileFolder: LintRule = {
  code: 'track-file-folder',
  severity: 'warning',
  keepalived: false,
  meaning:
    'The directory of a track_file that FILE_CHECK reads is not there, or everybody may write to it, or to track_dir.',
  why: `keepalived drops a track_file at its start when the directory is missing, and with it the check: the real server counts
as up. checkalived takes 0 and looks again on schedule. Where everybody may create files in the directory, everybody may drain a
real server or take it out.`,
  bad: { text, files: folder(0o777) },
  good: { text, files: folder(0o755) },
  find({ config, tree, files, report }) {
    const used = collectTracked(tree);
    for (const { name, path, span } of config.trackFiles) {
      if (!used.has(name)) continue;
      const directory = files.directoryOf(path);
      const stat = files.stat(directory);
      if (stat?.kind !== 'directory') {
        const message = `The directory ${directory} of track_file ${name} is not on this host.`;
        report(span, message, 'Create it before the start, at each boot where it is below /run.');
      } else if ((stat.mode & 0o002) !== 0) {
        const message = `Everybody may write to ${directory}, the directory of track_file ${name}.`;
        report(span, message, advice);
      }
    }
    // A directory that is missing is made by us.
    const own = findTrackDirectory(tree);
    const stat = config.settings.ipvs === 'trackfile' && own !== undefined ? files.stat(own.text) : null;
    if (own !== undefined && stat?.kind === 'directory' && (stat.mode & 0o002) !== 0)
      report(own.span, `Everybody may write to ${own.text}, where keepalived reads our verdicts.`, advice);
  },
};

function findTrackDirectory(tree: ConfigTree): Word | undefined {
  const settings = tree.filter(({ param }) => param.name === 'checkalived').flatMap(({ nodes }) => nodes);
  return settings.findLast(({ param }) => param.name === 'track_dir')?.words[0];
}

/** Names that stand behind track_file in a FILE_CHECK. */
function collectTracked(nodes: readonly ConfigNode[], inCheck = false, names = new Set<string>()): ReadonlySet<string> {
  for (const { param, words, nodes: inner } of nodes) {
    if (inCheck && param.name === 'track_file') names.add(words[0]?.text ?? '');
    collectTracked(inner, param.name === 'FILE_CHECK', names);
  }
  return names;
}
