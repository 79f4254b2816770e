import type { Alert, AlertChannel } from '../model/alert.ts';
import { groupBy } from '../model/group-by.ts';
import type { Notification } from '../model/store.ts';
import type { Draft } from './queue.ts';

/** A message whose alerts are read when it is sent: ten thousand at once would hold up the checks. */
export interface OwedMessage {
  readonly id: string;
  read(): readonly Alert[];
}

/** Messages of at most `largest` changes each: of all changes together, or of those of each object. */
export function formAlerts(
  changes: readonly Notification[],
  groups: AlertChannel['groups'],
  largest: number,
): readonly Draft<OwedMessage>[] {
  const sets = groups === 'all' ? [changes] : groupByObject(changes);
  return sets.flatMap(set => cut(set, largest).map(formMessage));
}

/** Virtual servers first: who is paged must not wait for a message about each of their real servers. */
function groupByObject(changes: readonly Notification[]): readonly (readonly Notification[])[] {
  const sets = [
    ...groupBy(changes, ({ virtualServer, realServer }) => `${virtualServer}\n${realServer ?? ''}`).values(),
  ];
  const isReal = (set: readonly Notification[]): number => Number(set[0]?.realServer !== null);
  return sets.sort((a, b) => isReal(a) - isReal(b));
}

/** Whether the outbox's entry is an alert as this version writes them. */
export function isAlert({ body }: Pick<Notification, 'body'>): boolean {
  try {
    const { state, virtualServer } = JSON.parse(body) as Partial<Alert>;
    return typeof state === 'string' && typeof virtualServer === 'string';
  } catch {
    return false;
  }
}

/** The items in pieces of at most `size`; none of them is empty. */
export function cut<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, piece) =>
    items.slice(piece * size, (piece + 1) * size),
  );
}

function formMessage(members: readonly Notification[]): Draft<OwedMessage> {
  const [first] = members;
  const last = members.at(-1);
  if (!first || !last) throw new RangeError('a message tells at least one change');
  const isLone = members.length === 1;
  return {
    members,
    time: last.time,
    title: isLone ? first.subject : `${members.length} changes, the last: ${last.subject}`,
    message: {
      // Another set of changes must not pass for the same message.
      id: isLone ? first.id : `${first.id}.${members.length}`,
      read: () => members.map(({ body }) => JSON.parse(body) as Alert),
    },
  };
}
