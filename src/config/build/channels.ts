import type { AlertAbout, AlertChannel, ChannelPlan } from '../../model/alert.ts';
import type { Params } from '../../model/params.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { ConfigNode } from '../text/node.ts';
import { readValues } from '../values/values.ts';

const defaultTimeout = 10_000;

/** The channels of alerts among these lines of `checkalived { ... }`; one that cannot be used is reported and left out. */
export function buildChannels(
  nodes: readonly ConfigNode[],
  channels: readonly AlertChannel[],
  diagnostics: Diagnostics,
): readonly ChannelPlan[] {
  const byKeyword = new Map(channels.map(channel => [channel.keyword, channel]));
  const plans = new Map<string, ChannelPlan>();
  for (const node of nodes) {
    const channel = byKeyword.get(node.param.name);
    const id = channel && readId(node, diagnostics);
    if (!channel || !id) continue;
    if (plans.has(id)) {
      const message = `There are two blocks ${channel.keyword} of this name; the first one is used.`;
      diagnostics.report('repeated-name', node.keyword.span, message, 'Give one of them another name.');
      continue;
    }
    const plan = buildChannel(id, node, channel, diagnostics);
    if (plan) plans.set(id, plan);
  }
  return [...plans.values()];
}

function buildChannel(
  id: string,
  node: ConfigNode,
  channel: AlertChannel,
  diagnostics: Diagnostics,
): ChannelPlan | null {
  const values = readValues(node, rowsOf(node), diagnostics, () => false);
  const spec = channel.plan(values, (code, span, message, hint) =>
    diagnostics.report(code, span, `${message} ${id} is left out.`, hint),
  );
  if (spec === null) return null;
  return {
    id,
    keyword: channel.keyword,
    about: values.get<AlertAbout>('about') ?? channel.about,
    timeout: values.get<number>('timeout') ?? defaultTimeout,
    ca: values.get<string>('ca') ?? null,
    spec,
  };
}

/** `webhook:NAME`, as it stands in the log and in the outbox. */
function readId(node: ConfigNode, diagnostics: Diagnostics): string | null {
  const { name: keyword } = node.param;
  const [name, surplus] = node.words;
  const hint = `Write ${keyword} NAME { ... }, with letters, digits, dots, dashes and underscores.`;
  if (name === undefined) {
    diagnostics.report('missing-argument', node.keyword.span, `A ${keyword} has a name.`, hint);
    return null;
  }
  if (!/^[\w.-]{1,64}$/.test(name.text) || surplus !== undefined) {
    diagnostics.report('bad-value', name.span, `${keyword} has one name, of up to 64 plain letters.`, hint);
    return null;
  }
  return `${keyword}:${name.text}`;
}

function rowsOf({ param }: ConfigNode): Params {
  return param.type.kind === 'block' ? param.type.params : [];
}
