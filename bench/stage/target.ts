import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { testCertificate } from '../../testing/test-certificate.ts';
import { writeNginxConfig } from '../configs/nginx.ts';
import { countsPath, type Places, ports } from '../configs/places.ts';
import type { Checker } from '../work.ts';
import { Arrivals } from './arrivals.ts';
import type { StagePlan } from './plan.ts';
import { readTcpCounter } from './procfs.ts';
import { sleep } from './sleep.ts';

/** All targets of a stage. */
export interface Target {
  readonly places: Places;
  readonly arrivals: Arrivals | null;
  /** Checks that have reached the targets since the start. */
  count(): Promise<number>;
}

const nginx = '/usr/sbin/nginx';
const page = `<!DOCTYPE html>\n<html><head><title>up</title></head><body>\n${'<p>This server is well.</p>\n'.repeat(36)}</body></html>\n`;

/** Starts the server on core 1, and what else the work needs. It ends with the namespace. */
export async function startTarget({ directory, work, contestant, tools, task }: StagePlan): Promise<Target> {
  const { checker } = work;
  const counter = join(directory, 'runs');
  writeFileSync(counter, '');
  mkdirSync(join(directory, 'page'));
  writeFileSync(join(directory, 'page/index.html'), page);
  writeFileSync(join(directory, 'cert.pem'), testCertificate.cert);
  writeFileSync(join(directory, 'key.pem'), testCertificate.key);
  const words = isPlainHttp(checker)
    ? [tools.webServer, `${ports.plain}`, countsPath, join(directory, 'page/index.html')]
    : writeNginx(directory);
  spawn('taskset', ['-c', '1', ...words], { stdio: ['ignore', 'ignore', 'inherit'] });
  const special = task.kind === 'soak' ? 'flapping' : checker === 'tcp' ? 'arrivals' : null;
  const arrivals = special === 'arrivals' ? await Arrivals.listen() : null;
  const asked = { times: 0 };
  const ask = async (): Promise<Counts> => {
    const counts = await askServer();
    asked.times++;
    // Our own questions are among them.
    return { accepts: counts.accepts - asked.times, requests: counts.requests - asked.times };
  };
  await untilItAnswers(ask);
  return {
    places: {
      digest: createHash('md5').update(page).digest('hex'),
      command: `${tools.countedTrue} ${counter}`,
      special,
    },
    arrivals,
    count: async () => {
      if (checker === 'misc') return statSync(counter).size;
      // HAProxy's TCP check resets the connection before it is one: nobody accepts it.
      if (checker === 'tcp' && contestant === 'haproxy') return readTcpCounter('AttemptFails');
      const { accepts, requests } = await ask();
      return checker === 'tcp' ? accepts + (arrivals?.count ?? 0) : requests;
    },
  };
}

/** 10,000 answers a second take more than a core of nginx: a contestant that finds a backlog does many in a row, and looks cheaper than it is. */
function isPlainHttp(checker: Checker): boolean {
  return checker === 'http' || checker === 'digest';
}

/** Writes nginx's configuration; its command. */
function writeNginx(directory: string): string[] {
  const file = join(directory, 'nginx.conf');
  writeFileSync(file, writeNginxConfig(directory));
  return [nginx, '-p', directory, '-c', file, '-e', join(directory, 'nginx.log')];
}

/** Makes the namespace a network: the loopback device, and room for as many connections as the work makes. */
export function openNetwork(): void {
  execFileSync('ip', ['link', 'set', 'lo', 'up']);
  const settings = {
    'core/somaxconn': 16_384,
    'ipv4/tcp_max_syn_backlog': 16_384,
    // 10,000 connections a second leave 600,000 in TIME_WAIT: below that the kernel drops them, and logs it.
    'ipv4/tcp_max_tw_buckets': 2_000_000,
  };
  for (const [name, value] of Object.entries(settings)) writeFileSync(`/proc/sys/net/${name}`, `${value}`);
}

interface Counts {
  readonly accepts: number;
  readonly requests: number;
}

async function untilItAnswers(ask: () => Promise<Counts>): Promise<void> {
  for (let left = 100; ; left--) {
    try {
      await ask();
      return;
    } catch (fault) {
      if (left === 0) throw fault;
      await sleep(50);
    }
  }
}

function askServer(): Promise<Counts> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port: ports.plain, path: countsPath, agent: false }, response => {
      let text = '';
      response.setEncoding('latin1');
      response.on('data', (piece: string) => {
        text += piece;
      });
      response.on('end', () => {
        const [, accepts, , requests] = /^ (\d+) (\d+) (\d+)/m.exec(text) ?? [];
        resolve({ accepts: Number(accepts), requests: Number(requests) });
      });
    }).on('error', reject);
  });
}
