import type { Params } from '../../model/params.ts';
import { type RowOptions, row, word } from './rows.ts';

/** A second one replaces the first, and keepalived complains (keepalived check/check_parser.c:handle_ssl_file). */
const single: RowOptions = { repeat: 'replace' };

/** The root block SSL: what SSL_GET shows of itself to servers that ask for a certificate. */
export const sslRows: Params = [
  row('password', { kind: 'secret' }, 'Password of the key.', single),
  row(
    'ca',
    word,
    'File of the authorities that SSL_GET trusts when it is to verify; keepalived reads it and does not use it.',
    single,
  ),
  row(
    'certificate',
    word,
    'File of the certificate (PEM, with those between it and its authority), read anew when it changes.',
    single,
  ),
  row('key', word, 'File of its key.', single),
];
