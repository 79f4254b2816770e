import { canonicalAddress, parseAddress } from '../values/addresses.ts';

type Family = 'inet' | 'inet6';

/** What stands for a server. `fault` = why keepalived.conf cannot have it; then `address` is as written. */
export interface Host {
  readonly address: string;
  readonly fault: { readonly message: string; readonly hint: string } | null;
}

/** The usual names of /etc/services; other ports must be numbers. */
const ports: Readonly<Record<string, number>> = {
  ftp: 21,
  ssh: 22,
  telnet: 23,
  smtp: 25,
  domain: 53,
  http: 80,
  www: 80,
  pop3: 110,
  nntp: 119,
  ntp: 123,
  imap: 143,
  imap2: 143,
  ldap: 389,
  https: 443,
  syslog: 514,
  submission: 587,
  ldaps: 636,
  imaps: 993,
  pop3s: 995,
  radius: 1812,
  mysql: 3306,
  'ms-wbt-server': 3389,
  sip: 5060,
  postgresql: 5432,
  'http-alt': 8080,
};

/** A numeric address of this family, without brackets. Names are not looked up: a file must not depend on DNS. */
export function readHost(text: string, family: Family): Host {
  const plain = text.replace(/^\[(.*)\]$/, '$1');
  if (plain === 'localhost') return { address: family === 'inet' ? '127.0.0.1' : '::1', fault: null };
  const address = canonicalAddress(plain);
  if (address === null) {
    const message = `${plain} is no numeric address, and keepalived.conf takes no names.`;
    return { address: plain, fault: { message, hint: `Write the address that ${plain} stands for.` } };
  }
  if (/^fe[89ab][0-9a-f]:/.test(address)) {
    const message = `${address} is a link-local address, which keepalived.conf cannot give an interface here.`;
    return { address, fault: { message, hint: 'Write another address of this server.' } };
  }
  if (parseAddress(plain)?.family === family) return { address, fault: null };
  const message = `${address} is of another family than its virtual service.`;
  const hint = `Write an ${family === 'inet' ? 'IPv4' : 'IPv6'} address.`;
  return { address, fault: { message, hint } };
}

/** The number of a port, or of the name of a service; null when there is none. */
export function readPort(text: string): number | null {
  if (/^\d{1,5}$/.test(text)) return Number(text) <= 65_535 ? Number(text) : null;
  return Object.hasOwn(ports, text) ? (ports[text] ?? null) : null;
}
