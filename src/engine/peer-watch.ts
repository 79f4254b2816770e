import type { CheckResult } from '../model/check.ts';
import type { Connection, ConnectionHandler, ConnectOptions, Sockets } from '../model/ports.ts';
import type { Clock, Ms } from '../model/time.ts';

/** After this many closed idle connections in a row of a server that is well, it is not watched any more. */
const patience = 5;
/** A server that closed an idle connection gets the next one no sooner; doubled each time. */
const firstPause: Ms = 1_000;

/**
 * `watch on`: an idle connection to a service that passes its check. When the peer breaks it, the check is worth running
 * at once: `broke` is called. It has no timers: connections are made when the check has passed.
 */
export class PeerWatch implements ConnectionHandler {
  readonly #to: ConnectOptions;
  readonly #sockets: Sockets;
  readonly #clock: Clock;
  readonly #broke: () => void;
  readonly #gaveUp: () => void;
  #connection: Connection | null = null;
  #isOpen = false;
  /** The check that says whether the service is well is still to come. */
  #suspects = false;
  #idleCloses = 0;
  #notBefore: Ms = 0;

  constructor(
    to: ConnectOptions,
    modules: {
      readonly sockets: Sockets;
      readonly clock: Clock;
      readonly broke: () => void;
      /** The server closes idle connections: it is of no use to watch it. */
      readonly gaveUp: () => void;
    },
  ) {
    this.#to = to;
    this.#sockets = modules.sockets;
    this.#clock = modules.clock;
    this.#broke = modules.broke;
    this.#gaveUp = modules.gaveUp;
  }

  /** The check has come to a result. */
  checked(result: CheckResult): void {
    if (!result.ok && (result.reason === 'local' || result.reason === 'internal' || result.inconclusive)) return;
    if (this.#suspects) {
      this.#suspects = false;
      this.#idleCloses = result.ok ? this.#idleCloses + 1 : 0;
      if (this.#idleCloses === patience) this.#gaveUp();
      this.#notBefore = result.ok ? this.#clock.now() + firstPause * 2 ** (this.#idleCloses - 1) : 0;
    }
    if (!result.ok || this.#connection || this.#idleCloses >= patience || this.#clock.now() < this.#notBefore) return;
    this.#connection = this.#sockets.connect(this.#to, 'never', this);
  }

  opened(): void {
    this.#isOpen = true;
  }

  data(): void {}

  ended(): void {
    this.#connection?.close();
  }

  closed(): void {
    const wasOpen = this.#isOpen;
    this.#connection = null;
    this.#isOpen = false;
    if (!wasOpen) return;
    this.#suspects = true;
    this.#broke();
  }

  close(): void {
    this.#isOpen = false;
    this.#idleCloses = patience;
    this.#connection?.close();
  }
}
