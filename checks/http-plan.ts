import type { CheckTarget, Report } from '../src/model/check.ts';
import type { StatusRange, Values } from '../src/model/params.ts';
import type { HttpRequest, TlsOptions } from '../src/model/ports.ts';
import { type ConnectionSpec, planConnection } from './connect-params.ts';
import { type Expectations, needsClient, planClientRequest } from './http-client-plan.ts';
import { planRegex, type RegexSpec } from './http-regex.ts';
import { formatRequest, type HttpProtocol } from './http-request.ts';
import { judgeTls, planExpiryWarning, planTls } from './tls-params.ts';

/** One URL to fetch and what must come back. */
export interface UrlSpec {
  readonly path: string;
  /** The whole request as it goes out, or what an HTTP client is to say. */
  readonly request: string | HttpRequest;
  /** null = a plain connection. */
  readonly tls: TlsOptions | null;
  readonly status: readonly StatusRange[];
  /** Lower-case hexadecimal MD5. */
  readonly digest: string | null;
  readonly regex?: RegexSpec;
  /** Through an HTTP client only. */
  readonly expect?: Expectations;
}
export interface HttpSpec {
  readonly connection: ConnectionSpec;
  readonly urls: readonly UrlSpec[];
  /** Days before the end of a certificate from which on it is warned of; left out = never. */
  readonly expiryWarning?: number;
}

const anySuccess: readonly StatusRange[] = [{ from: 200, to: 299 }];

/** Turns a HTTP_GET or SSL_GET block into its one check. */
export function planHttp(
  keyword: 'HTTP_GET' | 'SSL_GET',
  values: Values,
  target: CheckTarget,
  report: Report,
): readonly HttpSpec[] {
  const connection = planConnection(values, target, report);
  const blocks = values.all<Values>('url');
  if (blocks.length === 0) {
    report(
      'error',
      'no-url',
      `${keyword} has no url block, so there is nothing to fetch`,
      values.span,
      'write: url { path / }',
    );
  }
  if (connection === null) return [];
  const urls = blocks.map(url => planUrl(keyword, url, values, connection, target, report));
  // A check of some of the URLs would pass where the written one fails.
  if (urls.length === 0 || !urls.every(url => url !== null)) return [];
  if (keyword === 'HTTP_GET') return [{ connection, urls }];
  judgeTls(values, report);
  const expiryWarning = planExpiryWarning(values);
  return [{ connection, urls, ...(expiryWarning > 0 && { expiryWarning }) }];
}

function planUrl(
  keyword: 'HTTP_GET' | 'SSL_GET',
  url: Values,
  checker: Values,
  connection: ConnectionSpec,
  target: CheckTarget,
  report: Report,
): UrlSpec | null {
  const path = url.get<string>('path');
  if (path === undefined) {
    report('error', 'no-path', 'the url has no path', url.span, 'write: path /');
    return null;
  }
  const regex = planRegex(url, target, report);
  if (regex === null && url.has('regex')) return null;
  const virtualhost = url.get<string>('virtualhost') ?? checker.get<string>('virtualhost') ?? target.virtualhost;
  const lists = url.all<readonly StatusRange[]>('status_code');
  const codes = lists.length === 1 ? lists[0] : lists.flat();
  const secure = keyword === 'SSL_GET';
  const tls = secure ? planTls(checker, virtualhost, connection.address, target) : null;
  const common = {
    path,
    status: codes !== undefined && codes.length > 0 ? codes : anySuccess,
    digest: url.get<string>('digest')?.toLowerCase() ?? null,
    ...(regex !== null && { regex }),
  };
  if (!needsClient(url, checker)) {
    const protocol = checker.get<HttpProtocol>('http_protocol') ?? '1.0';
    // Node.js 20 gives each object to which something is added after a spread a class of its own, and forgets how to read it.
    return { request: formatRequest({ protocol, path, virtualhost, endpoint: connection }), tls, ...common };
  }
  const client = planClientRequest({ url, checker, secure, path, virtualhost, connection }, target, report);
  const protocols = client?.request.protocol === '2' ? ['h2'] : ['http/1.1'];
  return client && { ...common, ...client, tls: tls && { ...tls, protocols } };
}
