import type { Params } from '../../model/params.ts';
import { type RowOptions, row, word } from './rows.ts';

/** A second one replaces the first, and keepalived complains (keepalived check/check_parser.c:handle_ssl_file). */
const unused: RowOptions = { keepalivedOnly: true, repeat: 'replace' };

/** The root block SSL: what SSL_GET shows of itself to servers that ask for a certificate. */
export const sslRows: Params = [
  row('password', { kind: 'secret' }, 'Password of the key.', unused),
  row('ca', word, 'File of the authorities that are trusted.', unused),
  row('certificate', word, 'File of the certificate.', unused),
  row('key', word, 'File of its key.', unused),
];
