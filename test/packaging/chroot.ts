import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

/** A small Debian 12 in a directory. */
export interface Chroot {
  readonly root: string;
  /** Runs a program in it, and returns what it printed; throws when it fails. */
  run(...words: readonly string[]): string;
  start(...words: readonly string[]): Started;
  /** All files but those of /proc and what any installation leaves. */
  files(): string[];
  remove(): void;
}

interface Started {
  readonly output: Readable;
  stop(): void;
  readonly ended: Promise<number | null>;
}

/** Makes one with debootstrap, which takes half a minute and asks Debian's mirror. */
export function createChroot(...packages: readonly string[]): Chroot {
  const root = mkdtempSync(join(tmpdir(), 'checkalived-chroot-'));
  chmodSync(root, 0o755);
  const include = `--include=${packages.join(',')}`;
  execFileSync('debootstrap', ['--variant=minbase', include, 'bookworm', root], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  mkdirSync(join(root, 'proc'), { recursive: true });
  // /proc is there for the program alone: it goes with its namespaces.
  const inside = (words: readonly string[]): string[] => [
    ...['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c'],
    'mount -t proc proc "$0/proc" && exec chroot "$0" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"',
    ...[root, ...words],
  ];
  return {
    root,
    run: (...words) => execFileSync('unshare', inside(words), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }),
    start(...words) {
      const child = spawn('unshare', inside(words), { stdio: ['ignore', 'pipe', 'inherit'] });
      return {
        output: child.stdout,
        // unshare passes it on to nobody: its child is the first process of the name space.
        stop: () => execFileSync('sh', ['-c', 'kill -TERM $(cat /proc/"$1"/task/"$1"/children)', 'sh', `${child.pid}`]),
        ended: new Promise(resolve => child.once('exit', code => resolve(code))),
      };
    },
    files: () =>
      execFileSync('find', ['.', '-xdev', '-not', '-path', './proc/*'], { cwd: root, encoding: 'utf8' })
        .split('\n')
        .filter(path => !/^\.\/var\/(lib\/dpkg|log|cache)\//.test(path))
        .sort(),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
