import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { fileSystem, findScriptFault, type PathComponent, type PathReader } from '../../../src/notify/security.ts';
import { suite } from '../../support/suite.ts';

const test = suite('notify/security');
const root = { uid: 0, gid: 0 };
const nobody = { uid: 65_534, gid: 65_534 };

/** A file system of a few entries; all that is not said belongs to root and is not writable for others. */
function pretend(
  entries: Readonly<Record<string, Partial<PathComponent>>>,
  links: Readonly<Record<string, string>> = {},
) {
  const reader: PathReader = {
    resolved: path => links[path] ?? (path in entries ? path : null),
    components: path => {
      const names = path.split('/').filter(Boolean);
      return ['/', ...names.map((_, index) => `/${names.slice(0, index + 1).join('/')}`)].flatMap(each => {
        if (each === path && !(each in entries)) return [];
        const kind = each === path ? 'file' : 'directory';
        return [{ path: each, kind, uid: 0, gid: 0, mode: 0o755, ...entries[each] } as const];
      });
    },
  };
  return reader;
}

for (const [title, entries, fault] of [
  ['root alone can change it', {}, null],
  ['a sticky directory is on the way', { '/opt': { mode: 0o1777 } }, null],
  ['the group of root may write', { '/opt': { mode: 0o775 } }, null],
  ['a link has no permissions of its own', { '/opt': { kind: 'link', mode: 0o777 } }, null],
  ['another owns it', { '/opt/x.sh': { uid: 7 } }, '/opt/x.sh does not belong to root'],
  ['another owns a directory', { '/opt': { uid: 7 } }, '/opt does not belong to root'],
  ['a group may write', { '/opt': { mode: 0o775, gid: 7 } }, '/opt is writable for its group'],
  ['everybody may write', { '/opt/x.sh': { mode: 0o757 } }, '/opt/x.sh is writable for everybody'],
  ['a sticky bit on a file protects nothing', { '/opt/x.sh': { mode: 0o1777 } }, '/opt/x.sh is writable for everybody'],
] as const satisfies readonly (readonly [string, Readonly<Record<string, Partial<PathComponent>>>, string | null])[]) {
  test(`as root, ${title}: ${fault ? 'refused' : 'allowed'}`, () => {
    const reader = pretend({ '/opt/x.sh': {}, ...entries });
    assert.is(findScriptFault('/opt/x.sh', root, [], reader), fault && `it would run as root, but ${fault}`);
  });
}

test('as another user, anything is allowed that does not become root', () => {
  const open = { '/opt/x.sh': { mode: 0o777 } };
  assert.is(findScriptFault('/opt/x.sh', nobody, [], pretend(open)), null);
  const setUser = { '/opt/x.sh': { mode: 0o4777 } };
  assert.match(findScriptFault('/opt/x.sh', nobody, [], pretend(setUser)) ?? '', /writable for everybody/);
  const setGroup = { '/opt/x.sh': { mode: 0o2757 } };
  assert.match(findScriptFault('/opt/x.sh', nobody, [], pretend(setGroup)) ?? '', /writable for everybody/);
  const others = { '/opt/x.sh': { mode: 0o4777, uid: 7 } };
  assert.is(findScriptFault('/opt/x.sh', nobody, [], pretend(others)), null);
  assert.match(findScriptFault('/opt/x.sh', { uid: 7, gid: 0 }, [], pretend(open)) ?? '', /writable for everybody/);
});

test('both the path as given and where it leads are looked at', () => {
  const reader = pretend({ '/usr/x.sh': { kind: 'link' }, '/home/x.sh': { uid: 7 } }, { '/usr/x.sh': '/home/x.sh' });
  assert.is(
    findScriptFault('/usr/x.sh', root, [], reader),
    'it would run as root, but /home/x.sh does not belong to root',
  );
});

test('a script that does not exist yet is judged by who could put it there', () => {
  assert.is(findScriptFault('/opt/x.sh', root, [], pretend({})), null);
  const open = pretend({ '/opt': { mode: 0o777 } });
  assert.match(findScriptFault('/opt/x.sh', root, [], open) ?? '', /\/opt is writable for everybody/);
});

test('a bare name is looked for in PATH', () => {
  const reader = pretend({ '/usr/bin/x': { uid: 7 } });
  assert.match(findScriptFault('x', root, ['/bin', '/usr/bin'], reader) ?? '', /\/usr\/bin\/x does not belong/);
  assert.is(findScriptFault('y', root, ['/bin'], reader), 'y is in no directory of PATH');
});

test('the real file system is read component by component', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'checkalived-security-')));
  try {
    mkdirSync(join(folder, 'real'));
    writeFileSync(join(folder, 'real', 'x.sh'), '');
    chmodSync(join(folder, 'real', 'x.sh'), 0o4755);
    symlinkSync('real', join(folder, 'link'));
    const given = fileSystem.components(join(folder, 'link', 'x.sh')).slice(-2);
    assert.equal(
      given.map(component => [component.path, component.kind]),
      [
        [join(folder, 'link'), 'link'],
        [join(folder, 'link', 'x.sh'), 'file'],
      ],
    );
    assert.is(given[1]?.mode, 0o4755);
    assert.is(fileSystem.components('/')[0]?.kind, 'directory');
    assert.is(fileSystem.resolved(join(folder, 'link', 'x.sh')), join(folder, 'real', 'x.sh'));
    assert.is(fileSystem.resolved(join(folder, 'none')), null);
    assert.is(fileSystem.components(join(folder, 'none', 'deeper')).at(-1)?.path, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
