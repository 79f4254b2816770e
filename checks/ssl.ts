import type { Checker } from '../src/model/check.ts';
import { checkUrls } from './http-check.ts';
import { sslParams } from './http-params.ts';
import { type HttpSpec, planHttp } from './http-plan.ts';

/** HTTP_GET over TLS. The certificate is not verified, as with keepalived. */
export const ssl: Checker<HttpSpec> = {
  keyword: 'SSL_GET',
  doc: 'Fetches one or more URLs over TLS like HTTP_GET; the certificate is not verified.',
  params: sslParams,
  defaultRetry: 1,
  defaultDelayBeforeRetry: 3000,
  pace: 'end',
  mail: { up: 'CHECK succeed on service', down: 'CHECK failed on service : HTTP/SSL request failed' },
  plan: (values, target, report) => planHttp('SSL_GET', values, target, report),
  check: checkUrls,
};
