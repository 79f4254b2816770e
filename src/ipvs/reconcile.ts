import type { HealthSettings } from '../model/health.ts';
import type { DesiredService, IpvsCommand, IpvsDestination, IpvsDrift, IpvsTable } from '../model/ipvs.ts';
import type { ServiceKey } from '../model/server.ts';
import { destinationText, indexTable, serviceText, type TableIndex } from './keys.ts';
import { sameDestination, sameService } from './same.ts';

export type Policy = HealthSettings['policy'];

/**
 * The commands that lead from the actual table to the desired one, none if it is so already. Their order spans the
 * whole batch: what takes traffic comes before what gives it up, so a service that had a destination with a weight
 * and shall have one has one at every instant.
 */
export function reconcile(policy: Policy, desired: readonly DesiredService[], actual: IpvsTable): IpvsCommand[] {
  return compare(policy, desired, actual).commands;
}

/** The same with how far the tables are apart; with `weights` also in what is another's to put right. */
export function compare(
  policy: Policy,
  desired: readonly DesiredService[],
  actual: IpvsTable,
): { readonly commands: IpvsCommand[]; readonly drift: IpvsDrift } {
  const index = indexTable(actual);
  const drift = { missing: 0, extra: 0, weight: 0, other: 0 };
  const phases: Phases = { services: [], raised: [], lowered: [], deleted: [], gone: [], drift };
  for (const wanted of mergeDesired(policy, desired).values()) {
    if (policy === 'weights') reconcileWeights(wanted, index, phases);
    else reconcileWhole(wanted, index, phases);
  }
  const { services, raised, lowered, deleted, gone } = phases;
  return { commands: [...services, ...raised, ...lowered, ...deleted, ...gone], drift };
}

/**
 * One entry per service. `manage`: the last one named is the whole truth; `weights`: the last opinion on each
 * destination counts.
 */
export function mergeDesired(policy: Policy, desired: readonly DesiredService[]): ReadonlyMap<string, DesiredService> {
  const merged = new Map<string, DesiredService>();
  for (const wanted of desired) {
    const name = serviceText(wanted.service.key);
    const earlier = policy === 'weights' ? (merged.get(name)?.destinations ?? []) : [];
    const named = wanted.destinations.map(entry => withPort(wanted.service.key, entry));
    const destinations = new Map([...earlier, ...named].map(entry => [destinationText(entry), entry]));
    merged.set(name, { ...wanted, destinations: [...destinations.values()] });
  }
  return merged;
}

/** A destination without a port gets the port of its service: ipvsadm does so, and shows it that way. */
function withPort(service: ServiceKey, destination: IpvsDestination): IpvsDestination {
  if (destination.port !== 0 || service.kind === 'fwmark') return destination;
  return { ...destination, port: service.port };
}

interface Phases {
  readonly services: IpvsCommand[];
  readonly raised: IpvsCommand[];
  readonly lowered: IpvsCommand[];
  readonly deleted: IpvsCommand[];
  readonly gone: IpvsCommand[];
  readonly drift: { -readonly [Kind in keyof IpvsDrift]: IpvsDrift[Kind] };
}

function reconcileWeights(wanted: DesiredService, index: TableIndex, phases: Phases): void {
  const actual = index.get(serviceText(wanted.service.key));
  if (wanted.absent) return;
  if (!actual) phases.drift.missing++;
  const { otherwise } = wanted;
  const isMissing = otherwise && !actual?.destinations.has(destinationText(otherwise.missing));
  for (const { weight, ...endpoint } of isMissing ? otherwise.destinations : wanted.destinations) {
    const before = actual?.destinations.get(destinationText(endpoint));
    // Whom nobody is to be sent to may as well not be there.
    if (!before && weight > 0) phases.drift.missing++;
    if (!actual || !before || before.weight === weight) continue;
    // `ipvsadm -e` sets forwarding and thresholds too: they are another's, so they go back as they are.
    editDestination(actual.service.key, before, { ...before, weight }, phases);
  }
}

function reconcileWhole(wanted: DesiredService, index: TableIndex, phases: Phases): void {
  const { service } = wanted;
  const actual = index.get(serviceText(service.key));
  if (wanted.absent) {
    if (!actual) return;
    phases.gone.push({ type: 'delete-service', service: actual.service });
    phases.drift.extra += 1 + actual.destinations.size;
    return;
  }
  if (!actual) {
    phases.services.push({ type: 'add-service', service });
    phases.drift.missing++;
  } else if (!sameService(service, actual.service)) {
    phases.services.push({ type: 'edit-service', service });
    phases.drift.other++;
  }
  const left = new Map(actual?.destinations);
  for (const destination of wanted.destinations) {
    const name = destinationText(destination);
    const before = left.get(name);
    left.delete(name);
    if (!before) {
      phases.raised.push({ type: 'add-destination', service: service.key, destination });
      phases.drift.missing++;
    } else if (!sameDestination(destination, before)) editDestination(service.key, before, destination, phases);
  }
  phases.drift.extra += left.size;
  for (const destination of left.values()) {
    phases.deleted.push({ type: 'delete-destination', service: service.key, destination });
  }
}

function editDestination(
  service: ServiceKey,
  before: IpvsDestination,
  destination: IpvsDestination,
  phases: Phases,
): void {
  const phase = destination.weight > before.weight ? phases.raised : phases.lowered;
  phase.push({ type: 'edit-destination', service, destination });
  if (destination.weight === before.weight) phases.drift.other++;
  else phases.drift.weight++;
}
