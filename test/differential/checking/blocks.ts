// Pieces of configurations for scenarios.

/** A virtual server that tells everything; `lines` may say otherwise than the defaults, which come first. */
export function vs(lines: string, ...blocks: readonly string[]): string {
  return `virtual_server {vs} {
  delay_loop 1
  warmup 0
  delay_before_retry 0.3
  lb_algo rr
  lb_kind NAT
  protocol TCP
  smtp_alert
  quorum_up "{note} quorum_up"
  quorum_down "{note} quorum_down"
  ${lines}
${blocks.join('\n')}
}
`;
}

/** A real server that tells everything. */
export function rs(name: string, ...blocks: readonly string[]): string {
  return `  real_server {${name}} {
    notify_up "{note} up ${name}"
    notify_down "{note} down ${name}"
${blocks.map(block => `    ${block}\n`).join('')}  }`;
}

export const sorry = 'sorry_server {sorry}';

const timeout = 'connect_timeout 0.6';

export function tcp(lines = ''): string {
  return block('TCP_CHECK', timeout, lines);
}

export function http(lines = '', urls = url()): string {
  return block('HTTP_GET', timeout, lines, urls);
}

export function ssl(lines = '', urls = url()): string {
  return block('SSL_GET', timeout, lines, urls);
}

export function url(lines = '', path = '/'): string {
  return block('url', `path ${path}`, lines);
}

export function smtp(lines = ''): string {
  return block('SMTP_CHECK', timeout, lines);
}

export function misc(name: string, lines = ''): string {
  return block('MISC_CHECK', `misc_path "{script:${name}}"`, lines);
}

export function dns(lines = ''): string {
  return block('DNS_CHECK', timeout, lines);
}

export function udp(lines = ''): string {
  return block('UDP_CHECK', timeout, lines);
}

export function ping(lines = ''): string {
  return block('PING_CHECK', timeout, lines);
}

/** Of a file that `tracks` made known before the virtual server. */
export function file(name: string, lines = ''): string {
  return block('FILE_CHECK', `track_file ${name}-{number}`, lines);
}

export function tracks(name: string, lines = ''): string {
  return `${block(`track_file ${name}-{number}`, `file {file:${name}}`, lines)}\n`;
}

function block(keyword: string, ...lines: readonly string[]): string {
  return `${keyword} {\n${lines.filter(line => line !== '').join('\n')}\n}`;
}
