import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { startProgram } from '../support/program.ts';

const program = resolve(import.meta.dirname, '../../bin/checkalived');

/** The built agent, which runs beside no kernel: its table is in memory. */
export interface Agent {
  /** `127.0.0.1:9650` */
  readonly address: string;
  readonly database: string;
  status(): Promise<Snapshot>;
  /** `/metrics` in the text format. */
  metrics(): Promise<string>;
  said(): string;
  stop(): Promise<void>;
}

/** Starts it on the text of a keepalived.conf; all that it writes is in `folder`. */
export async function startAgent(
  folder: string,
  configuration: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Agent> {
  mkdirSync(folder);
  const file = join(folder, 'keepalived.conf');
  writeFileSync(file, configuration);
  const { line, said, stop } = startProgram(
    program,
    ['run', '-f', file, '--ipvs', 'memory', '--listen', '127.0.0.1:0', '--state-dir', folder, '--log-format', 'text'],
    environment,
  );
  const [, address = ''] = await line(/the API is on http:\/\/(\S+)\/api/);
  const get = (path: string): Promise<Response> => fetch(`http://${address}${path}`);
  return {
    address,
    database: join(folder, 'checkalived.db'),
    status: async () => (await get('/api/v1/status')).json(),
    metrics: async () => (await get('/metrics')).text(),
    said,
    stop,
  };
}
