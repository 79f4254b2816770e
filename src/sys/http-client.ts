import { Buffer } from 'node:buffer';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type undici from 'undici';
import type { Connection, HttpClient, HttpHandler, HttpRequest, HttpSession } from '../model/ports.ts';
import { startHttp2Request } from './http2-client.ts';
import { createInterimFilter } from './interim-responses.ts';
import { createWire } from './wire.ts';

/** undici, and Node's own HTTP/2, over connections that others have made: what is bound, marked or verified is their business. */
export const httpClient: HttpClient = {
  request: (connection, request, handler) =>
    request.protocol === '2'
      ? startHttp2Request(connection, request, handler)
      : startRequest(connection, request, handler),
};

/** Bytes; as much as our own reader of responses takes. */
const headerLimit = 65_536;

function startRequest(connection: Connection, request: HttpRequest, handler: HttpHandler): HttpSession {
  let over = false;
  const wire = createWire(connection);
  const client = createClient(wire, request);
  const passOver = createInterimFilter();
  let answered = 0;
  const finish = (tell: () => void): void => {
    if (over) return;
    over = true;
    tell();
    void client.destroy();
  };
  client.dispatch(optionsOf(request), {
    onRequestStart() {},
    onResponseStart(_, status, headers) {
      if (over || status < 200) return;
      answered = status;
      const entries = Object.entries(headers).map(([name, value]) => [name, [value ?? []].flat()] as const);
      handler.response(status, new Map(entries));
    },
    onResponseData(_, bytes) {
      if (!over) handler.data(bytes);
    },
    onResponseEnd: () => finish(() => handler.complete()),
    onResponseError: (_, error) =>
      finish(() => (isUnchanged(answered, error) ? handler.complete() : handler.failed(describe(error)))),
  });
  return {
    receive(bytes) {
      if (over) return;
      const answer = passOver(bytes);
      // The sender may overwrite what it has sent.
      if (answer.length > 0) wire.push(Uint8Array.from(answer));
    },
    end() {
      if (!over) wire.push(null);
    },
    abort: () => finish(() => {}),
  };
}

let loaded: typeof undici | null = null;

/** When it is first wanted: most configurations need nothing of it. */
function loadUndici(): typeof undici {
  loaded ??= createRequire(import.meta.url)('undici') as typeof undici;
  return loaded;
}

function createClient(wire: Duplex, { secure }: HttpRequest): undici.Client {
  const { Client } = loadUndici();
  let taken = false;
  return new Client(`${secure ? 'https' : 'http'}://checkalived.invalid`, {
    // The deadlines are the caller's: those of undici are late by up to half a second.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: headerLimit,
    allowH2: false,
    connect(_, done) {
      if (taken) return done(new Error('the connection is gone'), null);
      taken = true;
      // It asks for little more than a stream; but a connection never comes at once.
      const socket = Object.assign(wire, { alpnProtocol: false, ref: () => wire, unref: () => wire });
      queueMicrotask(() => done(null, socket as unknown as Socket));
    },
  });
}

function optionsOf({ method, path, headers, body }: HttpRequest): undici.Dispatcher.DispatchOptions {
  return {
    method: method as undici.Dispatcher.HttpMethod,
    path,
    headers: headers.flatMap(({ name, value }) => [name, typeof value === 'string' ? value : value.reveal()]),
    body: body === null ? null : Buffer.from(body, 'latin1'),
    // Says `Connection: close`.
    reset: true,
  };
}

/** 304 may announce the length of what it does not send (RFC 9110, section 8.6), and undici misses it. */
function isUnchanged(status: number, error: Error): boolean {
  return status === 304 && 'code' in error && error.code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH';
}

function describe(error: Error): string {
  const closed = 'code' in error && error.code === 'UND_ERR_SOCKET' && error.message === 'other side closed';
  return closed ? 'closed before the answer was complete' : error.message.slice(0, 150);
}
