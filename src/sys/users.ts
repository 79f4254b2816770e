import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import type { ScriptUser } from '../model/server.ts';

interface Identity {
  readonly uid: number;
  readonly gid: number;
}

/** How to start a command as another user. */
export interface RunAs {
  /** null: as we are. Supplementary groups are cleared with it. */
  readonly become: Identity | null;
  /** Words before the command. */
  readonly wrapper: readonly string[];
}

/** Looks a user up, as keepalived does with a name or a number; the fault is a sentence without its subject. */
export function findUser(user: ScriptUser): RunAs | { readonly fault: string } {
  const ids = findIds(user);
  if ('fault' in ids) return ids;
  const { uid, gid } = ids;
  const self = identityOfSelf();
  if (self.uid !== 0) {
    const same = uid === self.uid && gid === self.gid;
    return same ? { become: null, wrapper: [] } : { fault: `only root can run it as user ${user.name}` };
  }
  if (!user.supplementary && isJustOurselves(ids)) return { become: null, wrapper: [] };
  return user.supplementary
    ? { become: null, wrapper: ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--init-groups', '--'] }
    : { become: { uid, gid }, wrapper: [] };
}

/** Whom a command runs as: the user, or ourselves. null = no such user; starting it will say so. */
export function identityOf(user: ScriptUser | null): Identity | null {
  if (!user) return identityOfSelf();
  const ids = findIds(user);
  return 'fault' in ids ? null : ids;
}

function identityOfSelf(): Identity {
  return { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };
}

/** Nothing to change, and no supplementary groups to clear. */
function isJustOurselves({ uid, gid }: Identity): boolean {
  const ids = [process.getuid?.(), process.geteuid?.()];
  const groups = [process.getgid?.(), process.getegid?.(), ...(process.getgroups?.() ?? [])];
  return ids.every(id => id === uid) && groups.every(id => id === gid);
}

function findIds(user: ScriptUser): Identity | { readonly fault: string } {
  const account = findEntry('passwd', user.name);
  if (!account) return { fault: `no such user ${user.name}` };
  const gid = user.group === undefined ? account[3] : findEntry('group', user.group)?.[2];
  return gid === undefined ? { fault: `no such group ${user.group}` } : { uid: Number(account[2]), gid: Number(gid) };
}

/** The fields of a line of passwd or group, by name or number; directories such as LDAP answer through getent. */
function findEntry(table: 'passwd' | 'group', key: string): readonly string[] | null {
  const text = readFileSync(`/etc/${table}`, 'utf8');
  const local = text
    .split('\n')
    .map(line => line.split(':'))
    .find(fields => fields[0] === key || fields[2] === key);
  if (local) return local;
  const { status, stdout } = spawnSync('getent', [table, '--', key], { encoding: 'utf8' });
  return status === 0 ? stdout.trimEnd().split(':') : null;
}
