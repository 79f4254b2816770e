import { formatService } from '../model/endpoint.ts';
import type { VsId } from '../model/ids.ts';
import type { DesiredService, IpvsApplied, IpvsDriver, IpvsTable, IpvsWritten } from '../model/ipvs.ts';
import type { Log } from '../model/ports.ts';
import type { Cancel, Clock, EpochMs, Ms } from '../model/time.ts';

/** A change that waits for the table; `settle` is told what became of it. */
export interface QueuedChange {
  readonly virtualServer: VsId;
  readonly desired: readonly DesiredService[];
  readonly reason: string;
  readonly settle: (outcome: { readonly ok: true } | { readonly ok: false; readonly detail: string }) => void;
  /** After a wait, before it is begun. False: it is withdrawn, and what is wanted instead, if anything, was added. */
  readonly renew?: () => boolean;
}

/** Changes of a few milliseconds go to the table together: one process of ipvsadm instead of one for each. */
const gather: Ms = 5;
/** So many batches follow one another at once; then, if they had more commands than few, many real servers are dying, and the next ones wait to be more. */
const atOnce = 2;
const few = 3;
/** So many commands a second are no sign of it: servers that die one after the other. */
const forgottenPerSecond = 10;
/** They wait for such a span without news, which is longer than checks wait to begin together, and so long at most. */
const quiet: Ms = 120;
const gatherAtMost: Ms = 500;
/** Where a batch takes longer than this it is worth more to have few of them: they wait for eight times that, up to so long, at most. */
const slow: Ms = 70;
const gatherLongest: Ms = 2_000;
/** After a batch of more commands than this the retries that are due go first, before each virtual server that hears of it. */
const many = 100;
/** Virtual servers that hear of it hold the loop for so long in one go. */
const holdAtMost: Ms = 50;
/** For so many turns of the loop each time, and so long in all: there may be no end of them, and the table waits meanwhile. */
const turnsAtMost = 30;
const heardWithin: Ms = 1_000;
/** A batch that begins so soon after the last one is another of the same row, though nothing was queued in between. */
const sameRow: Ms = 2 * quiet;
/** An audit waits for such a rest, as changes that come meanwhile have to wait for it; but no longer than this. */
const rest: Ms = 1_000;
const auditWithin: Ms = 10_000;
/** A table that has not answered for so long is a trouble; the answer is still waited for, as calls must not overlap. */
const patience: Ms = 10_000;
/** A virtual server hears of a failure so much later: it tries anew at once, and a refused change stays refused. */
const retryAfter: Ms = 1_000;

/**
 * Feeds the driver, one batch at a time. When there are no changes for a while it audits: what others changed in our
 * part of the table is put right and logged.
 */
export class IpvsWriter {
  readonly #driver: IpvsDriver;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #isBehind: () => boolean;
  readonly #audit: () => readonly Omit<QueuedChange, 'settle'>[];
  #queue: QueuedChange[] = [];
  /** Since when; null: it is not. */
  #auditWanted: Ms | null = null;
  #untilRest: Cancel | null = null;
  #disturbedAt: Ms = Number.NEGATIVE_INFINITY;
  #writtenAt: Ms = Number.NEGATIVE_INFINITY;
  /** In a row. */
  #batches = 0;
  /** Commands that were written of late. */
  #recent = 0;
  /** The last one. */
  #took: Ms = 0;
  #busy: Promise<void> | null = null;
  #gathering = false;
  #hurries = false;
  /** When a check last found something that is, or may become, a change; or the last batch was begun. */
  #newsAt: Ms = Number.NEGATIVE_INFINITY;
  #table: IpvsTable = { services: [] };
  #trouble: { since: EpochMs; message: string } | null = null;

  constructor(modules: {
    readonly driver: IpvsDriver;
    readonly clock: Clock;
    readonly log: Log;
    /** Checks are due, and could not be begun yet, that may decide that a server is down. */
    readonly isBehind: () => boolean;
    /** What the table should look like now, for virtual servers without a change under way. */
    readonly audit: () => readonly Omit<QueuedChange, 'settle'>[];
  }) {
    this.#driver = modules.driver;
    this.#clock = modules.clock;
    this.#log = modules.log;
    this.#audit = modules.audit;
    this.#isBehind = modules.isBehind;
  }

  /** As last read back. */
  table(): IpvsTable {
    return this.#table;
  }

  trouble(): { readonly since: EpochMs; readonly message: string } | null {
    return this.#trouble;
  }

  async open(): Promise<void> {
    await this.#driver.open();
    this.#table = await this.#driver.read();
  }

  add(change: QueuedChange): void {
    this.stir();
    this.#queue.push(change);
    this.#start();
  }

  /** A check has found something that may become a change once the one before it is written. */
  stir(): void {
    this.#newsAt = this.#clock.now();
  }

  /** A check has found something that may become a change when it is repeated: an audit lets it pass. */
  expectChange(): void {
    this.#disturbedAt = this.#clock.now();
  }

  audit(): void {
    this.#auditWanted ??= this.#clock.now();
    this.#start();
  }

  /** At the end, when no check runs any more: an audit that still waits is not made, and no change waits for others. */
  hurry(): void {
    this.#hurries = true;
    this.#auditWanted = null;
    this.#untilRest?.();
    this.#untilRest = null;
  }

  /** Resolves when nothing is queued or under way. */
  async idle(): Promise<void> {
    while (this.#busy !== null) await this.#busy;
  }

  #start(): void {
    if (this.#busy !== null || this.#gathering) return;
    this.#gathering = true;
    this.#busy = new Promise<void>(resolve => {
      this.#clock.at(this.#clock.now() + gather, () => {
        this.#gathering = false;
        void this.#work().then(resolve);
      });
    });
  }

  /** Never rejects: what goes wrong is the changes' outcome. */
  async #work(): Promise<void> {
    if (this.#clock.now() - this.#writtenAt > sameRow) this.#batches = 0;
    for (let turn = 0; this.#queue.length > 0 || this.#auditIsDue(); turn++) {
      // The audit goes alone, so that its log lines are only about what others did.
      if (this.#auditIsDue()) {
        await this.#repair();
        continue;
      }
      const isOneOfMany = this.#recent > few && (this.#batches >= atOnce || (this.#batches > 0 && this.#took > slow));
      if (isOneOfMany) await this.#gatherMany();
      if (turn > 0 || isOneOfMany) this.#renew();
      const changes = this.#queue;
      this.#queue = [];
      if (changes.length === 0) continue;
      this.#batches++;
      await this.#apply(changes);
      this.#writtenAt = this.#clock.now();
      this.#disturbedAt = this.#writtenAt;
    }
    this.#busy = null;
    if (this.#auditWanted !== null) this.#awaitRest();
  }

  #auditIsDue(): boolean {
    return this.#clock.now() >= this.#auditAt();
  }

  #auditAt(): Ms {
    if (this.#auditWanted === null) return Number.POSITIVE_INFINITY;
    const last = this.#auditWanted + auditWithin;
    return this.#queue.length > 0 ? last : Math.min(this.#disturbedAt + rest, last);
  }

  #awaitRest(): void {
    this.#untilRest ??= this.#clock.at(this.#auditAt(), () => {
      this.#untilRest = null;
      this.#start();
    });
  }

  async #gatherMany(): Promise<void> {
    const until = this.#clock.now() + (this.#took > slow ? Math.min(this.#took * 8, gatherLongest) : gatherAtMost);
    let pause: Ms = Math.max(0, this.#newsAt + quiet - this.#clock.now());
    do {
      if (this.#hurries) return;
      await this.#wait(pause);
      await this.#letRetriesGoFirst(until);
      const now = this.#clock.now();
      pause = Math.min(this.#isBehind() ? quiet : this.#newsAt + quiet - now, until - now);
    } while (pause > 0);
  }

  /** What came while our own loop was held is heard, and the retries are begun that are due. */
  async #letRetriesGoFirst(until: Ms): Promise<void> {
    await this.#wait(0);
    for (let turn = 1; turn < turnsAtMost && this.#clock.now() < until && this.#isBehind(); turn++) await this.#wait(0);
  }

  #renew(): void {
    const waiting = this.#queue;
    this.#queue = [];
    for (const change of waiting) if (this.#isStillWanted(change)) this.#queue.push(change);
  }

  #isStillWanted({ renew, virtualServer }: QueuedChange): boolean {
    try {
      return renew?.() ?? true;
    } catch (fault) {
      const told = fault instanceof Error ? fault.stack : String(fault);
      this.#log.error(`bug while a change of ${virtualServer} was renewed: ${told}`);
      return true;
    }
  }

  #wait(span: Ms): Promise<void> {
    return new Promise(resolve => this.#clock.at(this.#clock.now() + span, resolve));
  }

  async #apply(changes: readonly QueuedChange[]): Promise<void> {
    try {
      const begun = this.#clock.now();
      this.#newsAt = begun;
      const applied = await this.#ask(changes, 'weights');
      const written = this.#clock.now();
      this.#took = written - begun;
      const forgotten = ((written - this.#writtenAt) / 1_000) * forgottenPerSecond;
      this.#recent = Math.max(0, this.#recent - forgotten) + applied.written.length;
      this.#table = applied.table;
      this.#logWritten(applied.written, changes);
      this.#recover(applied.outcomes.every(outcome => outcome.ok));
      await this.#tell(changes, applied, written);
    } catch (fault) {
      for (const change of changes) this.#refuse(change, messageOf(fault), messageOf(fault));
    }
  }

  /** Each virtual server hears what became of its change; of a large batch, with turns for the checks between. */
  async #tell(changes: readonly QueuedChange[], { written, outcomes }: IpvsApplied, writtenAt: Ms): Promise<void> {
    const until = writtenAt + heardWithin;
    let heldSince = Number.NEGATIVE_INFINITY;
    for (const [index, change] of changes.entries()) {
      const now = this.#clock.now();
      if (written.length > many && (now >= heldSince + holdAtMost || (now < until && this.#isBehind()))) {
        await this.#letRetriesGoFirst(until);
        heldSince = this.#clock.now();
      }
      const outcome = outcomes[index] ?? { ok: false, detail: 'the driver gave no outcome' };
      if (outcome.ok) this.#settle(change);
      else this.#refuse(change, outcome.detail, `${change.virtualServer}: ${outcome.detail}`);
    }
  }

  /** What the virtual server asks for next has waited for this: it is no news. */
  #settle(change: QueuedChange): void {
    const newsAt = this.#newsAt;
    change.settle({ ok: true });
    this.#newsAt = newsAt;
  }

  async #ask(changes: readonly Omit<QueuedChange, 'settle'>[], reading: 'weights' | 'whole'): Promise<IpvsApplied> {
    const cancel = this.#clock.at(this.#clock.now() + patience, () =>
      this.#fail(`the table has not answered for ${patience / 1000} s`),
    );
    return this.#driver.apply(changes, reading).finally(cancel);
  }

  #logWritten(written: readonly IpvsWritten[], changes: readonly QueuedChange[]): void {
    const reasons = new Map<string, string>();
    for (const { desired, reason } of changes) {
      for (const { service } of desired) reasons.set(formatService(service.key), reason);
    }
    for (const { service, text } of written) {
      const line = `ipvs: ${text} # ${reasons.get(formatService(service))}`;
      // What is refused is tried again every second: its lines were logged the first time.
      if (this.#trouble) this.#log.debug(line);
      else this.#log.info(line);
    }
  }

  async #repair(): Promise<void> {
    this.#auditWanted = null;
    const wanted = this.#audit();
    try {
      const applied = await this.#ask(wanted, 'whole');
      this.#table = applied.table;
      for (const written of applied.written.filter(({ ok }) => ok)) {
        this.#log.warn(`ipvs: the table differed from what it should be, put right: ${written.text}`);
      }
      const failed = applied.outcomes.find(outcome => !outcome.ok);
      if (failed && !failed.ok) this.#fail(failed.detail);
      else this.#recover(true);
    } catch (fault) {
      this.#fail(messageOf(fault));
    }
  }

  #refuse(change: QueuedChange, detail: string, message: string): void {
    this.#fail(message);
    this.#clock.at(this.#clock.now() + retryAfter, () => change.settle({ ok: false, detail }));
  }

  #fail(message: string): void {
    if (this.#trouble?.message === message) return;
    this.#trouble = { since: this.#trouble?.since ?? this.#clock.wall(), message };
    this.#log.error(`ipvs: ${message}. Nothing is announced before the table follows; it is tried again.`);
  }

  #recover(ok: boolean): void {
    if (!ok || !this.#trouble) return;
    this.#trouble = null;
    this.#log.info('ipvs: the table can be written again.');
  }
}

function messageOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault);
}
