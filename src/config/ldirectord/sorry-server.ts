import { type ConvertContext, findOwn } from './context.ts';
import type { Method } from './method.ts';
import { disable, type Output, say } from './output.ts';
import type { VirtualSection } from './parse.ts';
import { type Forwarding, readFallback, type Target } from './servers.ts';

/** The server that takes over when all real servers are down: the service's own, else the global one of its family. */
export function writeSorryServer(
  section: VirtualSection,
  target: Target,
  kind: Forwarding,
  { how }: Method,
  { file, notes }: ConvertContext,
): readonly Output[] {
  const own = findOwn(section.settings, 'fallback') ?? findOwn(section.settings, 'fallback6');
  const setting = own ?? findOwn(file.globals, section.family === 'inet' ? 'fallback' : 'fallback6');
  const fallback = setting && readFallback(setting, section.family, notes);
  if (!fallback) return [];
  const { host, forwarding, line } = fallback;
  const servicePort = target.kind === 'fwmark' ? 0 : target.port;
  const written = fallback.port ?? servicePort;
  const port = forwarding === 'NAT' ? written : servicePort;
  if (written !== port) {
    notes.add(
      'hint',
      line,
      `${forwarding} leaves the port alone: the sorry_server gets the port of the service, as before.`,
      'Nothing is to be done.',
    );
  }
  if (target.kind === 'fwmark' && own === undefined) {
    notes.add(
      'hint',
      line,
      'ldirectord does not use the global fallback for firewall marks; the new file does.',
      'Remove sorry_server there if it is not wanted.',
    );
  }
  const lines = [
    say(`sorry_server ${host.address}${port === 0 ? '' : ` ${port}`}`, line),
    ...(forwarding === kind ? [] : [say(`sorry_server_lvs_method ${forwarding}`, line)]),
  ];
  if (how.kind !== 'off') return lines;
  notes.add(
    'warning',
    line,
    'With checktype off there is no fallback either: sorry_server is commented out.',
    'Take the comment away when the real servers are to serve.',
  );
  return [disable(...lines)];
}
