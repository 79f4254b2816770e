import type { Values } from '../../model/params.ts';
import type { Family, Persistence, ServiceKey, VirtualServer } from '../../model/server.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { ConfigNode } from '../text/node.ts';
import { readSynonyms } from './synonyms.ts';

const defaultPersistence = 360;

/** lb_algo (or lvs_sched, whichever comes last) and its flags. */
export function readScheduler(
  node: ConfigNode,
  values: Values,
  name: string,
  diagnostics: Diagnostics,
): Pick<VirtualServer, 'scheduler' | 'schedulerFlags'> {
  const isAlgorithm = (child: ConfigNode) => child.param.name === 'lb_algo' || child.param.name === 'lvs_sched';
  const scheduler = readSynonyms<string>(node, values, ['lb_algo', 'lvs_sched']);
  if (scheduler === undefined) {
    const message = `${name} has no usable lb_algo, and so its scheduler is wlc.`;
    diagnostics.report('default-assumed', node.keyword.span, message, 'Write lb_algo and a scheduler, such as wlc.');
  }
  return { scheduler: scheduler ?? 'wlc', schedulerFlags: readFlags(node, scheduler, isAlgorithm, diagnostics) };
}

/** keepalived check/check_parser.c:lbflags_handler complains only while the scheduler so far is neither sh nor mh. */
function readFlags(
  { nodes }: ConfigNode,
  scheduler: string | undefined,
  isAlgorithm: (child: ConfigNode) => boolean,
  diagnostics: Diagnostics,
): readonly string[] {
  const flags: string[] = [];
  let soFar: string | undefined;
  for (const child of nodes) {
    const { name } = child.param;
    const { span } = child.keyword;
    if (isAlgorithm(child)) soFar = child.words[0]?.text ?? soFar;
    const hashes = soFar === 'sh' || soFar === 'mh';
    const owner = /^(sh|mh)-(port|fallback)$/.exec(name)?.[1];
    if (name === 'hashed' && !hashes) {
      const message = 'keepalived takes hashed for a flag of another scheduler.';
      diagnostics.report('wrong-scheduler', span, message, 'Remove the line.');
    } else if (owner !== undefined && owner !== scheduler) {
      const message = `${name} belongs to the scheduler ${owner}; it is ignored.`;
      const advice = `Remove the line, or write lb_algo ${owner} before it.`;
      diagnostics.report('wrong-scheduler', span, message, advice, { keepalived: !hashes });
    } else if (owner !== undefined || /^flag-[123]$/.test(name)) {
      if (owner !== undefined && owner !== soFar) {
        const message = `keepalived ignores ${name} here, for lb_algo comes after it.`;
        const advice = `Move the line below lb_algo ${owner}.`;
        diagnostics.report('wrong-order', span, message, advice, { keepalived: !hashes });
      }
      if (!flags.includes(name)) flags.push(name);
    }
  }
  return flags;
}

/** Persistence as written; a service on all ports of an address must have it. */
export function readPersistence(
  values: Values,
  services: readonly ServiceKey[],
  family: Family,
  name: string,
  diagnostics: Diagnostics,
): Persistence | null {
  const timeout = values.get<number>('persistence_timeout');
  const granularity = readGranularity(values, family, diagnostics);
  const engine = values.get<string>('persistence_engine');
  const allPorts = services.some(service => service.kind === 'address' && service.port === 0);
  if (timeout === undefined && granularity === undefined && !allPorts) return null;
  if (timeout === undefined && granularity === undefined) {
    const message = `${name} is on all ports and not persistent; persistence_timeout ${defaultPersistence} is assumed.`;
    diagnostics.report('no-persistence', values.span, message, 'Write a port, or persistence_timeout SECONDS.');
  }
  return {
    timeout: timeout ?? defaultPersistence,
    ...(granularity !== undefined && { granularity }),
    ...(engine !== undefined && { engine }),
  };
}

function readGranularity(values: Values, family: Family, diagnostics: Diagnostics): string | undefined {
  const written = values.get<string>('persistence_granularity');
  if (written === undefined || written.includes('.') === (family === 'inet')) return written;
  const wanted = family === 'inet' ? 'an IPv4 netmask such as 255.255.255.0' : 'an IPv6 prefix length from 1 to 128';
  const message = `persistence_granularity ${written} does not go with ${family === 'inet' ? 'IPv4' : 'IPv6'}.`;
  // getaddrinfo takes a lone number for an IPv4 address: 24 is 0.0.0.24.
  const judgement = family === 'inet' ? { keepalived: false } : {};
  diagnostics.report('bad-value', values.spanOf('persistence_granularity'), message, `Write ${wanted}.`, judgement);
  return undefined;
}
