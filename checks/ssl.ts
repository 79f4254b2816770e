import type { Checker } from '../src/model/check.ts';
import { http } from './http.ts';
import { sslParams } from './http-params.ts';
import { type HttpSpec, planHttp } from './http-plan.ts';

/** HTTP_GET over TLS. The certificate is not verified unless that is asked for, as keepalived never does. */
export const ssl: Checker<HttpSpec> = {
  ...http,
  keyword: 'SSL_GET',
  doc: 'Fetches one or more URLs over TLS like HTTP_GET; any certificate passes unless verify is on.',
  params: sslParams,
  plan: (values, target, report) => planHttp('SSL_GET', values, target, report),
};
