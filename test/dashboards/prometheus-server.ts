import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real Prometheus that scrapes these targets each second; everything it writes is in a directory of its own. */
export interface PrometheusServer {
  readonly address: string;
  stop(): Promise<void>;
}

/** Resolves when it answers. `fill` writes what it is to have scraped before into the directory of its data. */
export async function startPrometheus(
  targets: readonly string[],
  fill: (data: string) => void = () => {},
): Promise<PrometheusServer> {
  const directory = mkdtempSync(join(tmpdir(), 'checkalived-prometheus-'));
  const config = join(directory, 'prometheus.yml');
  const data = join(directory, 'data');
  const scrapes = [
    { job_name: 'checkalived', static_configs: [{ targets }] },
    // Another program, that does not answer: it is none of our business.
    { job_name: 'node', static_configs: [{ targets: ['127.0.0.1:1'] }] },
  ];
  // What is JSON is YAML.
  writeFileSync(config, JSON.stringify({ global: { scrape_interval: '1s' }, scrape_configs: scrapes }));
  fill(data);
  const child = spawn(
    'prometheus',
    [`--config.file=${config}`, `--storage.tsdb.path=${data}`, '--web.listen-address=127.0.0.1:0'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise(resolve => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
    }
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const port = await readPort(child);
    const address = `http://127.0.0.1:${port}`;
    await until(async () => (await fetch(`${address}/-/ready`)).ok);
    return { address, stop };
  } catch (fault) {
    await stop();
    throw fault;
  }
}

/** The port that it was given, from its log. */
function readPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let log = '';
    child.stderr?.on('data', (bytes: Buffer) => {
      log += bytes;
      const [, port] = /msg="Listening on" address=127\.0\.0\.1:(\d+)/.exec(log) ?? [];
      if (port !== undefined) resolve(Number(port));
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`prometheus ended: ${log}`)));
  });
}

/** Asks again and again, four times a second, until it holds. The deadline is the test's. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds().catch(() => false))) {
    const { promise, resolve } = later();
    setTimeout(resolve, 250);
    await promise;
  }
}

function later(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>(done => {
    resolve = done;
  });
  return { promise, resolve };
}
