import { Buffer } from 'node:buffer';

/** Tag of the peer's certificate in OpenSSL's SSL_SESSION: the context-specific field 3. */
const certificateTag = 0xa3;
const sequenceTag = 0x30;

/**
 * A session without the certificate in it: decoding that costs more than all that resuming saves, each time that the session is
 * offered. null = these are no bytes of a session.
 */
export function stripCertificate(bytes: Uint8Array): Buffer | null {
  const session = unwrapSession(bytes);
  const whole = readElement(session, 0);
  if (whole === null || session[0] !== sequenceTag || whole.end !== session.length) return null;
  const kept: Uint8Array[] = [];
  for (let at = whole.start; at < whole.end; ) {
    const field = readElement(session, at);
    if (field === null) return null;
    if (session[at] !== certificateTag) kept.push(session.subarray(at, field.end));
    at = field.end;
  }
  const body = Buffer.concat(kept);
  return Buffer.concat([bytes.subarray(0, bytes.length - session.length), encodeHead(body.length), body]);
}

/**
 * What OpenSSL has serialised. Node 24.21 puts the server's name before it, without which a `TLSSocket` that verifies does not use
 * it: NUL, a word, NUL, the name's length in two bytes, the name.
 */
export function unwrapSession(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0) return bytes;
  const end = bytes.indexOf(0, 1);
  const length = (bytes[end + 1] ?? 0) * 256 + (bytes[end + 2] ?? 0);
  return end < 0 ? bytes : bytes.subarray(end + 3 + length);
}

/** Where the contents of the DER element at `at` are; null = it does not fit, or its tag or length is none of SSL_SESSION's. */
function readElement(bytes: Uint8Array, at: number): { readonly start: number; readonly end: number } | null {
  const first = bytes[at + 1];
  if (first === undefined || ((bytes[at] ?? 0) & 0x1f) === 0x1f) return null;
  const size = first & 0x80 ? first & 0x7f : 0;
  // Sessions are smaller than 64 KiB, and DER has no open end.
  if (size > 2 || first === 0x80) return null;
  let length = size === 0 ? first : 0;
  for (let index = 0; index < size; index++) length = length * 256 + (bytes[at + 2 + index] ?? 0);
  const start = at + 2 + size;
  const end = start + length;
  return end <= bytes.length ? { start, end } : null;
}

function encodeHead(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(sequenceTag, length);
  if (length < 0x100) return Uint8Array.of(sequenceTag, 0x81, length);
  return Uint8Array.of(sequenceTag, 0x82, length >> 8, length & 0xff);
}
