import type { Work } from '../work.ts';
import { addressOf, ports } from './places.ts';

const perBackend = 100;

/** The nearest that HAProxy has to the same work: its TCP check, httpchk, and httpchk over TLS. One thread, as the others. */
export function writeHaproxyConfig({ checker, targets, delayLoop }: Work, socket: string): string {
  const port = checker === 'ssl' ? ports.tls : ports.plain;
  const tls = checker === 'ssl' ? ' check-ssl verify none' : '';
  const lines = [
    'global',
    '    nbthread 1',
    '    maxconn 200',
    // It does not start without something that listens.
    `    stats socket ${socket}`,
    'defaults',
    `    mode ${checker === 'tcp' ? 'tcp' : 'http'}`,
    '    timeout connect 3s',
    '    timeout client 10s',
    '    timeout server 10s',
    '    timeout check 3s',
  ];
  for (let n = 0; n < targets; n++) {
    if (n % perBackend === 0) lines.push(`backend b${n / perBackend}`, ...(checker === 'tcp' ? [] : httpCheck));
    lines.push(`    server s${n} ${addressOf(n)}:${port} check inter ${delayLoop}s${tls}`);
  }
  return `${lines.join('\n')}\n`;
}

const httpCheck = [
  '    option httpchk',
  '    http-check send meth GET uri / ver HTTP/1.0',
  '    http-check expect status 200',
];
