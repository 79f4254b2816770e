import { Buffer } from 'node:buffer';
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http2';
import { createRequire } from 'node:module';
import type { Duplex } from 'node:stream';
import type { Connection, HttpHandler, HttpRequest, HttpSession } from '../model/ports.ts';
import { createWire } from './wire.ts';

type Http2 = typeof import('node:http2');

let loaded: Http2 | null = null;

/** When it is first wanted: most configurations need nothing of it. */
function loadHttp2(): Http2 {
  loaded ??= createRequire(import.meta.url)('node:http2') as Http2;
  return loaded;
}

/**
 * HTTP/2 of Node itself: undici throws outside of all callbacks when such a connection ends before its answer, and takes
 * a server's farewell behind an answer (GOAWAY) for a fault.
 */
export function startHttp2Request(connection: Connection, request: HttpRequest, handler: HttpHandler): HttpSession {
  const wire = createWire(connection);
  const session = openSession(wire, request);
  let over = false;
  const finish = (tell: () => void): void => {
    if (over) return;
    over = true;
    tell();
    session.destroy();
    wire.destroy();
  };
  const fail = (detail: string): void => finish(() => handler.failed(detail.slice(0, 150)));
  const stream = openStream(session, request);
  if (stream instanceof Error) {
    // Whoever starts a request has no session yet.
    queueMicrotask(() => fail(`the request cannot be sent: ${stream.message}`));
    return { receive: () => {}, end: () => {}, abort: () => finish(() => {}) };
  }
  stream.on('response', headers => {
    if (!over) handler.response(headers[':status'] ?? 0, readHeaders(headers));
  });
  stream.on('data', (bytes: Uint8Array) => {
    if (!over) handler.data(bytes);
  });
  // A stream that is broken off ends as well; only its state tells that the server has said all.
  stream.on('end', () => (hasEnded(stream) ? finish(() => handler.complete()) : fail(closed)));
  stream.on('error', error => fail(error.message));
  stream.on('close', () => fail(closed));
  session.on('error', error => fail(error.message));
  session.on('close', () => fail(closed));
  if (request.body !== null) stream.end(Buffer.from(request.body, 'latin1'));
  return {
    receive(bytes) {
      // The sender may overwrite what it has sent.
      if (!over) wire.push(Uint8Array.from(bytes));
    },
    end() {
      if (!over) wire.push(null);
    },
    abort: () => finish(() => {}),
  };
}

/** Bytes that a server may send before we confirm any: with the 64 KiB of the protocol a large body takes seconds. */
const window = 1024 * 1024;
const closed = 'closed before the answer was complete';

function openSession(wire: Duplex, { secure }: HttpRequest): ClientHttp2Session {
  const session = loadHttp2().connect(`${secure ? 'https' : 'http'}://checkalived.invalid`, {
    createConnection: () => wire,
    settings: { enablePush: false, initialWindowSize: window },
  });
  session.once('connect', () => session.setLocalWindowSize(window));
  return session;
}

/** Node throws at a header that it takes for one of its own, or of which there may be one: a second, a `te`. */
function openStream(session: ClientHttp2Session, request: HttpRequest): ClientHttp2Stream | Error {
  try {
    return session.request(headersOf(request), { endStream: request.body === null });
  } catch (fault) {
    if (fault instanceof Error) return fault;
    throw fault;
  }
}

function headersOf({ method, path, secure, headers }: HttpRequest): OutgoingHttpHeaders {
  const all: Record<string, string | string[]> = {
    ':method': method,
    ':path': path,
    ':scheme': secure ? 'https' : 'http',
  };
  for (const { name, value } of headers) {
    const key = name.toLowerCase() === 'host' ? ':authority' : name.toLowerCase();
    const text = typeof value === 'string' ? value : value.reveal();
    const known = all[key];
    all[key] = known === undefined ? text : [known, text].flat();
  }
  return all;
}

function readHeaders(headers: IncomingHttpHeaders): ReadonlyMap<string, readonly string[]> {
  const named = Object.entries(headers).filter(([name]) => !name.startsWith(':'));
  return new Map(named.map(([name, value]) => [name, [value ?? []].flat()]));
}

function hasEnded({ rstCode, aborted, destroyed }: ClientHttp2Stream): boolean {
  return rstCode === loadHttp2().constants.NGHTTP2_NO_ERROR && !aborted && !destroyed;
}
