import type { Buffer } from 'node:buffer';
import { performance } from 'node:perf_hooks';
import type { SecureContext } from 'node:tls';
import type { ConnectionOutcome, ConnectOptions, PeerCertificate, TlsOptions } from '../model/ports.ts';
import { stripCertificate } from './session-bytes.ts';
import { createTlsSessions, type TlsSession } from './tls-sessions.ts';

/** What a TLS connection knows of its session. */
export interface SecuredLayer {
  isSessionReused(): boolean;
  getProtocol(): string | null;
  getSession(): Buffer | undefined;
  /** The next session of TLS 1.3 that the server lends. */
  onceSession(take: (bytes: Buffer) => void): void;
}
/** A connection's part in the resumption of TLS sessions. */
export interface Resumption {
  /** What to offer; null = nothing, so that the handshake is a full one. */
  readonly offered: TlsSession | null;
  /** The handshake begins: what was offered may be to blame from here on. */
  begin(): void;
  /** After the handshake. `certificate`: reads what the server has shown. Gives what it showed in the last full one. */
  secured(layer: SecuredLayer, certificate: () => PeerCertificate | null): PeerCertificate | null;
  /** When the connection is over. */
  ended(outcome: ConnectionOutcome): void;
}

const sessions = createTlsSessions(() => performance.now());

export function startResumption(to: ConnectOptions, tls: TlsOptions, context: SecureContext): Resumption {
  const key = keyOf(to, tls, context);
  const offered = sessions.offer(key);
  let resumed = false;
  let certificate: PeerCertificate | null = null;
  let bytes: Buffer | null = null;
  return {
    offered,
    begin() {
      resumed = offered !== null;
    },
    secured(layer, read) {
      resumed = layer.isSessionReused();
      if (resumed && offered !== null) return offered.certificate;
      certificate = read();
      takeSession(layer, tls, found => {
        bytes = found;
      });
      return certificate;
    },
    ended(outcome) {
      if (outcome !== 'passed') sessions.drop(key, resumed && outcome === 'failed');
      else if (bytes !== null) {
        const stripped = stripCertificate(bytes);
        if (stripped !== null) sessions.keep(key, { bytes: stripped, certificate });
      }
    },
  };
}

/** Each ticket that comes costs as much as a small check where somebody listens: only after a full handshake. */
function takeSession(layer: SecuredLayer, { verify }: TlsOptions, take: (bytes: Buffer | null) => void): void {
  if (layer.getProtocol() === 'TLSv1.3') layer.onceSession(take);
  // Of an older version Node believes no certificate that is not in the session.
  else if (verify === undefined) take(layer.getSession() ?? null);
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
