import { createHash, type Hash, hash } from 'node:crypto';
import type { Connection, HttpHeaders } from '../src/model/ports.ts';
import { closedEarly, type Dialogue, type Turn, type Verdict } from './exchange.ts';
import { type BodyKeeper, createBodyKeeper, type KeptBody } from './http-body.ts';
import { createResponseReader, type ResponseReader } from './http-response.ts';

/** HTTP_GET compares MD5; `genhash` prints the others too. */
export const digestAlgorithms = ['md5', 'sha1', 'sha256'] as const;
export type DigestAlgorithm = (typeof digestAlgorithms)[number];

/** A response of which all has come that will come. */
export interface HttpResponse {
  readonly status: number;
  /** Bytes of the body as it travels. */
  readonly bytes: number;
  /** Lower-case hexadecimal digest of these bytes; null when it was not asked for. */
  readonly digest: string | null;
  /** These bytes; null when they were not asked for. */
  readonly body: KeptBody | null;
  /** Why these bytes are not the whole body, in words; null: they are. */
  readonly cut: string | null;
}
export interface HttpDialogueOptions {
  /** null: none is wanted. */
  readonly digest: DigestAlgorithm | null;
  readonly keepBody?: boolean;
  /** Gets the connection before the request goes out. */
  opened?(connection: Connection): void;
  /** A verdict ends the conversation before the body has come. */
  judgeStatus(status: number): Verdict | null;
  /** `headers` are known where an HTTP client has read them. */
  judge(response: HttpResponse, headers: HttpHeaders | null): Verdict;
}
/** Gets the raw bytes while they come; they may be overwritten afterwards. */
export interface ResponseWatch {
  /** The whole header, with the empty line that ends it. */
  header(bytes: Uint8Array): void;
  /** What counts for the digest. */
  body(bytes: Uint8Array): void;
}

/**
 * One request and its response: what HTTP_GET compares and what genhash prints are computed here.
 * @param request the whole of it, as it goes out
 */
export function createHttpDialogue(
  request: string,
  options: HttpDialogueOptions,
  watch: ResponseWatch | null = null,
): Required<Dialogue> {
  return new HttpDialogue(request, options, watch);
}

class HttpDialogue implements Required<Dialogue> {
  readonly #request: string;
  readonly #options: HttpDialogueOptions;
  readonly #watch: ResponseWatch | null;
  readonly #reader: ResponseReader;
  readonly #keeper: BodyKeeper | null;
  /** Of a body that comes in pieces. */
  #hash: Hash | null = null;
  /** Of one that came whole. */
  #digest: string | null = null;

  constructor(request: string, options: HttpDialogueOptions, watch: ResponseWatch | null) {
    this.#request = request;
    this.#options = options;
    this.#watch = watch;
    this.#keeper = options.keepBody ? createBodyKeeper() : null;
    this.#reader = createResponseReader(this);
  }

  opened(connection: Connection): Turn {
    this.#options.opened?.(connection);
    return { send: this.#request };
  }

  data(bytes: Uint8Array): Turn {
    const state = this.#reader.push(bytes);
    switch (state.kind) {
      case 'header':
        return 'wait';
      case 'fault':
        return { ok: false, reason: 'protocol', detail: state.detail };
      // What the body says does not matter when the status is wrong.
      case 'body':
        return this.#judgeStatus() ?? 'wait';
      case 'complete':
        return this.#judgeStatus() ?? this.#judge(null);
    }
  }

  ended(): Verdict {
    const reader = this.#reader;
    if (reader.status() === null) return closedEarly('without a complete header');
    if (reader.endsWithConnection()) return this.#judge(null);
    const missing = reader.announced() === null ? ', before its last chunk' : ` of ${reader.announced()}`;
    return this.#judge(`body cut after ${reader.bodyLength()} bytes${missing}`);
  }

  // Servers that close with unread bytes send a reset behind a complete answer (keepalived issues 180 and 765):
  // a body that the connection ends is judged by its status and digest, a shorter one than announced is cut.
  broken(): Verdict | null {
    return this.#reader.status() === null ? null : this.ended();
  }

  again(): Dialogue {
    return new HttpDialogue(this.#request, this.#options, this.#watch);
  }

  /** Of the reader. */
  header(bytes: Uint8Array): void {
    this.#watch?.header(bytes);
  }

  /** Of the reader. */
  body(bytes: Uint8Array): void {
    const { digest } = this.#options;
    if (digest !== null) {
      if (bytes.length === this.#reader.announced()) this.#digest = hash(digest, bytes);
      else {
        this.#hash ??= createHash(digest);
        this.#hash.update(bytes);
      }
    }
    this.#keeper?.push(bytes);
    this.#watch?.body(bytes);
  }

  #judgeStatus(): Verdict | null {
    const status = this.#reader.status();
    return status === null ? null : this.#options.judgeStatus(status);
  }

  #judge(cut: string | null): Verdict {
    const { digest } = this.#options;
    const response = {
      status: this.#reader.status() ?? 0,
      bytes: this.#reader.bodyLength(),
      digest: digest === null ? null : (this.#digest ?? (this.#hash ?? createHash(digest)).digest('hex')),
      body: this.#keeper?.kept() ?? null,
      cut,
    };
    return this.#options.judge(response, null);
  }
}
