import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { blackboxConfig } from '../configs/blackbox.ts';
import { writeHaproxyConfig } from '../configs/haproxy.ts';
import { writeKeepalivedConfig } from '../configs/keepalived.ts';
import { type Places, ports } from '../configs/places.ts';
import { insideFile } from './inside-file.ts';
import type { Inside, StagePlan } from './plan.ts';

interface Start {
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const root = join(import.meta.dirname, '../../..');

/** Writes the contestant's configuration, and says how it is started. */
export function prepare(plan: StagePlan, places: Places): Start {
  const { contestant, work, directory } = plan;
  const at = (name: string): string => join(directory, name);
  switch (contestant) {
    case 'keepalived': {
      writeFileSync(at('keepalived.conf'), writeKeepalivedConfig(work, places));
      // -G: no syslog. Where none runs, the C library writes every line to the console, for tens of seconds.
      const files = ['-f', at('keepalived.conf'), '-p', at('keepalived.pid'), '-c', at('checkers.pid')];
      return {
        words: ['keepalived', '-C', '-n', '-l', '-G', ...files],
        environment: { LD_PRELOAD: plan.tools.shim },
      };
    }
    case 'checkalived': {
      writeFileSync(at('keepalived.conf'), writeKeepalivedConfig(work, places));
      const options = ['--ipvs', 'memory', '--state-dir', at('state'), '--listen', `127.0.0.1:${ports.api}`];
      return {
        words: [
          join(root, 'bin/checkalived'),
          ...['run', '-f', at('keepalived.conf'), ...options, '--log-format', 'json'],
        ],
        environment: plan.inside ? watchInside(directory, plan.inside) : {},
      };
    }
    case 'haproxy':
      writeFileSync(at('haproxy.cfg'), writeHaproxyConfig(work, at('haproxy.sock')));
      return { words: ['haproxy', '-db', '-f', at('haproxy.cfg')], environment: {} };
    case 'blackbox':
      writeFileSync(at('blackbox.yml'), blackboxConfig);
      return {
        words: [
          'prometheus-blackbox-exporter',
          `--config.file=${at('blackbox.yml')}`,
          `--web.listen-address=127.0.0.1:${ports.blackbox}`,
          '--log.level=error',
        ],
        environment: {},
      };
  }
}

function watchInside(directory: string, inside: Inside): Record<string, string> {
  return {
    NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --import=${pathToFileURL(join(import.meta.dirname, 'inside.js'))}`,
    BENCH_INSIDE_FILE: insideFile(directory),
    BENCH_INSIDE: JSON.stringify(inside),
  };
}
