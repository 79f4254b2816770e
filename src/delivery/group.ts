import type { Mail } from '../model/mail.ts';
import type { Notification } from '../model/store.ts';
import type { Draft } from './queue.ts';

/** A group mail lists so many changes; the rest is counted. */
const listedChanges = 1_000;

/** One mail for each change; more than `limit` changes become one mail for all. */
export function formMails(changes: readonly Notification[], limit: number, routerId: string): readonly Draft<Mail>[] {
  const [first] = changes;
  if (!first) return [];
  if (changes.length > limit && changes.length > 1) return [formGroup(changes, first, routerId)];
  return changes.map(change => {
    const { id, time, subject, body } = change;
    // keepalived ends the text with an empty line (`lib/smtp.c`, body and its end).
    return draftOf([change], { id, time, subject, body: `${body}\n\n` });
  });
}

function draftOf(members: readonly Notification[], message: Mail): Draft<Mail> {
  return { members, time: message.time, title: message.subject, message };
}

function formGroup(changes: readonly Notification[], first: Notification, routerId: string): Draft<Mail> {
  const count = (state: string): number => changes.filter(change => change.subject.endsWith(` - ${state}`)).length;
  const prefix = `[${routerId}] `;
  const lines = changes.slice(0, listedChanges).map(({ time, subject, body }) => {
    const text = subject.startsWith(prefix) ? subject.slice(prefix.length) : subject;
    return `${localTime.format(time)}  ${text}  ${body}`;
  });
  if (changes.length > listedChanges) {
    lines.push(`and ${changes.length - listedChanges} more; "checkalived history" has them all`);
  }
  return draftOf(changes, {
    // Another set of changes must not pass for the same mail.
    id: `${first.id}.${changes.length}`,
    time: changes.at(-1)?.time ?? first.time,
    subject: `${prefix}${changes.length} changes: ${count('UP')} up, ${count('DOWN')} down`,
    body: `${lines.join('\n')}\n`,
  });
}

// This locale writes 2026-01-01 00:00:00.
const localTime = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium' });
