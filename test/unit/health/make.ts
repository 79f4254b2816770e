// Short ways to plans, results and runs of the health core.
import { createState, type Step, step, type VsState } from '../../../src/health/step.ts';
import type { CheckPlan, CheckResult, FailureReason } from '../../../src/model/check.ts';
import type { Effect } from '../../../src/model/effect.ts';
import type { Event } from '../../../src/model/event.ts';
import type { HealthSettings } from '../../../src/model/health.ts';
import { checkerId, vsId } from '../../../src/model/ids.ts';
import type { DesiredService } from '../../../src/model/ipvs.ts';
import type { RealServer, Script, SorryServer, VirtualServer } from '../../../src/model/server.ts';
import type { Transition } from '../../../src/model/transition.ts';
import { planCheck, planRealServer, planVirtualServer } from '../../support/plans.ts';

const script = (name: string): Script => ({ argv: [name] });

export function makeCheck(id: string, fields: Partial<CheckPlan> = {}): CheckPlan {
  return planCheck(id, {
    type: 'TCP_CHECK',
    schedule: { kind: 'interval', every: 10_000 },
    delayBeforeRetry: 3_000,
    mail: { up: 'TCP CHECK succeed on service', down: 'TCP CHECK failed on service' },
    ...fields,
  });
}

/** Real server number n with one check, whose id is `cN`. */
export function makeRs(n: number, fields: Partial<RealServer> = {}): RealServer {
  const scripts = { notifyUp: script(`up${n}`), notifyDown: script(`down${n}`) };
  return planRealServer(n, { ...scripts, checks: [makeCheck(`c${n}`)], ...fields });
}

export function makeVs(realServers: readonly RealServer[], fields: Partial<VirtualServer> = {}): VirtualServer {
  return planVirtualServer(realServers, {
    id: vsId('tcp/192.0.2.1:80'),
    name: '[192.0.2.1]:tcp:80',
    target: { kind: 'address', address: '192.0.2.1', port: 80 },
    services: [{ kind: 'address', protocol: 'TCP', address: '192.0.2.1', port: 80 }],
    quorumUp: script('qup'),
    quorumDown: script('qdown'),
    smtpAlert: true,
    ...fields,
  });
}

export const sorry: SorryServer = { address: '10.0.0.99', port: 80, inhibit: false, forwarding: { kind: 'NAT' } };

export const settings: HealthSettings = {
  policy: 'manage',
  firstVerdict: 'retry',
  noCheckerEmails: false,
  rsInitNotifies: false,
};

export function passed(weight?: number): CheckResult {
  return weight === undefined ? { ok: true, took: 1, detail: '' } : { ok: true, took: 1, detail: '', weight };
}

export function failed(reason: FailureReason = 'refused'): CheckResult {
  return { ok: false, took: 1, reason, detail: `said ${reason}` };
}

/** Feeds events to one virtual server. By default every change of the table is acknowledged at once. */
export class Run {
  state: VsState;
  transitions: Transition[] = [];
  effects: Effect[] = [];
  last: Step | null = null;
  acknowledges = true;
  now = 1_000;

  constructor(plan: VirtualServer, fields: Partial<HealthSettings> = {}) {
    this.state = createState(plan, { ...settings, ...fields });
  }

  give(event: Event): Step {
    this.now += 1;
    this.last = step(this.state, event, this.now);
    const given = this.last;
    this.state = given.state;
    this.transitions.push(...given.transitions);
    this.effects.push(...given.effects);
    if (this.acknowledges && this.state.pending) {
      this.give({ type: 'ipvs-acked', change: this.state.pending.change });
      this.last = given;
    }
    return given;
  }

  start(remembered: (Event & { type: 'started' })['remembered'] = null): this {
    this.give({ type: 'started', remembered });
    return this;
  }

  pass(checker: string, weight?: number): Step {
    return this.give({ type: 'check-finished', checker: checkerId(checker), result: passed(weight) });
  }

  fail(checker: string, reason?: FailureReason): Step {
    return this.give({ type: 'check-finished', checker: checkerId(checker), result: failed(reason) });
  }

  ack(): Step {
    return this.give({ type: 'ipvs-acked', change: this.state.pending?.change ?? -1 });
  }

  refuse(): Step {
    return this.give({ type: 'ipvs-failed', change: this.state.pending?.change ?? -1, detail: 'no' });
  }

  /** Forgets what was told so far. */
  clear(): this {
    this.transitions = [];
    this.effects = [];
    return this;
  }

  /** Everything told, one line each; `ipvs` stands for a change of the table. */
  told(): string[] {
    return this.effects.filter(effect => effect.type !== 'alert').map(tellEffect);
  }

  /** Everything told to channels, one line each. */
  alerts(): string[] {
    return this.effects.filter(effect => effect.type === 'alert').map(tellEffect);
  }

  moves(): string[] {
    return this.transitions.map(({ object, from, to, reason }) => `${object} ${from}>${to} ${reason}`);
  }

  /** The last table asked for: `2=1` is weight 1 for 10.0.0.2. */
  asked(): string {
    const change = this.effects.filter(effect => effect.type === 'ipvs').at(-1);
    return change ? tableText(change.desired) : 'nothing';
  }
}

function tellEffect(effect: Effect): string {
  switch (effect.type) {
    case 'ipvs':
      return 'ipvs';
    case 'script':
      return `run ${effect.script.argv[0]}`;
    case 'fifo':
      return effect.line;
    case 'mail':
      return `mail ${effect.subject}: ${effect.body}`;
    case 'alert': {
      const { realServer, state, since, reason, detail } = effect;
      return `${realServer ?? 'quorum'} ${state} since ${since} ${reason}: ${detail}`;
    }
  }
}

/** `2=1 99=0`: last octet and weight of the destinations; one group for each service. */
export function tableText(table: readonly DesiredService[]): string {
  return table
    .map(({ absent, destinations }) =>
      absent ? 'absent' : destinations.map(entry => `${entry.address.split('.').at(-1)}=${entry.weight}`).join(' '),
    )
    .join(' | ');
}
