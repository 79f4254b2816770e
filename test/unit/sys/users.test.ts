import process from 'node:process';
import * as assert from 'uvu/assert';
import { findUser, identityOf } from '../../../src/sys/users.ts';
import { suite } from '../../support/suite.ts';

const test = suite('users');
const isRoot = process.geteuid?.() === 0;

test('a user is found by name and by number, with the group of its own or another', () => {
  assert.equal(identityOf({ name: 'root' }), { uid: 0, gid: 0 });
  assert.equal(identityOf({ name: '0' }), { uid: 0, gid: 0 });
  assert.equal(identityOf({ name: 'root', group: 'daemon' }), { uid: 0, gid: 1 });
});

test('who is not known is nobody', () => {
  assert.is(identityOf({ name: 'no-such-user' }), null);
  assert.is(identityOf({ name: 'root', group: 'no-such-group' }), null);
  assert.equal(findUser({ name: 'no-such-user' }), { fault: 'no such user no-such-user' });
});

test('without a user it is ourselves', () => {
  assert.equal(identityOf(null), { uid: process.geteuid?.(), gid: process.getegid?.() });
});

test('root becomes the user, anybody else can only stay who they are', () => {
  const found = findUser({ name: 'root', group: 'daemon' });
  if (isRoot) assert.equal(found, { become: { uid: 0, gid: 1 }, wrapper: [] });
  else assert.equal(found, { fault: 'only root can run it as user root' });
});

test('root stays root, unless there are supplementary groups to clear', () => {
  if (!isRoot) return;
  const isAlone = [process.getgid?.(), ...(process.getgroups?.() ?? [])].every(gid => gid === 0);
  assert.equal(findUser({ name: 'root' }), { become: isAlone ? null : { uid: 0, gid: 0 }, wrapper: [] });
});

test.run();
