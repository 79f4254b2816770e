import type { Values } from '../../model/params.ts';
import type { Script, ScriptUser } from '../../model/server.ts';
import type { BfdInstance, TrackerWeight, TrackFile, TrackProcess, VrrpScript } from '../../model/trackers.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { ConfigNode } from '../text/node.ts';
import { readValue } from '../values/read-value.ts';
import { readName, readVrrpValues } from './vrrp-blocks.ts';

/** What instances and sync groups can track, as far as the file has been read; the first of a name is found. */
export interface Trackers {
  readonly scripts: Map<string, VrrpScript>;
  readonly files: Map<string, TrackFile>;
  readonly processes: Map<string, TrackProcess>;
  readonly bfd: Map<string, BfdInstance>;
}

const unweighted: TrackerWeight = { weight: 0, reverse: false };

/** `vrrp_script NAME { ... }`; null = of no use. */
export function buildScript(node: ConfigNode, diagnostics: Diagnostics): VrrpScript | null {
  const name = readName(node, 'any', diagnostics);
  if (name === null) return null;
  const values = readVrrpValues(node, diagnostics);
  const script = values.get<Script>('script');
  if (script === undefined) {
    const message = `vrrp_script ${name} has no script, and is left out.`;
    diagnostics.report('missing-keyword', node.keyword.span, message, 'Write script "/path/of/program argument ...".');
    return null;
  }
  const interval = values.get<number>('interval') ?? 1000;
  return {
    name,
    script,
    user: values.get<ScriptUser>('user') ?? null,
    interval,
    timeout: values.get<number>('timeout') ?? interval,
    weight: values.get<TrackerWeight>('weight') ?? unweighted,
    rise: values.get<number>('rise') ?? 1,
    fall: values.get<number>('fall') ?? 1,
    initFail: values.has('init_fail'),
    span: node.keyword.span,
  };
}

/** `track_file NAME { ... }`; null = of no use (keepalived trackers/track_file.c:track_file_end_handler). */
export function buildTrackFile(node: ConfigNode, diagnostics: Diagnostics): TrackFile | null {
  const name = readName(node, 'any', diagnostics);
  if (name === null) return null;
  if (node.param.name === 'vrrp_track_file') {
    const message = 'vrrp_track_file is an old name of track_file.';
    diagnostics.report('deprecated-keyword', node.keyword.span, message, 'Write track_file.', { keepalived: false });
  }
  const values = readVrrpValues(node, diagnostics);
  const path = values.get<string>('file');
  if (path === undefined) {
    const message = `${node.param.name} ${name} has no file, and is left out.`;
    diagnostics.report('missing-keyword', node.keyword.span, message, 'Write file PATH.');
    return null;
  }
  return {
    name,
    path,
    weight: readFirstWeight(node, { weight: 1, reverse: false }, diagnostics),
    init: values.get<TrackFile['init']>('init_file') ?? null,
    span: node.keyword.span,
  };
}

/** `vrrp_track_process NAME { ... }`; null = of no use. */
export function buildTrackProcess(node: ConfigNode, diagnostics: Diagnostics): TrackProcess | null {
  const name = readName(node, 'any', diagnostics);
  if (name === null) return null;
  const values = readVrrpValues(node, diagnostics);
  const [process, ...rest] = values.get<readonly string[]>('process') ?? [];
  if (process === undefined) {
    const message = `vrrp_track_process ${name} has no process, and is left out.`;
    diagnostics.report('missing-keyword', node.keyword.span, message, 'Write process NAME.');
    return null;
  }
  const match = values.get<'exact' | 'initial' | 'partial'>('param_match') ?? (rest.length > 0 ? 'exact' : null);
  const delay = values.get<number>('delay') ?? 0;
  return {
    name,
    process,
    arguments: rest,
    match,
    weight: readFirstWeight(node, unweighted, diagnostics),
    ...readQuorum(values, diagnostics),
    forkDelay: values.get<number>('fork_delay') ?? delay,
    terminateDelay: values.get<number>('terminate_delay') ?? delay,
    fullCommand: values.has('full_command') || match !== null,
    span: node.keyword.span,
  };
}

/** A weight that differs from what stands for none cannot be changed (keepalived trackers/track_file.c:track_file_weight_handler). */
function readFirstWeight(node: ConfigNode, none: TrackerWeight, diagnostics: Diagnostics): TrackerWeight {
  let weight = none;
  for (const line of node.nodes) {
    if (line.param.name !== 'weight') continue;
    if (weight.weight !== none.weight) {
      const message = `The weight is ${weight.weight} by the line above; this one is ignored.`;
      diagnostics.report('repeated-keyword', line.keyword.span, message, 'Remove one of the two.');
    } else weight = (readValue(line, { report: () => {}, strict: false }) as TrackerWeight | undefined) ?? weight;
  }
  return weight;
}

/** Whichever comes second is refused when they contradict each other; a quorum_max of 0 asks for no process at all. */
function readQuorum(values: Values, diagnostics: Diagnostics): Pick<TrackProcess, 'quorum' | 'quorumMax'> {
  const quorum = values.get<number>('quorum') ?? 1;
  const quorumMax = values.get<number>('quorum_max') ?? null;
  if (quorumMax === 0 && quorum === 1) return { quorum: 0, quorumMax };
  if (quorumMax === null || quorumMax >= quorum) return { quorum, quorumMax };
  const message = `quorum_max ${quorumMax} is below quorum ${quorum}.`;
  diagnostics.report('conflicting-keywords', values.spanOf('quorum_max'), message, 'Write a larger quorum_max.');
  return { quorum, quorumMax: null };
}
