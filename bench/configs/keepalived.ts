import type { Checker, Work } from '../work.ts';
import { addressOf, isSpecial, type Places, ports } from './places.ts';

const perService = 100;

/** The configuration that keepalived and checkalived both read, to the letter. */
export function writeKeepalivedConfig({ checker, targets, copies, delayLoop }: Work, places: Places): string {
  const all = Array.from({ length: targets }, (_, n) => n);
  const services =
    copies > 1
      ? Array.from({ length: copies }, () => all)
      : Array.from({ length: Math.ceil(targets / perService) }, (_, service) =>
          all.slice(service * perService, (service + 1) * perService),
        );
  const check = writeCheck(checker, places);
  const blocks = services.map(
    (servers, service) => `virtual_server 10.${1 + (service >> 8)}.${service & 255}.1 80 {
    delay_loop ${delayLoop}
    lb_algo rr
    lb_kind NAT
    protocol TCP
${servers.map(n => writeRealServer(n, portOf(n, checker, places), check)).join('')}}
`,
  );
  return `global_defs {\n    router_id bench\n}\n${blocks.join('')}`;
}

function portOf(n: number, checker: Checker, { special }: Places): number {
  if (checker === 'ssl') return ports.tls;
  return special && isSpecial(n) ? ports[special] : ports.plain;
}

function writeRealServer(n: number, port: number, check: string): string {
  return `    real_server ${addressOf(n)} ${port} {
        weight 1
${check}    }
`;
}

function writeCheck(checker: Checker, { digest, command }: Places): string {
  const block = (keyword: string, lines: readonly string[]): string =>
    `        ${keyword} {\n${lines.map(line => `            ${line}\n`).join('')}        }\n`;
  const url = (line: string): string[] => ['url {', '    path /', `    ${line}`, '}', 'connect_timeout 3'];
  switch (checker) {
    case 'tcp':
      return block('TCP_CHECK', ['connect_timeout 3']);
    case 'http':
      return block('HTTP_GET', url('status_code 200'));
    case 'digest':
      return block('HTTP_GET', url(`digest ${digest}`));
    case 'ssl':
      return block('SSL_GET', url('status_code 200'));
    case 'misc':
      return block('MISC_CHECK', [`misc_path "${command}"`, 'misc_timeout 3']);
  }
}
