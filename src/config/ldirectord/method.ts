import { type ConvertContext, findOwn, type Timed } from './context.ts';
import type { Setting, VirtualSection } from './parse.ts';
import type { Target } from './servers.ts';

/** What is done to a real server to see whether it works. */
export type CheckKind =
  /** `off` takes the servers out; `on` and `always` leave them in without a check. */
  | { readonly kind: 'off' | 'on' | 'always' }
  /** `weaker`: than ldirectord's check. */
  | { readonly kind: 'tcp' | 'ping'; readonly weaker: boolean }
  | { readonly kind: 'http'; readonly checker: 'HTTP_GET' | 'SSL_GET'; readonly proxy: boolean }
  | { readonly kind: 'smtp' | 'dialogue' }
  | { readonly kind: 'dns'; readonly transport: 'udp' | 'tcp' }
  | { readonly kind: 'script'; readonly command: readonly string[]; readonly line: number };

/** How the real servers of a service are checked, with the lines that say so. */
export interface Method {
  readonly from: readonly number[];
  readonly how: CheckKind;
  /** Of the service, where a real server has none: ldirectord.in:ld_service_to_port. */
  readonly standardPort: number | null;
  /** checktimeout or negotiatetimeout is what counts. */
  readonly negotiates: boolean;
  /** What ldirectord sends and expects, if it does. */
  readonly service: string;
}

/** What the checks of one service have in common. */
export interface CheckScope {
  readonly section: VirtualSection;
  readonly target: Target;
  readonly method: Method;
  readonly interval: Timed;
}

const standardPorts: Readonly<Record<string, number>> = {
  ftp: 21,
  smtp: 25,
  dns: 53,
  http: 80,
  pop: 110,
  nntp: 119,
  imap: 143,
  ldap: 389,
  https: 443,
  submission: 587,
  ldaps: 636,
  imaps: 993,
  pops: 995,
  oracle: 1521,
  radius: 1812,
  http_proxy: 3128,
  mysql: 3306,
  sip: 5060,
  pgsql: 5432,
};
/** Checkers that see more than a connection, and less than a login and a query. */
const greetings: Readonly<Record<string, string>> = { ldap: 'LDAP_CHECK', mysql: 'MYSQL_CHECK', pgsql: 'PGSQL_CHECK' };
const pathToPerl = '/usr/bin/perl';

/** Chooses the checker; tells where it does less than ldirectord's (ldirectord.in:_check_real). */
export function chooseMethod(
  section: VirtualSection,
  target: Target,
  protocol: string,
  context: ConvertContext,
): Method {
  const { settings, head } = section;
  const checktype = findOwn(settings, 'checktype');
  const named = findOwn(settings, 'service');
  const service = named?.value ?? serviceOf(target);
  const from = [checktype?.line, named?.line].filter(line => line !== undefined);
  const at = from.at(-1) ?? head.line;
  const type = checktype?.value ?? 'negotiate';
  const combined = /^\d+$/.test(type);
  if (combined) {
    const message = `ldirectord negotiated after every ${type} connections only; now every check does.`;
    context.notes.add(
      'hint',
      checktype?.line ?? at,
      message,
      'Raise delay_loop if that is too much for the real servers.',
    );
  }
  const negotiates = type === 'negotiate' || combined;
  return {
    from,
    how: negotiates
      ? negotiate(service, protocol, at, context)
      : withoutNegotiation(type, protocol, settings, at, context),
    standardPort: standardPorts[service] ?? null,
    negotiates,
    service: negotiates ? service : 'none',
  };
}

function serviceOf(target: Target): string {
  if (target.kind === 'fwmark') return 'none';
  return Object.keys(standardPorts).find(name => standardPorts[name] === target.port) ?? 'none';
}

function negotiate(service: string, protocol: string, line: number, { notes }: ConvertContext): CheckKind {
  switch (service) {
    case 'http':
    case 'https':
    case 'http_proxy':
      return { kind: 'http', checker: service === 'https' ? 'SSL_GET' : 'HTTP_GET', proxy: service === 'http_proxy' };
    case 'smtp':
    case 'submission':
      return { kind: 'smtp' };
    case 'dns':
      return { kind: 'dns', transport: protocol === 'tcp' ? 'tcp' : 'udp' };
    case 'none': {
      const message = 'These real servers were never checked: for service none a negotiate check always succeeds.';
      notes.add('warning', line, message, 'Give each real server a checker, such as TCP_CHECK.');
      return { kind: 'always' };
    }
    case 'simpletcp':
      if (protocol !== 'udp') return { kind: 'dialogue' };
      return weaken(service, 'ping', line, notes);
    default: {
      const udp = protocol === 'udp' || service === 'radius';
      return weaken(service, udp ? 'ping' : 'tcp', line, notes);
    }
  }
}

function weaken(service: string, kind: 'tcp' | 'ping', line: number, notes: ConvertContext['notes']): CheckKind {
  const does = kind === 'ping' ? 'is only pinged' : 'is only asked for a connection';
  const message = `No checker speaks ${service} as ldirectord did: the real server ${does}, which is a weaker check.`;
  const greeting = kind === 'tcp' ? greetings[service] : undefined;
  const script = `a MISC_CHECK with a script that speaks ${service}`;
  notes.add('warning', line, message, `Write ${greeting ? `${greeting}, for checkalived alone, or ` : ''}${script}.`);
  return { kind, weaker: true };
}

function withoutNegotiation(
  type: string,
  protocol: string,
  settings: readonly Setting[],
  line: number,
  { notes }: ConvertContext,
): CheckKind {
  const command = findOwn(settings, 'checkcommand');
  switch (type) {
    case 'on':
      notes.add(
        'hint',
        line,
        'With checktype on, the real servers are in service and never checked, as before.',
        'Give them a checker if they are to be checked.',
      );
      return { kind: 'on' };
    case 'off':
      notes.add(
        'warning',
        line,
        'With checktype off, the real servers are out of service: they get weight 0 and no checker.',
        'Put their weights back, and a checker, when they are to serve.',
      );
      return { kind: 'off' };
    case 'external':
    case 'external-perl':
      if (command === undefined) {
        notes.add(
          'warning',
          line,
          'These real servers were never checked: without checkcommand an external check always succeeds.',
          'Give each real server a checker.',
        );
        return { kind: 'always' };
      }
      if (type === 'external-perl') {
        notes.add(
          'warning',
          line,
          'The script was run inside ldirectord; now perl is started for each check.',
          'See whether it works on its own, and ends with 0 when all is well.',
        );
        return { kind: 'script', command: [pathToPerl, command.value], line: command.line };
      }
      return { kind: 'script', command: [command.value], line: command.line };
    case 'connect':
      if (protocol !== 'udp') return { kind: 'tcp', weaker: false };
      break;
  }
  return { kind: 'ping', weaker: false };
}
