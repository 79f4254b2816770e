import type { Buffer } from 'node:buffer';
import type { PeerCertificate } from '../model/ports.ts';
import type { Ms } from '../model/time.ts';

/** What a full handshake with a server has left. */
export interface TlsSession {
  /** As OpenSSL writes it, without the certificate. */
  readonly bytes: Buffer;
  /** The one that the server showed then. */
  readonly certificate: PeerCertificate | null;
}
/** The TLS sessions of servers whose checks have passed. A key stands for all that must be the same to use one again. */
export interface TlsSessions {
  /** The session to offer now; null: it is time for a full handshake. */
  offer(key: string): TlsSession | null;
  /** After a full handshake, when the check over it has passed. */
  keep(key: string, session: TlsSession): void;
  /** After a check that has not passed: the next handshake is a full one. `suspect`: it failed with a session. */
  drop(key: string, suspect: boolean): void;
  count(): number;
}

/** One connection of so many makes a full handshake, which alone shows a certificate and proves its key. */
const connectionsPerHandshake = 10;
/** Of one session. Checks that are far apart save little, and are to see a new certificate soon. */
const longestUse: Ms = 300_000;
/** Who failed with a session and then passed without one gets none for so long: no verdict may hang on sessions. */
const distrust: Ms = 3_600_000;
/** Some 10 MiB. Who was seen in full longest ago goes first. */
const mostServers = 20_000;

type Entry =
  | { readonly kind: 'good'; readonly session: TlsSession; left: number; readonly until: Ms }
  /** Not passed with a session, and not tried without one since. */
  | { readonly kind: 'suspect' }
  | { readonly kind: 'distrusted'; readonly until: Ms };

export function createTlsSessions(now: () => Ms, limit = mostServers): TlsSessions {
  const entries = new Map<string, Entry>();
  let met = 0;
  const put = (key: string, entry: Entry): void => {
    entries.delete(key);
    entries.set(key, entry);
    for (const oldest of entries.keys()) {
      if (entries.size <= limit) break;
      entries.delete(oldest);
    }
  };
  return {
    offer(key) {
      const entry = entries.get(key);
      if (entry?.kind !== 'good' || entry.left === 0 || now() >= entry.until) return null;
      entry.left--;
      return entry.session;
    },
    keep(key, session) {
      const known = entries.get(key);
      if (known?.kind === 'distrusted' && now() < known.until) return;
      if (known?.kind === 'suspect') return put(key, { kind: 'distrusted', until: now() + distrust });
      // Servers that are met together make their next full handshakes apart.
      const left = known ? connectionsPerHandshake - 1 : 1 + (met++ % (connectionsPerHandshake - 1));
      put(key, { kind: 'good', session, left, until: now() + longestUse });
    },
    drop(key, suspect) {
      if (entries.get(key)?.kind === 'distrusted') return;
      if (suspect) put(key, { kind: 'suspect' });
      else entries.delete(key);
    },
    count: () => entries.size,
  };
}
