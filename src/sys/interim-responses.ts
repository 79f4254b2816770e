import { Buffer } from 'node:buffer';

/** Bytes of one such header; what is longer goes on to whoever reads the answer. */
const limit = 65_536;
/** Of `HTTP/1.1 100`. */
const startLength = 12;
const none = new Uint8Array(0);

/**
 * Takes what comes before the answer out of the bytes of an HTTP/1 connection: 100 Continue and the like, which a client
 * has to pass over even if it did not ask for them (RFC 9110, section 15.2). undici takes 100 for a fault. 101 would be an answer.
 */
export function createInterimFilter(): (bytes: Uint8Array) => Uint8Array {
  let held = Buffer.alloc(0);
  let passed = false;
  return bytes => {
    if (passed) return bytes;
    held = Buffer.concat([held, bytes]);
    for (;;) {
      const text = held.toString('latin1');
      const isInterim = /^HTTP\/1\.\d 1(?!01)\d\d/.test(text);
      const end = isInterim ? /\r?\n\r?\n/.exec(text) : null;
      if (end !== null) held = held.subarray(end.index + end[0].length);
      else if (held.length < limit && (isInterim || held.length < startLength)) return none;
      else break;
    }
    passed = true;
    return held;
  };
}
