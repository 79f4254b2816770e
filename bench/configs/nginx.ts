import { join } from 'node:path';
import { countsPath, ports } from './places.ts';

/**
 * One process that is all targets. It keeps sessions, as most servers do, for whoever wants to resume them.
 * `directory` holds page/index.html, cert.pem and key.pem.
 */
export function writeNginxConfig(directory: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map(name => `${name}_temp_path ${join(directory, name)};`)
    .join(' ');
  const locations = `location = ${countsPath} { stub_status; } location / { }`;
  return `daemon off; master_process off; pid ${join(directory, 'nginx.pid')}; error_log ${join(directory, 'nginx.log')} crit;
events { worker_connections 16000; multi_accept on; use epoll; }
http {
    access_log off; ${temporary}
    sendfile on; tcp_nodelay on; server_tokens off; open_file_cache max=100; open_file_cache_valid 600s;
    root ${join(directory, 'page')};
    ssl_certificate ${join(directory, 'cert.pem')}; ssl_certificate_key ${join(directory, 'key.pem')};
    ssl_protocols TLSv1.2 TLSv1.3; ssl_session_cache shared:sessions:10m; ssl_session_timeout 1h; ssl_session_tickets on;
    server { listen 0.0.0.0:${ports.plain} backlog=16384; ${locations} }
    server { listen 0.0.0.0:${ports.tls} ssl backlog=16384; ${locations} }
}
`;
}
