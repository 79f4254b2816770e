import type { CheckTarget, Report } from '../src/model/check.ts';
import { formatEndpoint } from '../src/model/endpoint.ts';
import type { Values } from '../src/model/params.ts';
import type { HttpHeader, HttpRequest } from '../src/model/ports.ts';
import type { ConnectionSpec } from './connect-params.ts';
import { clientParams, type HeaderExpectation, type JsonExpectation } from './http-client-params.ts';
import { userAgent } from './http-request.ts';

/** What an answer must say besides status, digest and pattern. */
export interface Expectations {
  readonly headers: readonly (HeaderExpectation & { readonly wanted: boolean })[];
  readonly json: readonly JsonExpectation[];
}
interface ClientPlan {
  readonly request: HttpRequest;
  readonly expect: Expectations;
}
interface Scope {
  readonly url: Values;
  readonly checker: Values;
  readonly secure: boolean;
  readonly path: string;
  readonly virtualhost: string | null;
  readonly connection: ConnectionSpec;
}

/** Whether a url asks for more than keepalived's request can say. */
export function needsClient(url: Values, checker: Values): boolean {
  return checker.get<string>('http_protocol') === '2' || clientParams.some(({ name }) => url.has(name));
}

/** What the HTTP client is to do; null = it cannot be done as written (reported). */
export function planClientRequest(scope: Scope, { patterns }: CheckTarget, report: Report): ClientPlan | null {
  const { url, checker, path } = scope;
  let possible = true;
  const refuse = (code: string, message: string, values: Values, name: string, hint: string): void => {
    report('error', code, message, values.spanOf(name), hint);
    possible = false;
  };
  const protocol = checker.get<string>('http_protocol') ?? '1.1';
  const word = clientParams.find(({ name }) => url.has(name))?.name;
  if (/^1\.0/.test(protocol)) {
    const message = `${word} is said in HTTP/1.1 or 2, not in ${protocol}`;
    refuse('old-protocol', message, checker, 'http_protocol', 'write: @checkalived http_protocol 1.1');
  }
  if (!/^\/[\x21-\x7e]*$/.test(path)) {
    const message = `the path ${path} cannot be sent with ${word ?? 'http_protocol 2'}`;
    refuse('bad-path', message, url, 'path', 'begin with a slash, and write blanks and the like as %20');
  }
  const twice = findSecond(url.all<HttpHeader>('header'));
  if (twice !== undefined) {
    const message = `a request has one header ${twice}, and here are several`;
    refuse('repeated-header', message, url, 'header', 'keep one of them');
  }
  const headers = (['expect_header', 'refuse_header'] as const).flatMap(name =>
    url.all<HeaderExpectation>(name).map(expectation => ({ name, expectation })),
  );
  for (const { name, expectation } of headers) {
    if (expectation.pattern === null) continue;
    const compiled = patterns.compile({ pattern: expectation.pattern, options: [] });
    if (compiled.ok) continue;
    const message = `the pattern of ${name} ${expectation.name} cannot be used: ${compiled.detail}`;
    refuse('bad-pattern', message, url, name, 'correct the pattern: it is one of PCRE2, see pcre2pattern(3)');
  }
  if (!possible) return null;
  return {
    request: planRequest(scope, protocol === '2' ? '2' : '1.1'),
    expect: {
      headers: headers.map(({ name, expectation }) => ({ ...expectation, wanted: name === 'expect_header' })),
      json: url.all<JsonExpectation>('expect_json'),
    },
  };
}

function planRequest(
  { url, secure, path, virtualhost, connection }: Scope,
  protocol: HttpRequest['protocol'],
): HttpRequest {
  const body = url.get<string>('body') ?? null;
  const given = url.all<HttpHeader>('header');
  const usual: readonly HttpHeader[] = [
    { name: 'Host', value: virtualhost ?? formatEndpoint(connection.address, connection.port) },
    { name: 'User-Agent', value: userAgent },
  ];
  const isGiven = ({ name }: HttpHeader) => given.some(header => header.name.toLowerCase() === name.toLowerCase());
  return {
    protocol,
    secure,
    method: url.get<string>('method') ?? (body === null ? 'GET' : 'POST'),
    path,
    headers: [...usual.filter(header => !isGiven(header)), ...given],
    body,
  };
}

/** Of these a request has one at the most; HTTP/2 of Node throws at a second one. */
const single =
  /^(?:access-control-.*|age|authorization|content-.*|date|dnt|etag|expires|from|host|if-.*|last-modified|location|max-forwards|proxy-authorization|range|referer|retry-after|tk|upgrade-insecure-requests|user-agent|x-content-type-options)$/;

/** The first name that may stand once and stands again. */
function findSecond(headers: readonly HttpHeader[]): string | undefined {
  const names = headers.map(({ name }) => name.toLowerCase());
  return names.find((name, index) => single.test(name) && names.indexOf(name) < index);
}
