import type { Buffer } from 'node:buffer';
import type { PeerCertificate } from '../model/ports.ts';
import type { Ms } from '../model/time.ts';

/** How a connection shakes hands. Neither held nor with a session it is *natural*: in full, and of the version that both prefer. */
export interface Handshake {
  /** It offers no more than TLS 1.2, of which a resumed handshake costs half of what it does in TLS 1.3. */
  readonly held: boolean;
  /** To offer: as OpenSSL writes it, without the certificate. null: none. */
  readonly session: Buffer | null;
  /** It is not natural, and no check has passed in this way since the server was met. */
  readonly untried: boolean;
  /** What the server showed in its last natural handshake. */
  readonly certificate: PeerCertificate | null;
}
/** In which way a handshake was not natural; one that was held and resumed counts as held. */
export type Shortening = 'held' | 'resumed';

/** Which handshakes servers are due, whose checks pass. A key stands for all that must be the same to use a session again. */
export interface TlsSessions {
  next(key: string): Handshake;
  /** Whether `met` may say `hold`; else a session of TLS 1.3 is of use. */
  mayHold(key: string): boolean;
  /** After a natural handshake, when the check over it has passed. `lent`: its session; `hold`: hold the next ones to TLS 1.2. */
  met(key: string, certificate: PeerCertificate | null, lent: Buffer | 'hold' | null): void;
  /** After a full handshake that was held, when the check over it has passed. `refused`: a session was offered. */
  lent(key: string, session: Buffer | null, refused: boolean): void;
  /** After a resumed handshake that was untried, when the check over it has passed. */
  resumed(key: string, held: boolean): void;
  /** After a check that has not passed: the next handshake is natural. `blame`: how that of a failed one was not. */
  failed(key: string, blame: Shortening | null): void;
  count(): number;
}

/** One connection of so many is natural, which alone shows a certificate, proves its key and speaks what clients speak. */
const connectionsPerNatural = 20;
/** Of one session, and between two natural handshakes. Checks that are far apart save little, and are to see a new certificate soon. */
const longestUse: Ms = 300_000;
/** Who failed with a shortened handshake and then passed with a natural one gets none of the kind for so long. */
const distrust: Ms = 3_600_000;
/** Between two natural handshakes. A server that resumes so seldom costs as much when it is left alone. */
const mostRefusals = 3;
const neverLent: Ms = Number.NEGATIVE_INFINITY;
/** Some 16 MiB. Who was met longest ago goes first. */
const mostServers = 20_000;

const natural: Handshake = { held: false, session: null, untried: false, certificate: null };

/** One that may be shortened until `until`, and `left` times. */
interface Server {
  readonly held: boolean;
  readonly certificate: PeerCertificate | null;
  session: Buffer | null;
  /** `neverLent` when there was none yet. */
  sessionUntil: Ms;
  /** A check has passed over a resumed connection. */
  resumes: boolean;
  refusals: number;
  left: number;
  readonly until: Ms;
}
interface Distrust {
  /** `resumed`: of all that is not natural. */
  readonly of: Shortening;
  readonly until: Ms;
}

export function createTlsSessions(now: () => Ms, limit = mostServers): TlsSessions {
  /** A shortening: not passed with it, and not tried without it since. */
  const servers = new Map<string, Server | Shortening>();
  const distrusted = new Map<string, Distrust>();
  let shares = 0;
  /** From a quarter to nearly all: servers that are met together are due apart. */
  const share = (): number => 0.95 - (shares++ % 15) / 20;
  const find = (key: string): Server | null => {
    const server = servers.get(key);
    return typeof server === 'object' ? server : null;
  };
  const distrustOf = (key: string): Shortening | null => {
    const found = distrusted.get(key);
    if (found === undefined || now() < found.until) return found?.of ?? null;
    distrusted.delete(key);
    return null;
  };
  const shun = (key: string, of: Shortening): void => {
    put(distrusted, key, { of, until: now() + distrust }, limit);
    servers.delete(key);
  };
  return {
    next(key) {
      const server = find(key);
      if (server === null || server.left === 0 || now() >= server.until) return natural;
      const { held, certificate } = server;
      const session = now() < server.sessionUntil ? server.session : null;
      if (!held && session === null) return natural;
      server.left--;
      const untried = session === null ? server.sessionUntil === neverLent : !server.resumes;
      return { held, session, untried, certificate };
    },
    mayHold: key => servers.get(key) !== 'held' && distrustOf(key) === null,
    met(key, certificate, lent) {
      const known = servers.get(key);
      if (known === 'held' || known === 'resumed') shun(key, known);
      const shunned = distrustOf(key);
      if (lent === null || shunned === 'resumed' || (shunned === 'held' && lent === 'hold')) {
        servers.delete(key);
        return;
      }
      const portion = typeof known === 'object' ? 1 : share();
      const until = now() + longestUse * portion;
      const left = Math.round((connectionsPerNatural - 1) * portion);
      const held = lent === 'hold';
      const kept = typeof known === 'object' && known.held === held ? known : null;
      const session = held ? (kept?.session ?? null) : lent;
      const sessionUntil = held ? (kept?.sessionUntil ?? neverLent) : until;
      const resumes = kept?.resumes ?? false;
      put(servers, key, { held, certificate, session, sessionUntil, resumes, refusals: 0, left, until }, limit);
    },
    lent(key, session, refused) {
      const server = find(key);
      if (!server?.held) return;
      if ((refused || session === null) && ++server.refusals === mostRefusals) return shun(key, 'held');
      server.sessionUntil = now() + longestUse * (server.sessionUntil === neverLent ? share() : 1);
      server.session = session;
    },
    resumed(key, held) {
      const server = find(key);
      if (server?.held === held) server.resumes = true;
    },
    failed(key, blame) {
      const shunned = distrustOf(key);
      if (blame === null || shunned === blame || shunned === 'resumed') servers.delete(key);
      else put(servers, key, blame, limit);
    },
    count: () => servers.size + distrusted.size,
  };
}

/** As the newest, of whom the oldest go. */
function put<T>(map: Map<string, T>, key: string, value: T, limit: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= limit) return;
  // Finding it takes longer the more were put anew since the map was last laid out, so nobody looks without need.
  const oldest = map.keys().next();
  if (!oldest.done) map.delete(oldest.value);
}
