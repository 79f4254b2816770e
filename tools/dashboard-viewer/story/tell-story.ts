import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { writeMetrics } from '../../../test/dashboards/scripted-agent.ts';
import { length, servicesAt } from './plan.ts';
import { type StoryTurn, scriptStory } from './scripts.ts';

/** Seconds between two scrapes. */
export const scrapeInterval = 15;
const directors = ['lvs1:9650', 'lvs2:9650'];

/** Writes what a Prometheus would have scraped until now from both directors into the directory of its data. */
export function tellStory(directory: string, end: number): void {
  const file = `${directory}.om`;
  const descriptor = openSync(file, 'w');
  for (const [index, director] of directors.entries()) {
    const scripts = scriptStory(index === 0);
    for (let ago = length, number = 1; ago >= 0; ago -= scrapeInterval, number += 1) {
      const time = end - ago;
      const turn: StoryTurn = {
        number,
        master: index === 0,
        begin: end - length,
        services: servicesAt(ago, end),
        time,
        ago,
        passed: scrapeInterval,
      };
      const target = `cluster="web",instance="${director}",job="checkalived"`;
      const lines = writeMetrics(turn, scripts)
        .split('\n')
        .filter(each => each !== '' && !each.startsWith('#'))
        .map(each => label(each, target, time));
      writeSync(descriptor, `${lines.join('\n')}\nup{${target}} 1 ${time}\n`);
    }
  }
  writeSync(descriptor, '# EOF\n');
  closeSync(descriptor);
  execFileSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', file, join(directory)], {
    stdio: 'inherit',
  });
  rmSync(file);
}

/** `name{a="b"} 1` or `name 1` with the labels of its target and a time. */
function label(sample: string, target: string, time: number): string {
  const [, name, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(sample) ?? [];
  if (name === undefined) throw new Error(`no sample: ${sample}`);
  return `${name}{${labels === '' ? '' : `${labels},`}${target}} ${value} ${time}`;
}
