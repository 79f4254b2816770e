import { writeChecks } from './check.ts';
import type { ConvertContext } from './context.ts';
import type { CheckScope } from './method.ts';
import { block, disable, type Output, remark, say } from './output.ts';
import type { Forwarding, Real, Target } from './servers.ts';

/** The real servers of a service that forwards by `kind`; `silent` = they send no mail. What cannot be used is commented out. */
export function writeReals(
  reals: readonly Real[],
  kind: Forwarding,
  silent: boolean,
  scope: CheckScope,
  context: ConvertContext,
): readonly Output[] {
  const seen = new Set<string>();
  return reals.map(real => {
    const port = tablePort(real, scope.target, context);
    const head = `real_server ${real.host.address}${port === 0 ? '' : ` ${port}`}`;
    const off = scope.method.how.kind === 'off';
    const body = [
      off ? remark(`weight ${real.weight}, but checktype off`, real.line) : say(`weight ${real.weight}`),
      ...(off ? [say('weight 0', ...scope.method.from)] : []),
      ...(real.forwarding === kind ? [] : [say(`lvs_method ${real.forwarding}`, real.line)]),
      ...(real.lower === 0 ? [] : [say(`lthreshold ${real.lower}`, real.line)]),
      ...(real.upper === 0 ? [] : [say(`uthreshold ${real.upper}`, real.line)]),
      ...(silent ? [say('smtp_alert off')] : []),
      ...writeChecks(real, port, scope, context),
    ];
    const whole = block(head, body, real.line);
    const { fault } = real.host;
    if (fault !== null) {
      context.notes.add('error', real.line, `${fault.message} The real server is commented out.`, fault.hint);
      return disable(whole);
    }
    if (seen.has(head)) {
      context.notes.add('warning', real.line, `${head} stands twice; the second is commented out.`, 'Remove it.');
      return disable(whole);
    }
    seen.add(head);
    return whole;
  });
}

/** DR and TUN leave the port of a packet alone, so that the kernel has that of the service; none for a mark. */
function tablePort({ port, forwarding, line }: Real, target: Target, { notes }: ConvertContext): number {
  if (forwarding === 'NAT') return port || (target.kind === 'fwmark' ? 0 : target.port);
  if (target.kind === 'fwmark') return 0;
  if (port !== 0 && port !== target.port) {
    notes.add(
      'hint',
      line,
      `${forwarding} leaves the port alone: the real server gets ${target.port}, and port ${port} is only checked, as before.`,
      'Nothing is to be done.',
    );
  }
  return target.port;
}

/** Most real servers have it; of two the one that comes first. */
export function commonForwarding(reals: readonly Real[]): Forwarding {
  const counts = new Map<Forwarding, number>();
  for (const { forwarding } of reals) counts.set(forwarding, (counts.get(forwarding) ?? 0) + 1);
  return [...counts].reduce((best, each) => (each[1] > best[1] ? each : best), ['DR', 0] as [Forwarding, number])[0];
}
