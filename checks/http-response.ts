import { Buffer } from 'node:buffer';
import { quoteBytes } from './quote.ts';

/** How the reader stands after some bytes. */
type ResponseState =
  | { readonly kind: 'header' }
  | { readonly kind: 'body' }
  /** All of the response is there; nothing more is to be read. */
  | { readonly kind: 'complete' }
  | { readonly kind: 'fault'; readonly detail: string };

/** Reads one HTTP response, in pieces of any size; the work is linear in the bytes. */
export interface ResponseReader {
  push(bytes: Uint8Array): ResponseState;
  /** null until the header has been read. */
  status(): number | null;
  /** Bytes of the body so far, framing of chunks included. */
  bodyLength(): number;
  /** What Content-Length announced, or null. */
  announced(): number | null;
  /** Whether the end of the connection is the end of this body. */
  endsWithConnection(): boolean;
}

/** keepalived reads 4095 bytes of header; proxies send more. */
const headerLimit = 65_536;
type Framing =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked'; readonly push: (bytes: Uint8Array) => number | 'more' | 'malformed' }
  | { readonly kind: 'connection' };
interface Header {
  readonly status: number;
  readonly framing: Framing;
}

/** Gets the raw bytes; they may be overwritten afterwards. */
interface ResponseSink {
  /** The header of the answer with the empty line that ends it. */
  header(bytes: Uint8Array): void;
  /** What counts for the digest: at most Content-Length, and chunks with their framing. */
  body(bytes: Uint8Array): void;
}

export function createResponseReader(sink: ResponseSink): ResponseReader {
  return new Reader(sink);
}

const stillHeader: ResponseState = { kind: 'header' };
const stillBody: ResponseState = { kind: 'body' };
const isComplete: ResponseState = { kind: 'complete' };
const untilTheEnd = { kind: 'connection' } as const;

class Reader implements ResponseReader {
  readonly #sink: ResponseSink;
  #state: ResponseState = stillHeader;
  #framing: Framing = untilTheEnd;
  #status: number | null = null;
  #received = 0;
  /** A header that comes in pieces; most come whole and are never copied. */
  #header: Buffer | null = null;
  #headerLength = 0;
  #lineStart = 0;

  constructor(sink: ResponseSink) {
    this.#sink = sink;
  }

  push(bytes: Uint8Array): ResponseState {
    let from = 0;
    while (this.#state.kind === 'header' && from < bytes.length) {
      const rest = from === 0 ? bytes : bytes.subarray(from);
      from += this.#takeWholeHeader(rest) || this.#takeHeader(rest);
    }
    if (this.#state.kind === 'body' && from < bytes.length) this.#takeBody(from === 0 ? bytes : bytes.subarray(from));
    return this.#state;
  }

  status(): number | null {
    return this.#status;
  }

  bodyLength(): number {
    return this.#received;
  }

  announced(): number | null {
    return announcedBy(this.#framing);
  }

  endsWithConnection(): boolean {
    return this.#framing.kind === 'connection';
  }

  /** 0: the header is not whole, or wrong from its first line on. */
  #takeWholeHeader(bytes: Uint8Array): number {
    if (this.#headerLength > 0) return 0;
    const end = findHeaderEnd(bytes);
    if (end === 0) return 0;
    const text = textOf(bytes, end);
    const status = statusOf(text);
    if (status === null) return 0;
    this.#endHeader(bytes.subarray(0, end), text, status);
    return end;
  }

  /** Takes header bytes up to the end of the header, an empty line; tells how many. */
  #takeHeader(bytes: Uint8Array): number {
    this.#header ??= Buffer.allocUnsafe(1024);
    for (let index = 0; index < bytes.length; index++) {
      if (this.#headerLength === headerLimit) {
        this.#state = { kind: 'fault', detail: `header longer than ${headerLimit} bytes` };
        return index;
      }
      if (this.#headerLength === this.#header.length) {
        this.#header = Buffer.concat([this.#header], this.#header.length * 2);
      }
      const byte = bytes[index] ?? 0;
      this.#header[this.#headerLength++] = byte;
      if (byte !== 0x0a) continue;
      const line = this.#header.subarray(this.#lineStart, this.#headerLength);
      const first = this.#lineStart === 0;
      this.#lineStart = this.#headerLength;
      if (first && parseStatus(line.toString('latin1').trimEnd()) === null) {
        this.#state = { kind: 'fault', detail: `status line ${quoteBytes(line)}` };
        return index;
      }
      if (!first && isEmptyLine(line)) {
        const header = this.#header.subarray(0, this.#headerLength);
        this.#headerLength = 0;
        this.#lineStart = 0;
        const text = textOf(header, header.length);
        this.#endHeader(header, text, statusOf(text) ?? 0);
        return index + 1;
      }
    }
    return bytes.length;
  }

  #endHeader(bytes: Uint8Array, text: string, status: number): void {
    const read = parseHeader(text, status);
    if ('fault' in read) this.#state = { kind: 'fault', detail: read.fault };
    // 100 Continue and the like come before the answer. 101 would be one, but nobody asked for it.
    else if (read.status >= 200 || read.status === 101) {
      this.#status = read.status;
      this.#framing = read.framing;
      this.#sink.header(bytes);
      this.#state = read.framing.kind === 'none' || announcedBy(read.framing) === 0 ? isComplete : stillBody;
    }
  }

  #takeBody(bytes: Uint8Array): void {
    const framing = this.#framing;
    let take = bytes.length;
    if (framing.kind === 'length') take = Math.min(take, framing.length - this.#received);
    if (framing.kind === 'chunked') {
      const end = framing.push(bytes);
      // keepalived does not look at chunks: what is wrong with them is no reason to fail, the connection's end ends it.
      if (end === 'malformed') this.#framing = untilTheEnd;
      else if (end !== 'more') {
        take = end;
        this.#state = isComplete;
      }
    }
    this.#received += take;
    if (take > 0) this.#sink.body(take === bytes.length ? bytes : bytes.subarray(0, take));
    if (framing.kind === 'length' && this.#received === framing.length) this.#state = isComplete;
  }
}

/** Length of a header that is there with its last, empty line; 0: it is not, or it is longer than one may be. */
function findHeaderEnd(bytes: Uint8Array): number {
  const limit = Math.min(bytes.length, headerLimit);
  for (let index = 0; index < limit; index++) {
    if (bytes[index] !== 0x0a) continue;
    if (bytes[index + 1] === 0x0a && index + 1 < limit) return index + 2;
    if (bytes[index + 1] === 0x0d && bytes[index + 2] === 0x0a && index + 2 < limit) return index + 3;
  }
  return 0;
}

/** No view is made of what is a buffer already, as nearly all are. */
function textOf(bytes: Uint8Array, length: number): string {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, length);
  return buffer.toString('latin1', 0, length);
}

function statusOf(header: string): number | null {
  return parseStatus(header.slice(0, header.indexOf('\n')).trimEnd());
}

/** A lone LF is accepted as the end of a line; keepalived wants CR LF. */
function isEmptyLine(line: Uint8Array): boolean {
  return line.length === 1 || (line.length === 2 && line[0] === 0x0d);
}

function announcedBy(framing: Framing): number | null {
  return framing.kind === 'length' ? framing.length : null;
}

/** As keepalived lib/html.c:extract_status_code: the version's text does not matter; a reason may be missing here. */
function parseStatus(line: string): number | null {
  const code = /^[^ ]* (\d{3})(?: |$)/.exec(line)?.[1];
  return code === undefined ? null : Number(code);
}

function parseHeader(text: string, status: number): Header | { readonly fault: string } {
  let start = text.indexOf('\n') + 1;
  let length: number | null = null;
  let chunked = false;
  for (let end = text.indexOf('\n', start); end >= 0; start = end + 1, end = text.indexOf('\n', start)) {
    // Content-Length and Transfer-Encoding are all that is wanted.
    const initial = text.charCodeAt(start) | 0x20;
    if (initial !== 0x63 && initial !== 0x74) continue;
    const line = text.slice(start, end);
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trimEnd().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (colon > 0 && name === 'transfer-encoding') chunked = /(?:^|,)\s*chunked$/i.test(value);
    // What is no number is ignored, as by keepalived.
    if (colon <= 0 || name !== 'content-length' || !/^\d{1,15}$/.test(value)) continue;
    if (length !== null && length !== Number(value)) return { fault: `two Content-Length, ${length} and ${value}` };
    length = Number(value);
  }
  return { status, framing: chooseFraming(status, chunked, length) };
}

/** RFC 9112 section 6.3. */
function chooseFraming(status: number, chunked: boolean, length: number | null): Framing {
  if (status < 200 || status === 204 || status === 304) return { kind: 'none' };
  if (chunked) return { kind: 'chunked', push: createChunkScanner() };
  return length === null ? untilTheEnd : { kind: 'length', length };
}

/** Finds the end of a chunked body without decoding it: tells the number of bytes up to it in the piece that has it. */
function createChunkScanner(): (bytes: Uint8Array) => number | 'more' | 'malformed' {
  let state: 'size' | 'extension' | 'data' | 'after-data' | 'trailer' = 'size';
  let size = 0;
  let digits = 0;
  let trailerLine = 0;
  return bytes => {
    for (let index = 0; index < bytes.length; index++) {
      const byte = bytes[index] ?? 0;
      switch (state) {
        case 'size': {
          const digit = hexDigit(byte);
          if (digit >= 0 && digits < 12) {
            size = size * 16 + digit;
            digits++;
            break;
          }
          if (digits === 0 || digit >= 0) return 'malformed';
          state = 'extension';
          index--;
          break;
        }
        case 'extension':
          if (byte !== 0x0a) break;
          state = size === 0 ? 'trailer' : 'data';
          trailerLine = 0;
          break;
        case 'data': {
          const skip = Math.min(size, bytes.length - index);
          size -= skip;
          index += skip - 1;
          if (size === 0) state = 'after-data';
          break;
        }
        case 'after-data':
          if (byte === 0x0d) break;
          if (byte !== 0x0a) return 'malformed';
          state = 'size';
          digits = 0;
          break;
        case 'trailer':
          if (byte === 0x0a && trailerLine === 0) return index + 1;
          if (byte === 0x0a) trailerLine = 0;
          else if (byte !== 0x0d) trailerLine++;
          break;
      }
    }
    return 'more';
  };
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
