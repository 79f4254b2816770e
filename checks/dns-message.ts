import { Buffer } from 'node:buffer';
import { createRequire } from 'node:module';
import type dnsPacket from 'dns-packet';
import type { RecordType } from 'dns-packet';
import { printRecord } from './dns-record.ts';

export type RecordClass = 'IN' | 'CH';
export interface Question {
  /** Name of a type, or TYPE and its number (RFC 3597). */
  readonly type: string;
  readonly name: string;
  readonly class: RecordClass;
  readonly recursion: boolean;
}
/** Parts of an answer that hold records. */
export const sections = ['answer', 'authority', 'additional'] as const;
export type Section = (typeof sections)[number];

/** The first bytes of a message; the rest need not make sense. */
export interface Header {
  readonly id: number;
  readonly response: boolean;
  readonly truncated: boolean;
  readonly rcode: number;
}

/** A query with one question and no EDNS, the bytes of keepalived check_dns.c:dns_make_query. */
export function writeQuery({ type, name, class: questionClass, recursion }: Question, id: number): Buffer {
  // What the library has no name for it takes by number.
  const known = type.replace(/^TYPE(?=\d)/, 'UNKNOWN_') as RecordType;
  const { encode, RECURSION_DESIRED } = loadLibrary();
  return encode({
    type: 'query',
    id,
    flags: recursion ? RECURSION_DESIRED : 0,
    questions: [{ type: known, name, class: questionClass }],
  });
}

/** null: it is too short to be a message. */
export function readHeader(bytes: Uint8Array): Header | null {
  if (bytes.length < headerLength) return null;
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const flags = view.readUInt16BE(2);
  return {
    id: view.readUInt16BE(0),
    response: (flags & 0x8000) !== 0,
    truncated: (flags & 0x0200) !== 0,
    rcode: flags & 0x000f,
  };
}

/** The records as dig prints them, with single blanks; null: the message cannot be read. */
export function readRecords(bytes: Uint8Array): Readonly<Record<Section, readonly string[]>> | null {
  try {
    const { answers = [], authorities = [], additionals = [] } = loadLibrary().decode(Buffer.from(bytes));
    return {
      answer: answers.map(printRecord),
      authority: authorities.map(printRecord),
      additional: additionals.map(printRecord),
    };
  } catch {
    // The library throws at what is no message, and a server that sends such a thing is sick.
    return null;
  }
}

const headerLength = 12;

let loaded: typeof dnsPacket | null = null;

/** When it is first wanted: most configurations ask no name server. */
function loadLibrary(): typeof dnsPacket {
  loaded ??= createRequire(import.meta.url)('dns-packet') as typeof dnsPacket;
  return loaded;
}
