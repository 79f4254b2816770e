import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findClosedPort } from '../../testing/fault-server.ts';
import { testCertificate } from '../../testing/test-certificate.ts';

/** Debian: nginx-light. */
export const nginx = '/usr/sbin/nginx';

export interface Nginx {
  readonly plain: number;
  readonly tls: number;
  /** Path of a file that it serves. */
  fileOf(name: string): string;
  close(): Promise<void>;
}

/** An nginx of its own in a directory of its own, on 127.0.0.1 and ::1, with these files and locations. */
export async function startNginx(
  files: Readonly<Record<string, string>>,
  locations: string,
  ipv6: boolean,
): Promise<Nginx> {
  const directory = mkdtempSync(join(tmpdir(), 'genhash-nginx-'));
  const root = join(directory, 'root');
  mkdirSync(root);
  chmodSync(directory, 0o755);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text, 'latin1');
  writeFileSync(join(directory, 'cert.pem'), testCertificate.cert);
  writeFileSync(join(directory, 'key.pem'), testCertificate.key);
  // At the same time, so that they are two.
  const [plain, tls] = await Promise.all([findClosedPort(), findClosedPort()]);
  writeFileSync(join(directory, 'nginx.conf'), configure(directory, { plain, tls }, locations, ipv6));
  const child = spawn(
    nginx,
    ['-p', directory, '-c', join(directory, 'nginx.conf'), '-e', join(directory, 'error.log')],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  const ended = once(child, 'exit');
  while (!(await takesConnections(tls))) {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  return {
    plain,
    tls,
    fileOf: name => join(root, name),
    async close() {
      child.kill('SIGTERM');
      await ended;
      rmSync(directory, { recursive: true });
    },
  };
}

/**
 * One process that stays ours. A response goes out in one piece, for a dump shows where the reads of the client end.
 * gzip is on, as on many servers: keepalived does not ask for it.
 */
function configure(
  directory: string,
  { plain, tls }: Pick<Nginx, 'plain' | 'tls'>,
  locations: string,
  ipv6: boolean,
): string {
  const listen = (port: number, more: string): string =>
    ['127.0.0.1', ...(ipv6 ? ['[::1]'] : [])].map(host => `listen ${host}:${port}${more};`).join(' ');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map(name => `${name}_temp_path ${join(directory, name)};`)
    .join(' ');
  return `daemon off; master_process off; pid ${join(directory, 'nginx.pid')};
events { worker_connections 64; }
http {
  access_log off; ${temporary}
  default_type text/plain; sendfile off; output_buffers 1 256k; keepalive_timeout 60;
  gzip on; gzip_min_length 1; gzip_types text/plain; gzip_http_version 1.0;
  ssl_certificate ${join(directory, 'cert.pem')}; ssl_certificate_key ${join(directory, 'key.pem')};
  server { server_name _; ${listen(plain, '')} root ${join(directory, 'root')}; ${locations} }
  server { server_name _; ${listen(tls, ' ssl')} root ${join(directory, 'root')}; ${locations} }
}
`;
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
