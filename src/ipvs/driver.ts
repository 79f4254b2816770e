import type { DesiredService, IpvsChange, IpvsDriver, IpvsOutcome, IpvsTable } from '../model/ipvs.ts';
import type { Log } from '../model/ports.ts';
import { serviceText } from './keys.ts';
import { mergeDesired, type Policy, reconcile } from './reconcile.ts';
import { commandText } from './save-format.ts';
import type { IpvsTablePort } from './table.ts';
import { verify } from './verify.ts';

/** Brings a table to what the health core desires, and believes only what it reads back. */
export function createIpvsDriver(
  options: { readonly policy: Policy },
  modules: { readonly table: IpvsTablePort; readonly log: Log },
): IpvsDriver {
  const { policy } = options;
  const { table, log } = modules;
  return {
    open: () => table.open(),
    read: () => table.read(),
    flush: () => table.flush(),
    setTimeouts: timeouts => table.setTimeouts(timeouts),
    async apply(changes) {
      const before = await table.read();
      const desired = changes.flatMap(change => change.desired);
      const commands = reconcile(policy, desired, before);
      if (commands.length === 0) return { outcomes: changes.map(() => ({ ok: true })), written: [], table: before };
      const complaints = await table.write(commands);
      if (complaints.length > 0) log.debug('ipvsadm refused a part of a batch.', { complaints });
      const after = await table.read();
      const merged = mergeDesired(policy, desired);
      return {
        outcomes: changes.map(change => judge(policy, change, merged, after, complaints)),
        written: commands.map(command => ({
          service: 'destination' in command ? command.service : command.service.key,
          text: commandText(command),
        })),
        table: after,
      };
    },
  };
}

/** A change answers for its services as the whole batch wants them: a later change may have overruled it. */
function judge(
  policy: Policy,
  change: IpvsChange,
  merged: ReadonlyMap<string, DesiredService>,
  after: IpvsTable,
  complaints: readonly string[],
): IpvsOutcome {
  const names = new Set(change.desired.map(wanted => serviceText(wanted.service.key)));
  const wanted = [...names].flatMap(name => merged.get(name) ?? []);
  const outcome = verify(policy, wanted, after);
  if (outcome.ok || complaints.length === 0) return outcome;
  return { ok: false, detail: `${outcome.detail} (ipvsadm said: ${[...new Set(complaints)].join('; ')})` };
}
