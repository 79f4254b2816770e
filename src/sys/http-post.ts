import { Buffer } from 'node:buffer';
import { isIP } from 'node:net';
import type {
  HttpClient,
  HttpHeaders,
  HttpRequest,
  HttpSession,
  Post,
  PostOutcome,
  PostRequest,
  SocketFault,
  Sockets,
  TlsOptions,
} from '../model/ports.ts';
import type { Clock, Ms } from '../model/time.ts';

export interface PostOptions {
  /** For the connection and the whole answer. */
  readonly timeout: Ms;
  /** File of the authorities; null = those that this host trusts. */
  readonly ca: string | null;
}
export interface PostModules {
  readonly clock: Clock;
  readonly sockets: Sockets;
  readonly http: HttpClient;
}

/** Bytes of an answer that are kept, and after which no more is read. */
const kept = 4_096;
const most = 65_536;

/** HTTP/1.1 over one fresh connection for each request. A name is resolved by the system, and its addresses are tried in turn. */
export function createPost(options: PostOptions, modules: PostModules): Post {
  return (request, signal) => new Promise(resolve => new Posting(request, options, modules, signal, resolve));
}

class Posting {
  readonly #resolve: (outcome: PostOutcome) => void;
  readonly #stop: () => void;
  readonly #connection: { close(): void };
  #session: HttpSession | null = null;
  #answer: { readonly status: number; readonly headers: HttpHeaders } | null = null;
  readonly #pieces: Buffer[] = [];
  #bytes = 0;
  #fault: SocketFault | null = null;
  #released = false;
  /** The first one counts; it is told when the connection is released. */
  #outcome: PostOutcome | null = null;

  constructor(
    request: PostRequest,
    { timeout, ca }: PostOptions,
    { clock, sockets, http }: PostModules,
    signal: AbortSignal,
    resolve: (outcome: PostOutcome) => void,
  ) {
    const url = new URL(request.url);
    this.#resolve = resolve;
    const cancel = clock.at(clock.now() + timeout, () => this.#end(`no complete answer within ${timeout / 1000} s`));
    const abort = (): void => this.#end('broken off before the server had answered');
    signal.addEventListener('abort', abort);
    this.#stop = () => {
      cancel();
      signal.removeEventListener('abort', abort);
    };
    this.#connection = sockets.connect({ address: hostOf(url), port: portOf(url) }, tlsOf(url, ca), {
      opened: connection => {
        if (this.#outcome) return;
        this.#session = http.request(connection, composeRequest(url, request), {
          response: (status, headers) => {
            this.#answer = { status, headers };
          },
          data: bytes => this.#take(bytes),
          complete: () => this.#end('closed without an answer'),
          failed: detail => this.#end(this.#fault?.message ?? detail),
        });
      },
      data: bytes => this.#session?.receive(bytes),
      ended: () => this.#session?.end(),
      closed: fault => this.#closed(fault),
    });
    if (signal.aborted) abort();
  }

  #take(bytes: Uint8Array): void {
    if (this.#bytes < kept) this.#pieces.push(Buffer.from(bytes.subarray(0, kept - this.#bytes)));
    this.#bytes += bytes.length;
    if (this.#bytes > most) this.#end('its answer has no end');
  }

  #closed(fault: SocketFault | null): void {
    this.#released = true;
    this.#fault = fault;
    if (this.#outcome) this.#resolve(this.#outcome);
    else if (this.#session === null) this.#end(fault?.message ?? 'closed before it could be asked');
    // The client says what is to be made of that which came before.
    else this.#session.end();
  }

  /** A status that has come counts, whatever became of the rest. */
  #end(detail: string): void {
    if (this.#outcome) return;
    const text = Buffer.concat(this.#pieces).toString('utf8');
    this.#outcome = this.#answer ? { kind: 'answered', ...this.#answer, text } : { kind: 'failed', detail };
    this.#stop();
    this.#session?.abort();
    if (this.#released) this.#resolve(this.#outcome);
    else this.#connection.close();
  }
}

/** Without the brackets of an IPv6 address. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

function tlsOf(url: URL, ca: string | null): TlsOptions | null {
  if (url.protocol !== 'https:') return null;
  const name = hostOf(url);
  return {
    serverName: isIP(name) === 0 ? name : null,
    verify: { name, ...(ca !== null && { ca }) },
    reuseSession: false,
  };
}

function composeRequest(url: URL, { headers, body }: PostRequest): HttpRequest {
  return {
    protocol: '1.1',
    secure: url.protocol === 'https:',
    method: 'POST',
    path: `${url.pathname}${url.search}`,
    headers: [{ name: 'Host', value: url.host }, { name: 'Content-Type', value: 'application/json' }, ...headers],
    body: Buffer.from(body, 'utf8').toString('latin1'),
  };
}
