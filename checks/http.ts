import type { Checker } from '../src/model/check.ts';
import { beginUrl, checkUrls } from './http-check.ts';
import { httpParams } from './http-params.ts';
import { type HttpSpec, planHttp } from './http-plan.ts';

/** Fetches every `url` block; status, and digest if given, must be right. */
export const http: Checker<HttpSpec> = {
  keyword: 'HTTP_GET',
  doc: 'Fetches one or more URLs over HTTP and looks at status and digest; the first that is wrong fails the check.',
  params: httpParams,
  defaultRetry: 1,
  defaultDelayBeforeRetry: 3000,
  pace: 'end',
  mail: { up: 'CHECK succeed on service', down: 'CHECK failed on service : HTTP/SSL request failed' },
  plan: (values, target, report) => planHttp('HTTP_GET', values, target, report),
  check: checkUrls,
  begin: beginUrl,
  peer: spec => spec.connection,
  // For each URL its connection, and as long again its answer.
  longest: spec => 2 * spec.connection.timeout * spec.urls.length,
};
