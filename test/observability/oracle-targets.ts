import { type FaultServer, findClosedPort, startFaultServer } from '../../testing/fault-server.ts';
import { block, httpGet, sslGet } from '../support/black-box.ts';
import { type Script, startScriptedServer } from '../support/scripted-server.ts';
import { testAuthority } from '../support/test-authority.ts';

/** A real server that both probe. */
export interface Target {
  readonly title: string;
  readonly serves: Script | 'nothing' | 'one certificate' | 'expired certificate';
  readonly check: string;
  readonly module: string;
  readonly up: boolean;
  /** Why it is not, as we say. */
  readonly reason?: string;
  readonly status?: number;
}

/** blackbox_exporter's modules; the same is asked by the checks of `targets`. `authority`: file of the authority. */
export function writeModules(authority: string): object {
  const http = (options: object = {}): object => ({
    prober: 'http',
    timeout: '1s',
    http: { preferred_ip_protocol: 'ip4', follow_redirects: false, ...options },
  });
  const tcp = (options: object = {}): object => ({
    prober: 'tcp',
    timeout: '1s',
    tcp: { preferred_ip_protocol: 'ip4', ...options },
  });
  const banner = [{ expect: '^220 mx' }];
  return {
    modules: {
      http: http(),
      http_only_204: http({ valid_status_codes: [204] }),
      http_well: http({ fail_if_body_not_matches_regexp: ['all (is|are) well'] }),
      http_not_ill: http({ fail_if_body_matches_regexp: ['ill'] }),
      https_any: http({ tls_config: { insecure_skip_verify: true } }),
      https: http({ tls_config: { ca_file: authority, server_name: 'www.checkalived.test' } }),
      https_other_name: http({ tls_config: { ca_file: authority, server_name: 'other.test' } }),
      tcp: tcp(),
      tcp_tls: tcp({ tls: true, tls_config: { insecure_skip_verify: true } }),
      tcp_banner: tcp({ query_response: banner }),
    },
  };
}

/** `authority`: file of the authority. */
export function listTargets(authority: string): readonly Target[] {
  const get = httpGet('path /');
  const sslVerified = (name: string): string =>
    block('SSL_GET', 'connect_timeout 1', `sni_name ${name}`, 'verify', `ca ${authority}`, block('url', 'path /'));
  const page = (status: number, body = ''): Script => ({ urls: { '/': { status, body } } });
  const well = httpGet('path /', 'regex "all (is|are) well"');
  const notIll = httpGet('path /', 'regex "ill"', 'regex_no_match');
  const banner = block('TCP_CHECK', 'expect "^220 mx"');
  return [
    { title: 'status 200', serves: page(200), check: get, module: 'http', up: true, status: 200 },
    { title: 'status 204', serves: page(204), check: get, module: 'http', up: true, status: 204 },
    {
      title: 'status 204 where only that counts',
      serves: page(204),
      check: httpGet('path /', 'status_code 204'),
      module: 'http_only_204',
      up: true,
      status: 204,
    },
    {
      title: 'status 200 where only 204 counts',
      serves: page(200),
      check: httpGet('path /', 'status_code 204'),
      module: 'http_only_204',
      up: false,
      reason: 'status',
      status: 200,
    },
    ...[301, 404, 500, 503].map(status => ({
      title: `status ${status}`,
      serves: page(status),
      check: get,
      module: 'http',
      up: false,
      reason: 'status',
      status,
    })),
    { title: 'refused', serves: 'nothing', check: get, module: 'http', up: false, reason: 'refused' },
    { title: 'hung', serves: {}, check: get, module: 'http', up: false, reason: 'timeout_read' },
    {
      title: 'no HTTP',
      serves: { greets: '220 mx.example.test\r\n', afterwards: 'close' },
      check: get,
      module: 'http',
      up: false,
      reason: 'protocol',
    },
    {
      title: 'a right body',
      serves: page(200, 'all are well'),
      check: well,
      module: 'http_well',
      up: true,
      status: 200,
    },
    {
      title: 'a wrong body',
      serves: page(200, 'all are ill'),
      check: well,
      module: 'http_well',
      up: false,
      reason: 'body',
    },
    {
      title: 'a body without what is refused',
      serves: page(200, 'well'),
      check: notIll,
      module: 'http_not_ill',
      up: true,
    },
    {
      title: 'a body with what is refused',
      serves: page(200, 'all are ill'),
      check: notIll,
      module: 'http_not_ill',
      up: false,
      reason: 'body',
    },
    { title: 'any certificate', serves: 'one certificate', check: sslGet('path /'), module: 'https_any', up: true },
    {
      title: 'a certificate of the authority',
      serves: 'one certificate',
      check: sslVerified('www.checkalived.test'),
      module: 'https',
      up: true,
      status: 200,
    },
    {
      title: 'a certificate for another name',
      serves: 'one certificate',
      check: sslVerified('other.test'),
      module: 'https_other_name',
      up: false,
      reason: 'certificate',
    },
    {
      title: 'a certificate that has expired',
      serves: 'expired certificate',
      check: sslVerified('www.checkalived.test'),
      module: 'https',
      up: false,
      reason: 'certificate',
    },
    {
      title: 'one that has expired, where any will do',
      serves: 'expired certificate',
      check: sslGet('path /'),
      module: 'https_any',
      up: true,
    },
    {
      title: 'no TLS',
      serves: { greets: '220 mx.example.test\r\n' },
      check: sslGet('path /'),
      module: 'https_any',
      up: false,
      reason: 'tls',
    },
    { title: 'a port that is open', serves: {}, check: block('TCP_CHECK'), module: 'tcp', up: true },
    {
      title: 'a port that is closed',
      serves: 'nothing',
      check: block('TCP_CHECK'),
      module: 'tcp',
      up: false,
      reason: 'refused',
    },
    {
      title: 'a handshake',
      serves: 'one certificate',
      check: block('TCP_CHECK', 'tls'),
      module: 'tcp_tls',
      up: true,
    },
    {
      title: 'the right greeting',
      serves: { greets: '220 mx.example.test ESMTP\r\n' },
      check: banner,
      module: 'tcp_banner',
      up: true,
    },
    {
      title: 'the wrong greeting',
      serves: { greets: '554 go away\r\n', afterwards: 'close' },
      check: banner,
      module: 'tcp_banner',
      up: false,
      reason: 'protocol',
    },
    { title: 'no greeting', serves: {}, check: banner, module: 'tcp_banner', up: false, reason: 'timeout_read' },
  ];
}

/** Where it is served. */
export interface Served {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Starts what the target says; where nothing is served nobody else listens, for it is an address of its own. */
export async function serve({ serves }: Target): Promise<Served> {
  if (serves === 'nothing') return { host: '127.0.0.77', port: await findClosedPort(), close: async () => {} };
  const server = await (typeof serves === 'object' ? startScriptedServer(serves) : serveCertificate(serves));
  return { host: '127.0.0.1', port: server.port, close: server.close };
}

function serveCertificate(serves: 'one certificate' | 'expired certificate'): Promise<FaultServer> {
  const cert = serves === 'one certificate' ? testAuthority.server : testAuthority.expired;
  const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';
  return startFaultServer(socket => socket.on('data', () => socket.end(answer)), {
    cert,
    key: testAuthority.serverKey,
  });
}
