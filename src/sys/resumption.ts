import type { Buffer } from 'node:buffer';
import { performance } from 'node:perf_hooks';
import type { SecureContext } from 'node:tls';
import type { ConnectionOutcome, ConnectOptions, PeerCertificate, TlsOptions } from '../model/ports.ts';
import { findHeldContext } from './secure-contexts.ts';
import { stripCertificate } from './session-bytes.ts';
import { createTlsSessions, type Handshake } from './tls-sessions.ts';

/** What a TLS connection knows of its session. */
export interface SecuredLayer {
  isSessionReused(): boolean;
  getProtocol(): string | null;
  getSession(): Buffer | undefined;
  /** The next session of TLS 1.3 that the server lends. */
  onceSession(take: (bytes: Buffer) => void): void;
}

const sessions = createTlsSessions(() => performance.now());

/** A connection's part in the shortening of TLS handshakes. */
export class Resumption {
  /** That of the options, or its twin that speaks no TLS 1.3. */
  readonly context: SecureContext;
  readonly #key: string;
  readonly #mayHold: boolean;
  readonly #verifies: boolean;
  readonly #handshake: Handshake;
  #phase: 'connect' | 'handshake' | 'secured' = 'connect';
  #resumed = false;
  #certificate: PeerCertificate | null = null;
  #lent: Buffer | 'hold' | null = null;

  constructor(to: ConnectOptions, tls: TlsOptions, context: SecureContext) {
    this.#key = keyOf(to, tls, context);
    this.#verifies = tls.verify !== undefined;
    // Others have reasons to speak the TLS that clients speak, and contexts of their own.
    this.#mayHold = !this.#verifies && tls.identity === undefined && tls.protocols === undefined;
    this.#handshake = sessions.next(this.#key);
    this.context = this.#handshake.held ? findHeldContext() : context;
  }

  /** To offer. */
  get session(): Buffer | null {
    return this.#handshake.session;
  }

  /** What failed may have failed of a handshake that was not natural. A session that was refused has shortened nothing. */
  get shortened(): boolean | 'untried' {
    const { held, session, untried } = this.#handshake;
    if (this.#phase === 'connect') return false;
    const shortened = held || (session !== null && (this.#phase === 'handshake' || this.#resumed));
    return shortened && untried ? 'untried' : shortened;
  }

  /** The TCP connection stands. */
  begin(): void {
    this.#phase = 'handshake';
  }

  /** After the handshake. `read`: reads what the server has shown. Gives what it showed in the last natural one. */
  secured(layer: SecuredLayer, read: () => PeerCertificate | null): PeerCertificate | null {
    const { held, certificate } = this.#handshake;
    this.#phase = 'secured';
    this.#resumed = layer.isSessionReused();
    if (this.#resumed) return certificate;
    if (held) {
      this.#lent = layer.getSession() ?? null;
      return certificate;
    }
    this.#certificate = read();
    this.#takeSession(layer);
    return this.#certificate;
  }

  /** When the connection is over. */
  ended(outcome: ConnectionOutcome): void {
    const { held, session, untried } = this.#handshake;
    if (outcome !== 'passed') {
      const blame = held ? 'held' : 'resumed';
      sessions.failed(this.#key, outcome === 'failed' && this.shortened ? blame : null);
    } else if (this.#resumed) {
      if (untried) sessions.resumed(this.#key, held);
    } else if (this.#phase === 'secured') {
      const lent = this.#lent;
      const kept = lent === null || lent === 'hold' ? lent : stripCertificate(lent);
      if (!held) sessions.met(this.#key, this.#certificate, kept);
      else if (kept !== 'hold') sessions.lent(this.#key, kept, session !== null);
    }
  }

  #takeSession(layer: SecuredLayer): void {
    if (layer.getProtocol() !== 'TLSv1.3') {
      // Of an older version Node believes no certificate that is not in the session.
      this.#lent = this.#verifies ? null : (layer.getSession() ?? null);
      return;
    }
    if (this.#mayHold && sessions.mayHold(this.#key)) {
      this.#lent = 'hold';
      return;
    }
    // Each ticket that comes costs as much as a small check where somebody listens.
    layer.onceSession(bytes => {
      this.#lent = bytes;
    });
  }
}

const contextNumbers = new WeakMap<SecureContext, number>();
let contexts = 0;

/** Keys and authorities that were read anew are others. */
function numberOf(context: SecureContext): number {
  const known = contextNumbers.get(context);
  if (known !== undefined) return known;
  contextNumbers.set(context, ++contexts);
  return contexts;
}

function keyOf(to: ConnectOptions, { serverName, protocols, verify }: TlsOptions, context: SecureContext): string {
  const { address, port, localAddress, interface: device, mark } = to;
  const route = [address, port, localAddress, device, mark];
  return JSON.stringify([numberOf(context), ...route, serverName, protocols, verify?.name]);
}
