import type { CheckContext, Checker, CheckResult } from '../src/model/check.ts';
import type { Connection, PeerCertificate, TlsOptions } from '../src/model/ports.ts';
import type { EpochMs } from '../src/model/time.ts';
import { type Begin, checkByBeginning } from './begin.ts';
import { firstEnd, tellEnd } from './certificate-expiry.ts';
import { type ConnectionSpec, connectParams, planConnection } from './connect-params.ts';
import { type BeginContext, beginExchange, type Dialogue, exchange, type Verdict } from './exchange.ts';
import { createTcpDialogue, type TcpMemory } from './tcp-dialogue.ts';
import { stepParams, tlsParams } from './tcp-params.ts';
import { describeStep, planSteps, type TalkStep, type TcpStep } from './tcp-steps.ts';
import { planSessionReuse } from './tls-params.ts';

/** Without steps and TLS no more than the connection, so that the check keeps its identity. */
export interface TcpSpec extends ConnectionSpec {
  /** How TLS is spoken, wherever it is. */
  readonly tls?: TlsOptions;
  readonly startsWith?: 'TLS';
  readonly steps?: readonly TcpStep[];
}
/** One connection of a check. */
interface Stage {
  readonly port: number;
  /** The step that opens it; null = the connection that every check has. */
  readonly opening: TcpStep | null;
  readonly steps: readonly TalkStep[];
  /** Steps of the block before the first of `steps`. */
  readonly before: number;
}

const noServerName: TlsOptions = { serverName: null };

/** Passes when the connection is made, or when the steps of a dialogue were gone through. */
export const tcp: Checker<TcpSpec> = {
  keyword: 'TCP_CHECK',
  doc: 'Connects to the real server; a connection made is a check passed. With steps it goes through a dialogue, in the order in which they are written.',
  params: [...connectParams, ...tlsParams, ...stepParams],
  defaultRetry: 1,
  defaultDelayBeforeRetry: 1000,
  pace: 'end',
  mail: { up: 'TCP CHECK succeed on service', down: 'TCP CHECK failed on service' },
  plan(values, target, report) {
    const connection = planConnection(values, target, report);
    const steps = planSteps(values, target, report);
    if (connection === null || steps === null) return [];
    const startsWith = values.get<boolean>('tls') === true ? 'TLS' : null;
    const tls = { serverName: values.get<string>('sni_name') ?? null, ...planSessionReuse(values) };
    const speaksTls = startsWith !== null || steps.some(({ kind }) => kind === 'starttls');
    if (tls.serverName !== null && !speaksTls) {
      report('warning', 'sni-alone', 'sni_name has no effect without TLS', values.spanOf('sni_name'), 'write tls');
    }
    return [
      {
        ...connection,
        ...(speaksTls && { tls }),
        ...(startsWith && { startsWith }),
        ...(steps.length > 0 && { steps }),
      },
    ];
  },
  check: (spec, context) => (isSimple(spec) ? connect(spec, context) : converseInStages(spec, context)),
  // Most checks by far: nothing is built for steps that are not there.
  begin: (spec, context, receiver) => (isSimple(spec) ? beginConnecting(spec, context, receiver) : null),
  peer: spec => spec,
  // Each connection, and as long again for its steps if there is something to wait for.
  longest: spec => stagesOf(spec).reduce((sum, { steps }) => sum + spec.timeout * (steps.some(waits) ? 2 : 1), 0),
};

const isConnected: Verdict = { ok: true, detail: 'connected' };
const justConnect: Dialogue = { opened: () => isConnected };
const beginConnecting: Begin<TcpSpec, BeginContext> = (spec, context, receiver) =>
  beginExchange({ connection: spec, tls: 'never' }, justConnect, context, receiver);
const connect = checkByBeginning(beginConnecting);

function isSimple({ steps, startsWith }: TcpSpec): boolean {
  return steps === undefined && startsWith === undefined;
}

async function converseInStages(spec: TcpSpec, context: CheckContext): Promise<CheckResult> {
  const memory: TcpMemory = { groups: [] };
  let took = 0;
  let ends: EpochMs | null = null;
  let last: CheckResult | null = null;
  const saw = (certificate: PeerCertificate): void => {
    ends = firstEnd(ends, certificate);
  };
  for (const stage of stagesOf(spec)) {
    last = await converse(spec, stage, memory, saw, context);
    took += last.took;
    if (!last.ok) break;
  }
  if (last === null) throw new Error('there is at least one connection');
  return { ...last, took, ...tellEnd(ends) };
}

/** The steps cut at each `connect`. */
function stagesOf({ port, steps = [] }: TcpSpec): readonly Stage[] {
  const stages: Stage[] = [];
  let stage: Stage & { steps: TalkStep[] } = { port, opening: null, steps: [], before: 0 };
  for (const [index, step] of steps.entries()) {
    if (step.kind !== 'connect') stage.steps.push(step);
    else {
      if (index > 0) stages.push(stage);
      stage = { port: step.port, opening: step, steps: [], before: index + 1 };
    }
  }
  return [...stages, stage];
}

async function converse(
  { tls = noServerName, startsWith, steps, ...connection }: TcpSpec,
  { port, opening, steps: own, before }: Stage,
  memory: TcpMemory,
  saw: (certificate: PeerCertificate) => void,
  context: CheckContext,
): Promise<CheckResult> {
  const { groups } = memory;
  let dialogue = createTcpDialogue(own, tls, context.patterns, memory);
  let open: Connection | null = null;
  let certificate: PeerCertificate | null = null;
  const watch = (): Dialogue => ({
    ...dialogue,
    opened(connected) {
      open = connected;
      certificate = connected.certificate();
      return dialogue.opened(connected);
    },
    again() {
      memory.groups = groups;
      dialogue = createTcpDialogue(own, tls, context.patterns, memory);
      open = null;
      certificate = null;
      return watch();
    },
  });
  const target = { connection: { ...connection, port }, tls: startsWith === 'TLS' ? tls : null };
  const result = await exchange(target, watch(), context);
  // For the compiler nobody but we have been here.
  const shown = certificate as PeerCertificate | null;
  if (shown) saw(shown);
  if (result.ok) {
    const done = steps === undefined ? 'connected' : `${steps.length} step${steps.length === 1 ? '' : 's'} passed`;
    return {
      ...result,
      detail: `${done}${shown ? `, certificate valid for ${daysUntil(shown.validTo, context)} days` : ''}`,
    };
  }
  const at = open === null ? before - 1 : before + dialogue.at();
  const step = open === null ? opening : own[dialogue.at()];
  if (!step) return result;
  const heard = dialogue.heard();
  const came = open === null ? '' : heard === '' ? '; nothing came' : `; came ${heard}`;
  return { ...result, detail: `step ${at + 1}, ${describeStep(step)}: ${result.detail}${came}` };
}

function waits(step: TalkStep): boolean {
  return step.kind !== 'send';
}

function daysUntil(time: EpochMs, { clock }: CheckContext): number {
  return Math.floor((time - clock.wall()) / 86_400_000);
}
