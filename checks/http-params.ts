import type { Param, Params } from '../src/model/params.ts';
import { connectParams } from './connect-params.ts';
import { clientParams } from './http-client-params.ts';
import { httpProtocols } from './http-request.ts';
import { regexParams } from './regex-params.ts';
import { tlsParams } from './tls-params.ts';

const virtualhost: Param = {
  name: 'virtualhost',
  type: { kind: 'word' },
  doc: 'Host header and SNI, sent as written. A url has its own before that of the checker, the real server, the virtual server.',
  since: '1.3.6',
};
const tlsCompliant: Param = {
  name: 'tls_compliant',
  type: { kind: 'bool' },
  doc: 'Accepted without effect: the connection is closed without a TLS farewell (close_notify), whatever it says.',
  since: '2.2.8',
};

const urlParams: Params = [
  { name: 'path', type: { kind: 'word' }, doc: 'What to fetch, sent as written: `/index.html`.', required: true },
  {
    name: 'digest',
    type: { kind: 'md5' },
    doc: 'MD5 of the body as it travels, as `genhash` prints it.',
    repeat: 'first',
  },
  {
    name: 'status_code',
    type: { kind: 'status-codes' },
    doc: 'Codes and ranges that pass: `200 301-302`. Several lines add up.',
    default: '200-299',
    repeat: 'all',
  },
  virtualhost,
  ...regexParams,
  ...clientParams,
];

/** Keywords of HTTP_GET. */
export const httpParams: Params = getParams(urlParams);
/** Keywords of SSL_GET. */
export const sslParams: Params = [...getParams([...urlParams, tlsCompliant]), tlsCompliant, ...tlsParams];

function getParams(url: Params): Params {
  return [
    ...connectParams,
    virtualhost,
    {
      name: 'nb_get_retry',
      type: { kind: 'int', min: 0, max: 2 ** 32 - 1 },
      doc: 'Old name of retry.',
      deprecated: 'retry',
    },
    {
      name: 'http_protocol',
      type: { kind: 'choice', of: [...httpProtocols, '2'], ours: ['2'] },
      doc: 'Version in the request; 1.0C is 1.0 with `Connection: close`, and 1.1 has that too. 2 is ours, over plain connections too. Where a url has words of ours 1.1 is spoken, or 2.',
      default: '1.0',
      since: '2.0.17',
    },
    {
      name: 'enable_sni',
      type: { kind: 'bool' },
      doc: 'Sends the name of the server in the TLS handshake (SNI): sni_name, else the virtualhost.',
      default: 'false',
      since: '1.4.3',
    },
    { name: 'sni_name', type: { kind: 'word' }, doc: 'Name for SNI; turns enable_sni on.', since: '2.4.3' },
    {
      name: 'fast_recovery',
      type: { kind: 'bool' },
      doc: 'Accepted without effect: all URLs are fetched in every check, so that recovery is never slow.',
      since: '2.0.17',
    },
    {
      name: 'url',
      type: { kind: 'block', params: url },
      doc: 'One URL to fetch; several are fetched one after the other in each check.',
      repeat: 'all',
      required: true,
    },
  ];
}
