import { Buffer } from 'node:buffer';

/** What keepalived fills packets with that say nothing (core/layer4.c:set_buf): a text, repeated and cut. */
export function fill(length: number): Buffer {
  return Buffer.alloc(length, 'keepalived check - ');
}
