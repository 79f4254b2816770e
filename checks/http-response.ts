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
  let state: ResponseState = { kind: 'header' };
  let framing: Framing = { kind: 'connection' };
  let status: number | null = null;
  let received = 0;
  let header = Buffer.allocUnsafe(1024);
  let headerLength = 0;
  let lineStart = 0;

  /** Takes header bytes up to the end of the header, an empty line; tells how many. */
  const takeHeader = (bytes: Uint8Array): number => {
    for (let index = 0; index < bytes.length; index++) {
      if (headerLength === headerLimit) {
        state = { kind: 'fault', detail: `header longer than ${headerLimit} bytes` };
        return index;
      }
      if (headerLength === header.length) header = Buffer.concat([header], header.length * 2);
      const byte = bytes[index] ?? 0;
      header[headerLength++] = byte;
      if (byte !== 0x0a) continue;
      const line = header.subarray(lineStart, headerLength);
      const first = lineStart === 0;
      lineStart = headerLength;
      if (first && parseStatus(line.toString('latin1').trimEnd()) === null) {
        state = { kind: 'fault', detail: `status line ${quoteBytes(line)}` };
        return index;
      }
      if (!first && isEmptyLine(line)) {
        endHeader();
        return index + 1;
      }
    }
    return bytes.length;
  };
  const endHeader = (): void => {
    const bytes = header.subarray(0, headerLength);
    const read = parseHeader(bytes.toString('latin1'));
    headerLength = 0;
    lineStart = 0;
    if ('fault' in read) state = { kind: 'fault', detail: read.fault };
    // 100 Continue and the like come before the answer. 101 would be one, but nobody asked for it.
    else if (read.status >= 200 || read.status === 101) {
      ({ status, framing } = read);
      sink.header(bytes);
      state = { kind: framing.kind === 'none' || announcedBy(framing) === 0 ? 'complete' : 'body' };
    }
  };
  const takeBody = (bytes: Uint8Array): void => {
    let take = bytes.length;
    if (framing.kind === 'length') take = Math.min(take, framing.length - received);
    if (framing.kind === 'chunked') {
      const end = framing.push(bytes);
      // keepalived does not look at chunks: what is wrong with them is no reason to fail, the connection's end ends it.
      if (end === 'malformed') framing = { kind: 'connection' };
      else if (end !== 'more') {
        take = end;
        state = { kind: 'complete' };
      }
    }
    received += take;
    if (take > 0) sink.body(take === bytes.length ? bytes : bytes.subarray(0, take));
    if (framing.kind === 'length' && received === framing.length) state = { kind: 'complete' };
  };

  return {
    push(bytes) {
      let from = 0;
      while (state.kind === 'header' && from < bytes.length) from += takeHeader(bytes.subarray(from));
      if (state.kind === 'body' && from < bytes.length) takeBody(from === 0 ? bytes : bytes.subarray(from));
      return state;
    },
    status: () => status,
    bodyLength: () => received,
    announced: () => announcedBy(framing),
    endsWithConnection: () => framing.kind === 'connection',
  };
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

function parseHeader(text: string): Header | { readonly fault: string } {
  const [first = '', ...lines] = text.split('\n').map(line => line.trimEnd());
  const status = parseStatus(first) ?? 0;
  let length: number | null = null;
  let chunked = false;
  for (const line of lines) {
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
  return length === null ? { kind: 'connection' } : { kind: 'length', length };
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
