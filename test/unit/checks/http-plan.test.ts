import * as assert from 'uvu/assert';
import { httpParams, sslParams } from '../../../checks/http-params.ts';
import { type HttpSpec, planHttp } from '../../../checks/http-plan.ts';
import type { CheckTarget } from '../../../src/model/check.ts';
import type { Params } from '../../../src/model/params.ts';
import { blockValues } from '../../../testing/block-values.ts';
import { makeTarget } from '../../../testing/check-context.ts';
import { suite } from '../../support/suite.ts';

const test = suite('http plan');

const target = makeTarget();

function plan(
  given: Record<string, unknown>,
  urls: readonly Record<string, unknown>[] = [{ path: '/a' }],
  more: Partial<CheckTarget> = {},
  keyword: 'HTTP_GET' | 'SSL_GET' = 'HTTP_GET',
): { spec: HttpSpec | undefined; faults: string[] } {
  const params = keyword === 'HTTP_GET' ? httpParams : sslParams;
  const faults: string[] = [];
  const values = blockValues(params, { ...given, url: urls.map(url => blockValues(paramsOfUrl(params), url)) });
  const [spec] = planHttp(keyword, values, { ...target, ...more }, (severity, code) =>
    faults.push(`${severity} ${code}`),
  );
  return { spec, faults };
}
function paramsOfUrl(params: Params): Params {
  const type = params.find(param => param.name === 'url')?.type;
  return type?.kind === 'block' ? type.params : [];
}
const requestOf = (...args: Parameters<typeof plan>): string => {
  const request = plan(...args).spec?.urls[0]?.request;
  return typeof request === 'string' ? request : '';
};
const nameOf = (...args: Parameters<typeof plan>) =>
  plan(args[0], args[1], args[2], 'SSL_GET').spec?.urls[0]?.tls?.serverName;

test('the request has the bytes of keepalived', () => {
  const agent = 'User-Agent: KeepAliveClient\r\n';
  assert.is(requestOf({}), `GET /a HTTP/1.0\r\n${agent}Host: 10.0.0.2:80\r\n\r\n`);
  for (const protocol of ['1.0C', '1.0c']) {
    assert.is(
      requestOf({ http_protocol: protocol }),
      `GET /a HTTP/1.0\r\n${agent}Connection: close\r\nHost: 10.0.0.2:80\r\n\r\n`,
    );
  }
  assert.is(
    requestOf({ http_protocol: '1.1' }),
    `GET /a HTTP/1.1\r\n${agent}Connection: close\r\nHost: 10.0.0.2:80\r\n\r\n`,
  );
});

test('without a virtualhost Host is what is connected to, port always there', () => {
  assert.match(requestOf({}, undefined, { address: '2001:db8::1' }), '\r\nHost: [2001:db8::1]:80\r\n');
  assert.match(requestOf({ connect_ip: '10.9.9.9', connect_port: 8080 }), '\r\nHost: 10.9.9.9:8080\r\n');
});

test('the virtualhost of the url comes before that of the checker, and that before that of the server', () => {
  const server = { virtualhost: 'server.test' };
  assert.match(requestOf({}, undefined, server), '\r\nHost: server.test\r\n');
  assert.match(requestOf({ virtualhost: 'checker.test' }, undefined, server), '\r\nHost: checker.test\r\n');
  const url = [{ path: '/', virtualhost: 'url.test' }];
  assert.match(requestOf({ virtualhost: 'checker.test' }, url, server), '\r\nHost: url.test\r\n');
});

test('SNI goes out only when asked for, and knows the virtualhost of the real server too', () => {
  const server = { virtualhost: 'server.test' };
  assert.is(nameOf({}, undefined, server), null);
  assert.is(nameOf({ enable_sni: false }, undefined, server), null);
  assert.is(nameOf({ enable_sni: true }), null);
  assert.is(nameOf({ enable_sni: true }, undefined, server), 'server.test');
  assert.is(nameOf({ enable_sni: true, virtualhost: 'checker.test' }, undefined, server), 'checker.test');
  assert.is(nameOf({ sni_name: 'sni.test', virtualhost: 'checker.test' }, undefined, server), 'sni.test');
});

test('HTTP_GET never speaks TLS', () => {
  assert.is(plan({ enable_sni: true }, undefined, { virtualhost: 'server.test' }).spec?.urls[0]?.tls, null);
});

test('status codes of several lines add up, and none means any success', () => {
  assert.equal(plan({}).spec?.urls[0]?.status, [{ from: 200, to: 299 }]);
  const lines = [[{ from: 200, to: 200 }], [{ from: 301, to: 302 }]];
  assert.equal(plan({}, [{ path: '/', status_code: lines }]).spec?.urls[0]?.status, lines.flat());
});

test('a digest is compared in lower case', () => {
  assert.is(plan({}, [{ path: '/', digest: 'ABCDEF' }]).spec?.urls[0]?.digest, 'abcdef');
});

test('no url and a url without path are errors, and no check is made of the rest', () => {
  assert.equal(plan({}, []), { spec: undefined, faults: ['error no-url'] });
  assert.equal(plan({}, [{ path: '/' }, {}]), { spec: undefined, faults: ['error no-path'] });
});

test('a pattern comes with its options and the bytes where a match may begin', () => {
  const url = { path: '/', regex: 'a+', regex_options: ['caseless'], regex_min_offset: 2, regex_max_offset: 9 };
  const regex = { pattern: 'a+', options: ['caseless'], wanted: true, from: 2, to: 9 };
  assert.equal(plan({}, [url]).spec?.urls[0]?.regex, regex);
  const forbidden = { path: '/', regex: 'b', regex_no_match: true, regex_stack: { start: 1, max: 2 } };
  const expected = { pattern: 'b', options: [], wanted: false, from: 0, to: null };
  assert.equal(plan({}, [forbidden]).spec?.urls[0]?.regex, expected);
});

test('a pattern that does not compile or can match nowhere is an error, and words for none are grumbled about', () => {
  assert.equal(plan({}, [{ path: '/', regex: '(a' }]), { spec: undefined, faults: ['error bad-pattern'] });
  const nowhere = { path: '/', regex: 'a', regex_min_offset: 5, regex_max_offset: 4 };
  assert.equal(plan({}, [nowhere]), { spec: undefined, faults: ['error regex-offsets'] });
  const { spec, faults } = plan({}, [{ path: '/', regex_no_match: true, regex_max_offset: 1 }]);
  assert.equal(faults, ['warning regex-alone']);
  assert.is(spec?.urls[0]?.regex, undefined);
});

test('what is accepted without effect changes nothing of a check', () => {
  const spec = (given: Record<string, unknown>, url: Record<string, unknown> = {}) =>
    plan(given, [{ path: '/', regex: 'a', ...url }], {}, 'SSL_GET').spec;
  const usual = spec({});
  assert.equal(spec({ fast_recovery: true, tls_compliant: true }), usual);
  assert.equal(spec({}, { tls_compliant: true, regex_stack: { start: 1, max: 2 } }), usual);
});

test('a target that cannot be reached as written is no check', () => {
  assert.equal(plan({ bindto: '::1' }), { spec: undefined, faults: ['error bind-family'] });
});

test.run();
