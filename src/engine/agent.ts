import { desiredTable } from '../health/desired.ts';
import { tellGone } from '../health/farewell.ts';
import { remember } from '../health/remember.ts';
import { createState, step, type VsState } from '../health/step.ts';
import type { Alert } from '../model/alert.ts';
import type { CheckContext, Checker, CheckResult } from '../model/check.ts';
import type { Config } from '../model/config.ts';
import { formatService } from '../model/endpoint.ts';
import type { Event, Remembered } from '../model/event.ts';
import type { VsId } from '../model/ids.ts';
import type { Inspection, UnjudgedCheck } from '../model/inspection.ts';
import type { DesiredService, IpvsDriver } from '../model/ipvs.ts';
import type { Meter } from '../model/observer.ts';
import type { Calendar, LocalAddresses, Log, Random } from '../model/ports.ts';
import type { ServiceKey, VirtualServer } from '../model/server.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Store } from '../model/store.ts';
import type { Cancel, EpochMs, Ms } from '../model/time.ts';
import { repeat, waitUntil } from '../model/timing.ts';
import { type Announcement, Announcer, type Announcers } from './announcer.ts';
import { CheckRunner } from './check-runner.ts';
import { type CheckEntry, CheckTable } from './check-table.ts';
import type { Deliverer } from './deliverer.ts';
import { describeCheck, tellTransition } from './describe.ts';
import { firstRunWithin } from './first-run.ts';
import { warnOfFixedSettings } from './fixed-settings.ts';
import { inspectServers } from './inspect.ts';
import { IpvsWriter, type QueuedChange } from './ipvs-writer.ts';
import { NoVerdicts } from './no-verdicts.ts';
import { listOutages } from './outages.ts';
import { healthSettingsOf, outletsOf } from './settings-of.ts';
import { createSnapshot } from './snapshot.ts';
import { tellResult } from './tell-result.ts';
import { listUnjudged } from './unjudged.ts';

export interface AgentModules {
  readonly checkers: readonly Checker[];
  readonly context: Omit<CheckContext, 'signal'>;
  readonly driver: IpvsDriver;
  readonly store: Store;
  readonly meter: Meter;
  readonly announcers: Announcers;
  readonly mailer: Deliverer & { waiting(): number };
  /** `waiting` by channel. */
  readonly channels: Deliverer & { waiting(): ReadonlyMap<string, number> };
  readonly calendar: Calendar;
  readonly localAddresses: LocalAddresses;
  readonly random: Random;
  readonly newId: () => string;
  readonly log: Log;
}

/** How often ha_suspend looks whether the virtual addresses are here, and the store hears that we live. */
const pulse: Ms = 1_000;
const hour: Ms = 3_600_000;
/** Of the store: not among the first checks, and not later than the next start may be. */
const firstUpkeep: Ms = 60_000;
/** All of a stop happens within 2 s; what is still under way then is left. */
const stopLimit: Ms = 1_500;

/** The agent: checks, decides through the pure health core, and carries out what it says. */
export class Agent {
  readonly #version: string;
  readonly #modules: AgentModules;
  readonly #checks: CheckTable;
  readonly #runner: CheckRunner;
  readonly #writer: IpvsWriter;
  readonly #announcer: Announcer;
  readonly #noVerdicts: NoVerdicts;
  readonly #states = new Map<VsId, VsState>();
  /** Virtual servers of which something changed that concerns nobody else since the store heard of them. */
  readonly #dirty = new Set<VsId>();
  readonly #timers: Cancel[] = [];
  /** Changes are numbered through all lives of a virtual server's name: a late answer is for whoever asked. */
  #lastChange = 0;
  #config: Config;
  #startedAt: EpochMs = 0;
  #started = false;
  #stopping = false;

  constructor(options: { readonly config: Config; readonly version: string }, modules: AgentModules) {
    this.#version = options.version;
    this.#config = options.config;
    this.#modules = modules;
    const { driver, store, meter, log, announcers, newId } = modules;
    const { clock } = modules.context;
    this.#checks = new CheckTable(check => [store.observe(check), meter.observe(check)]);
    this.#runner = new CheckRunner({
      ...modules,
      table: this.#checks,
      finished: (entry, result, time) => this.#finished(entry, result, time),
      started: lag => meter.started(lag),
      overran: () => meter.overran(),
    });
    this.#writer = new IpvsWriter({
      driver,
      clock,
      log,
      isBehind: () => this.#runner.isBehind(),
      audit: () => this.#wanted(),
    });
    this.#noVerdicts = new NoVerdicts({ clock, log });
    this.#announcer = new Announcer({ store, clock, log, newId, announcers, outlets: () => outletsOf(this.#config) });
  }

  /**
   * Reads what the last life left, asserts the table, and begins to check. Rejects when IPVS cannot be used.
   * @param programStartedAt on the clock; left out: now
   */
  async start(programStartedAt: Ms = this.#modules.context.clock.now()): Promise<void> {
    const { clock } = this.#modules.context;
    const { driver, store, log } = this.#modules;
    const { globals, settings } = this.#config;
    this.#startedAt = clock.wall();
    await this.#writer.open();
    if (globals.lvsFlush && settings.ipvs === 'manage') await driver.flush();
    if (globals.lvsTimeouts && settings.ipvs === 'manage') await driver.setTimeouts(globals.lvsTimeouts);
    const recollection = await store.open();
    for (const deliverer of this.#deliverers()) deliverer.resume(recollection.notifications);
    this.#announcer.resume(recollection.notifications);
    for (const vs of this.#config.virtualServers) this.#begin(vs, recollection.virtualServers.get(vs.id) ?? null);
    this.#forgetLeft(recollection.virtualServers);
    const { added } = this.#checks.replace(this.#config.virtualServers);
    this.#beginChecks(added, clock.now() - programStartedAt);
    this.#timers.push(
      repeat(clock, pulse, () => this.#beat()),
      repeat(clock, settings.ipvsAudit, () => this.#audit()),
      clock.at(clock.now() + firstUpkeep, () => void store.maintain()),
      repeat(clock, hour, () => void store.maintain()),
    );
    this.#started = true;
    const realServers = this.#config.virtualServers.flatMap(vs => vs.realServers);
    log.info(
      `checking ${added.length} times over ${realServers.length} real servers of ${this.#config.virtualServers.length} virtual servers, IPVS mode ${settings.ipvs}`,
    );
  }

  /** Takes a new configuration and its checkers; unchanged checks keep their timers, streaks and verdicts. */
  reload(config: Config, checkers: readonly Checker[] = this.#modules.checkers): void {
    this.#runner.use(checkers);
    warnOfFixedSettings(this.#config.settings, config.settings, this.#modules.log);
    this.#config = { ...config, settings: { ...config.settings, ipvs: this.#config.settings.ipvs } };
    for (const deliverer of this.#deliverers()) deliverer.configure(this.#config);
    const plans = new Map(config.virtualServers.map(vs => [vs.id, vs]));
    for (const id of [...this.#states.keys()]) {
      if (!plans.has(id)) this.#leave(id);
    }
    for (const [id, state] of this.#states) {
      const plan = plans.get(id);
      if (!plan) continue;
      this.#states.set(id, { ...state, settings: healthSettingsOf(this.#config) });
      this.#handle(id, { type: 'reloaded', plan });
    }
    for (const [id, plan] of plans) {
      if (!this.#states.has(id)) this.#begin(plan, null);
    }
    const { added, kept, retimed, removed } = this.#checks.replace(config.virtualServers);
    for (const entry of removed) this.#runner.remove(entry);
    for (const entry of kept) this.#runner.keep(entry);
    this.#beginChecks(added, 0);
    this.#modules.log.info(
      `reloaded: ${added.length} checks are new, ${removed.length} are gone, ${retimed.length} have another schedule`,
    );
  }

  /** Stops within two seconds. `release`: in manage mode what we added to the table goes. */
  async stop(options: { readonly release: boolean }): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    for (const cancel of this.#timers) cancel();
    this.#runner.close();
    this.#writer.hurry();
    const { clock } = this.#modules.context;
    const now = clock.now();
    // One limit for all: an ipvsadm that hangs must leave time to close the store.
    await waitUntil(clock, now + stopLimit / 2, this.#writer.idle());
    for (const id of this.#states.keys()) this.#handle(id, { type: 'stopping', release: options.release });
    this.#keepStreaks();
    await waitUntil(clock, now + stopLimit, Promise.all([this.#empty(options.release), this.#announcer.idle()]));
    await Promise.all(this.#deliverers().map(deliverer => deliverer.close(stopLimit / 3)));
    await this.#modules.store.close();
  }

  snapshot(): Snapshot {
    return createSnapshot({
      ...this.inspect(),
      version: this.#version,
      ipvsMode: this.#config.settings.ipvs,
      states: this.#states.values(),
      checks: this.#checks,
      table: this.#writer.table(),
    });
  }

  /** Without what the checks last said; it takes next to nothing until the servers are read. */
  inspect(): Inspection {
    const { store, mailer, channels } = this.#modules;
    return {
      startedAt: this.#startedAt,
      troubles: {
        store: store.trouble(),
        ipvs: this.#writer.trouble(),
        mail: mailer.trouble(),
        alerts: channels.trouble(),
      },
      droppedResults: store.droppedResults(),
      droppedMinutes: store.droppedMinutes(),
      storeWriteErrors: store.writeErrors(),
      storeSize: store.size(),
      probes: this.#runner.countProbes(),
      running: this.#runner.countRunning(),
      waitingNotifications: {
        script: this.#announcer.waitingScripts(),
        smtp: mailer.waiting(),
        ...Object.fromEntries(channels.waiting()),
      },
      lastRun: id => this.#checks.get(id),
      virtualServers: inspectServers([...this.#states.values()], this.#writer.table()),
    };
  }

  /** What is down now, for channels that are told so again and again. */
  outages(): Generator<Alert> {
    return listOutages(this.#states.values(), outletsOf(this.#config).routerId, this.#modules.context.clock.wall());
  }

  /** The checks without a verdict; one that was kept from before a restart is one. null: it has not started. */
  unjudged(): Iterable<UnjudgedCheck> | null {
    return this.#started ? listUnjudged(this.#states.values()) : null;
  }

  #deliverers(): readonly Deliverer[] {
    return [this.#modules.mailer, this.#modules.channels];
  }

  #begin(plan: VirtualServer, remembered: Remembered | null): void {
    this.#states.set(plan.id, { ...createState(plan, healthSettingsOf(this.#config)), lastChange: this.#lastChange });
    if (plan.haSuspend) {
      this.#handle(plan.id, { type: 'address', present: isHere(plan, this.#modules.localAddresses()) });
    }
    this.#handle(plan.id, { type: 'started', remembered });
  }

  #beginChecks(added: readonly CheckEntry[], elapsed: Ms): void {
    for (const entry of added) {
      this.#runner.add(entry, firstRunWithin(entry.plan, this.#states.get(entry.virtualServer), elapsed));
    }
  }

  /** A virtual server that the new configuration does not have. */
  #leave(id: VsId): void {
    this.#handle(id, { type: 'removed' });
    this.#states.delete(id);
    this.#dirty.delete(id);
    this.#announcer.tell(id, null, [], []);
  }

  /** True: nothing has changed, and the check goes on as planned. */
  #finished(entry: CheckEntry, result: CheckResult, time: EpochMs): boolean {
    let kept = false;
    for (const observer of entry.observers) kept = observer.finished(entry.lastRunAt, result, kept) || kept;
    tellResult(entry, result, this.#modules.log);
    if (!result.ok) this.#noVerdicts.add(describeCheck(entry), result);
    const justPasses = result.ok && result.weight === undefined;
    const before = this.#states.get(entry.virtualServer) ?? null;
    // The core is pure: what has changed nothing in this state does not do so now.
    if (justPasses && before !== null && before === entry.unmoved) return true;
    this.#handle(entry.virtualServer, { type: 'check-finished', checker: entry.plan.id, result }, time);
    entry.unmoved = justPasses && this.#states.get(entry.virtualServer) === before ? before : null;
    return false;
  }

  /** One event through the pure core, and what follows from it. */
  #handle(id: VsId, event: Event, time: EpochMs = this.#modules.context.clock.wall()): void {
    const before = this.#states.get(id);
    if (!before) return;
    const { state, transitions, effects, next } = step(before, event, time);
    for (const due of next) this.#runner.schedule(due);
    // Nearly all results change nothing.
    if (state === before && effects.length === 0 && transitions.length === 0) return;
    this.#states.set(id, state);
    if (before.pending) this.#writer.stir();
    else this.#writer.expectChange();
    const announcements: Announcement[] = [];
    for (const effect of effects) {
      if (effect.type === 'ipvs') this.#change(id, effect.change, effect.desired, effect.reason, event.type);
      else announcements.push(effect);
    }
    for (const transition of transitions) {
      this.#modules.meter.changed(transition);
      tellTransition(transition, this.#modules.log);
    }
    // Kept before the table changes too: a restart between the two must not put the table back to what was before.
    const isOwed = announcements.length > 0 || effects.some(effect => effect.type === 'ipvs');
    if (isOwed) this.#dirty.delete(id);
    else if (state !== before) this.#dirty.add(id);
    // A memory is as large as its virtual server: ten thousand first verdicts, told to nobody, share one a second.
    if (isOwed) this.#announcer.tell(id, remember(state), transitions, announcements);
    else if (transitions.length > 0) this.#announcer.tell(id, undefined, transitions, []);
  }

  #change(id: VsId, change: number, desired: readonly DesiredService[], reason: string, cause: Event['type']): void {
    this.#lastChange = Math.max(this.#lastChange, change);
    const isRemoved = cause === 'removed';
    this.#writer.add({
      virtualServer: id,
      // A reload may have given the service to another, or to one that has the name of one that was removed.
      desired: desired.filter(
        ({ absent, service }) => !absent || !this.#isElsewhere(service.key, isRemoved ? null : id),
      ),
      reason,
      // What a virtual server leaves behind at its end does not depend on checks any more.
      ...(!isRemoved && cause !== 'stopping' && { renew: () => this.#renew(id, change) }),
      settle: outcome => {
        // Nobody is left to hear of a removal, and it must be done all the same.
        if (outcome.ok) this.#handle(id, { type: 'ipvs-acked', change });
        else if (isRemoved && !this.#stopping) this.#change(id, change, desired, reason, cause);
        else this.#handle(id, { type: 'ipvs-failed', change, detail: outcome.detail });
      },
    });
  }

  /** Puts what is wanted by now in place of a change that waits; false if that is another one. */
  #renew(id: VsId, change: number): boolean {
    const isPending = () => this.#states.get(id)?.pending?.change === change;
    if (!isPending()) return true;
    this.#handle(id, { type: 'ipvs-waiting', change });
    return isPending();
  }

  /** Tries failed changes anew, also of virtual servers whose next check is far away, and looks for foreign ones. */
  #audit(): void {
    for (const [id, { unsettled, addressPresent }] of this.#states) {
      if (unsettled) this.#handle(id, { type: 'address', present: addressPresent });
    }
    this.#writer.audit();
  }

  /** What the audit compares the table with. */
  #wanted(): Omit<QueuedChange, 'settle'>[] {
    if (this.#stopping) return [];
    const wanted: Omit<QueuedChange, 'settle'>[] = [];
    for (const [virtualServer, state] of this.#states) {
      // After a change that failed the committed table is the past: it has servers in it that are known to be down.
      if (state.pending || state.unsettled) continue;
      wanted.push({ virtualServer, desired: desiredTable(state), reason: 'audit' });
    }
    return wanted;
  }

  /** Has another virtual server this service by the newest configuration? Those that are still to be told of it count too. */
  #isElsewhere(left: ServiceKey, id: VsId | null): boolean {
    const text = formatService(left);
    const isThis = (key: ServiceKey) => formatService(key) === text;
    return this.#config.virtualServers.some(plan => plan.id !== id && plan.services.some(isThis));
  }

  #beat(): void {
    this.#noVerdicts.tell();
    this.#keepStreaks();
    this.#modules.store.touch(this.#modules.context.clock.wall());
    const suspending = [...this.#states.values()].filter(({ plan }) => plan.haSuspend);
    if (suspending.length === 0) return;
    const here = this.#modules.localAddresses();
    for (const { plan } of suspending) this.#handle(plan.id, { type: 'address', present: isHere(plan, here) });
  }

  #keepStreaks(): void {
    for (const id of this.#dirty) {
      const state = this.#states.get(id);
      if (state) this.#announcer.tell(id, remember(state), [], []);
    }
    this.#dirty.clear();
  }

  /** Virtual servers that left the configuration while the agent was away: only their memory remains. */
  #forgetLeft(remembered: ReadonlyMap<string, Remembered>): void {
    for (const [id, memory] of remembered) {
      if (this.#states.has(id as VsId)) continue;
      this.#modules.log.warn(
        `${id} is not in the configuration any more; if it was added in manage mode its service may still be in the table (ipvsadm -Ln)`,
      );
      this.#announcer.tell(id as VsId, null, [], tellGone(id as VsId, memory));
    }
  }

  /** The last changes of the table, and lvs_flush_on_stop. */
  async #empty(release: boolean): Promise<void> {
    const { globals, settings } = this.#config;
    await this.#writer.idle();
    if (!release || settings.ipvs !== 'manage' || globals.lvsFlushOnStop !== 'all') return;
    await this.#modules.driver
      .flush()
      .catch((fault: unknown) => this.#modules.log.error(`lvs_flush_on_stop: ${String(fault)}`));
  }
}

function isHere(plan: VirtualServer, here: ReadonlySet<string>): boolean {
  return plan.services.some(service => service.kind === 'address' && here.has(service.address));
}
