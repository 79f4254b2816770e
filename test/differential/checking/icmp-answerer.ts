import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import { promisify } from 'node:util';
import type { IcmpBehaviour } from './scenario.ts';

/** What ICMP has to say to packets for addresses that nobody has. */
export interface IcmpAnswerer {
  /** null: nothing any more. */
  answer(address: string, behaviour: IcmpBehaviour | null): Promise<void>;
}

/** Compiles icmp-answerer.c into `folder` and starts it on an interface; it ends with the namespace. */
export async function startIcmpAnswerer(network: string, folder: string): Promise<IcmpAnswerer> {
  const isHeard = new Map<string, () => void>();
  const orders = await start(network, folder, address => isHeard.get(address)?.());
  return {
    answer(address, behaviour) {
      return new Promise(resolve => {
        isHeard.set(address, resolve);
        orders.write(`${address} ${behaviour?.says ?? 'mute'} ${behaviour?.pause ?? 0}\n`);
      });
    },
  };
}

async function start(network: string, folder: string, heard: (address: string) => void): Promise<Writable> {
  const program = join(folder, 'icmp-answerer');
  const source = join(import.meta.dirname, 'icmp-answerer.c');
  const gcc = ['-O1', '-Wall', '-Werror', '-o', program, source];
  await promisify(execFile)('gcc', gcc, { env: { ...process.env, TMPDIR: folder } });
  const child = spawn(program, [network], { stdio: ['pipe', 'pipe', 'inherit'] });
  createInterface(child.stdout).on('line', heard);
  return child.stdin;
}
