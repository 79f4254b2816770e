import type {
  DesiredService,
  IpvsChange,
  IpvsCommand,
  IpvsDriver,
  IpvsOutcome,
  IpvsTable,
  IpvsWritten,
} from '../model/ipvs.ts';
import type { Log } from '../model/ports.ts';
import { serviceText } from './keys.ts';
import { createMemoryTable } from './memory.ts';
import { compare, mergeDesired, type Policy, reconcile } from './reconcile.ts';
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
  /** As last read. */
  let known: IpvsTable | null = null;
  const read = async (reading: 'weights' | 'whole'): Promise<IpvsTable> => {
    const quick = reading === 'weights' && known !== null ? await table.readWeights?.(known) : null;
    known = quick ?? (await table.read());
    return known;
  };
  return {
    open: () => table.open(),
    read: () => read('whole'),
    async flush() {
      known = null;
      await table.flush();
    },
    setTimeouts: timeouts => table.setTimeouts(timeouts),
    async apply(changes, reading = 'whole') {
      const before = await read(reading);
      const desired = changes.flatMap(change => change.desired);
      const { commands, ...compared } = compare(policy, desired, before);
      const drift = reading === 'whole' ? compared : {};
      if (commands.length === 0) {
        return { outcomes: changes.map(() => ({ ok: true })), written: [], table: before, ...drift };
      }
      const complaints = await table.write(commands);
      if (complaints.length > 0) log.debug('ipvsadm refused a part of a batch.', { complaints });
      known = await expect(before, commands);
      const after = await read(commands.every(isSeenInWeights) ? 'weights' : 'whole');
      const merged = mergeDesired(policy, desired);
      const outcomes = changes.map(change => judge(policy, change, merged, after, complaints));
      const open = outcomes.every(({ ok }) => ok) ? [] : reconcile(policy, desired, after).map(commandText);
      return { outcomes, written: describeWritten(commands, new Set(open)), table: after, ...drift };
    },
  };
}

/** `open`: commands that would still have to be written. */
function describeWritten(commands: readonly IpvsCommand[], open: ReadonlySet<string>): IpvsWritten[] {
  return commands.map(command => {
    const text = commandText(command);
    const service = 'destination' in command ? command.service : command.service.key;
    return { service, text, operation: command.type, ok: !open.has(text) };
  });
}

/** The table as it is once the commands have had their effect. */
async function expect(before: IpvsTable, commands: readonly IpvsCommand[]): Promise<IpvsTable> {
  const shadow = createMemoryTable(before);
  await shadow.write(commands);
  return shadow.read();
}

/** Thresholds, and what makes a service, are not seen there. */
function isSeenInWeights(command: IpvsCommand): boolean {
  if (!('destination' in command)) return false;
  return command.type === 'delete-destination' || command.destination.upperThreshold === 0;
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
