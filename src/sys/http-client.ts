import { Buffer } from 'node:buffer';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type undici from 'undici';
import type { Connection, HttpClient, HttpHandler, HttpRequest, HttpSession } from '../model/ports.ts';

/** undici, over connections that others have made: what is bound, marked or verified is their business. */
export const httpClient: HttpClient = { request: startRequest };

/** Bytes; as much as our own reader of responses takes. */
const headerLimit = 65_536;

function startRequest(connection: Connection, request: HttpRequest, handler: HttpHandler): HttpSession {
  let over = false;
  const wire = createWire(connection, request);
  const client = createClient(wire, request);
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
      const entries = Object.entries(headers).map(([name, value]) => [name, [value ?? []].flat()] as const);
      handler.response(status, new Map(entries));
    },
    onResponseData(_, bytes) {
      if (!over) handler.data(bytes);
    },
    onResponseEnd: () => finish(() => handler.complete()),
    onResponseError: (_, error) => finish(() => handler.failed(describe(error))),
  });
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

let loaded: typeof undici | null = null;

/** When it is first wanted: most configurations need nothing of it. */
function loadUndici(): typeof undici {
  loaded ??= createRequire(import.meta.url)('undici') as typeof undici;
  return loaded;
}

function createClient(wire: Duplex, { secure, protocol }: HttpRequest): undici.Client {
  const { Client } = loadUndici();
  let taken = false;
  return new Client(`${secure ? 'https' : 'http'}://checkalived.invalid`, {
    // The deadlines are the caller's: those of undici are late by up to half a second.
    headersTimeout: 0,
    bodyTimeout: 0,
    pingInterval: 0,
    maxHeaderSize: headerLimit,
    allowH2: protocol === '2',
    connect(_, done) {
      if (taken) return done(new Error('the connection is gone'), null);
      taken = true;
      // Neither undici nor Node's HTTP/2 asks for more than a stream; but a connection never comes at once.
      queueMicrotask(() => done(null, wire as Socket));
    },
  });
}

/** The connection as a stream. */
function createWire(connection: Connection, { protocol }: HttpRequest): Duplex {
  const wire = new Duplex({
    read() {},
    write(bytes: Uint8Array, _, done) {
      connection.write(bytes);
      done();
    },
  });
  const asSocket = { alpnProtocol: protocol === '2' ? 'h2' : false, ref: () => wire, unref: () => wire };
  return Object.assign(wire, asSocket).on('error', () => {});
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

function describe(error: Error): string {
  const closed = 'code' in error && error.code === 'UND_ERR_SOCKET' && error.message === 'other side closed';
  return closed ? 'closed before the answer was complete' : error.message.slice(0, 150);
}
