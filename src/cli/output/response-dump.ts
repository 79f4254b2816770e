import { Buffer } from 'node:buffer';
import type { DigestWatch } from '../../../checks/http-digest.ts';
import type { Output } from '../io.ts';

export interface ResponseDump extends DigestWatch {
  /** The digest, once all has come. */
  digest(hex: string): void;
}

/** Writes what comes while it comes, byte for byte as keepalived's genhash -v (check_http.c:http_process_response). */
export function createResponseDump({ write }: Pick<Output, 'write'>): ResponseDump {
  let place: 'header' | 'header-end' | 'body' = 'header';
  return {
    read() {
      if (place === 'header') write(formatTitle('   HTTP Header Buffer   '));
      else place = 'body';
    },
    header(bytes) {
      place = 'header-end';
      write(formatDump(bytes));
      write(formatTitle('HTTP Header Ascii Buffer'));
      write(textOf(bytes));
      write('\n');
    },
    body(bytes) {
      // keepalived writes this only above a body that begins in the read that ended the header.
      if (place === 'header-end') write(formatTitle('       HTML Buffer       '));
      write(formatDump(bytes));
    },
    digest(hex) {
      write(`\n${formatTitle('   HTML hash resulting   ')}`);
      write(formatDump(Buffer.from(hex, 'hex')));
      write(`${formatTitle('HTML hash final resulting')}${hex}\n`);
    },
  };
}

const dashes = '-'.repeat(23);
const bytesInLine = 16;

function formatTitle(title: string): string {
  return `${dashes}[ ${title} ]${dashes}\n`;
}

/** keepalived lib/utils.c:dump_buffer. */
function formatDump(bytes: Uint8Array): string {
  let text = '';
  for (let from = 0; from < bytes.length; from += bytesInLine) {
    const line = bytes.subarray(from, from + bytesInLine);
    const hex = Array.from({ length: bytesInLine }, (_, index) => formatByte(line[index]));
    const printable = Array.from(line, byte => (byte >= 0x20 && byte <= 0x7e ? String.fromCharCode(byte) : '.'));
    text += `${String(from).padStart(4, '0')} ${hex.slice(0, 8).join('')} -${hex.slice(8).join('')}   `;
    text += `${printable.join('').padEnd(bytesInLine)}\n`;
  }
  return text;
}

function formatByte(byte: number | undefined): string {
  return byte === undefined ? '   ' : ` ${byte.toString(16).padStart(2, '0')}`;
}

/** A string of C ends at its first zero byte. */
function textOf(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return Uint8Array.from(end < 0 ? bytes : bytes.subarray(0, end));
}
