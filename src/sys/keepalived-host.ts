import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Host } from '../model/host.ts';
import { listHostAddresses } from './host.ts';

/** Linux include/uapi/linux/if.h. */
const interfaceUp = 1;

/** The host that we run on; its root directory is another one in tests. */
export function createHost(root = '/'): Host {
  return {
    listAddresses: listHostAddresses,
    isLinkUp: name => isLinkUp(root, name),
    isKeepalivedRunning: async () => {
      for (const file of await listPidFiles(root)) {
        if (await isKeepalived(root, await read(file))) return true;
      }
      return false;
    },
  };
}

/** As the kernel makes IFF_UP and IFF_RUNNING (net/core/dev.c:dev_get_flags), both of which keepalived wants. */
async function isLinkUp(root: string, name: string): Promise<boolean> {
  if (name.includes('/')) return false;
  const directory = join(root, 'sys/class/net', name);
  const [flags, state] = await Promise.all([read(join(directory, 'flags')), read(join(directory, 'operstate'))]);
  return (Number(flags) & interfaceUp) !== 0 && /^(?:up|unknown)\s*$/.test(state);
}

/** Where keepalived writes them by default, with `use_pid_dir` and with `instance` (core/main.c, core/pidfile.c). */
async function listPidFiles(root: string): Promise<readonly string[]> {
  const directory = join(root, 'run/keepalived');
  const names = await readdir(directory).catch(() => []);
  return [
    join(root, 'run/keepalived.pid'),
    join(root, 'var/run/keepalived.pid'),
    ...names.filter(name => /^keepalived.*\.pid$/.test(name)).map(name => join(directory, name)),
  ];
}

/** A process id may have gone to another program meanwhile, and a zombie does nothing any more. */
async function isKeepalived(root: string, pid: string): Promise<boolean> {
  const found = /^\s*(\d+)\s*$/.exec(pid);
  if (!found) return false;
  const directory = join(root, 'proc', `${found[1]}`);
  const [, name, state] = /^\d+ \((.*)\) (\S)/s.exec(await read(join(directory, 'stat'))) ?? [];
  if (name === undefined || state === 'Z' || state === 'X') return false;
  // `process_name` gives it another name; the link tells only who may trace it.
  const program = await readlink(join(directory, 'exe')).catch(() => '');
  return [name, basename(program)].some(each => each.startsWith('keepalived'));
}

/** Empty where it cannot be read. */
function read(path: string): Promise<string> {
  return readFile(path, 'latin1').catch(() => '');
}
