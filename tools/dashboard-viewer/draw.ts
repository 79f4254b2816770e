import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { type Browser, chromium } from 'playwright-core';
import { build, preview } from 'vite';
import { startPrometheus } from '../../test/support/prometheus-server.ts';
import type { DashboardFile } from '../dashboard-runner/dashboard.ts';
import { plan } from './story/plan.ts';
import { scrapeInterval, tellStory } from './story/tell-story.ts';

const here = import.meta.dirname;
const width = 1600;
const [service] = plan;
/** What is looked at: the whole of each dashboard, at its own length of time. */
const pictures = [
  { name: 'overview', hours: 1, variables: {} },
  { name: 'virtual-server', hours: 1, variables: { virtual_server: service?.id ?? '' } },
  {
    name: 'real-server',
    hours: 1,
    variables: { virtual_server: service?.id ?? '', real_server: service?.servers[1]?.id ?? '' },
  },
  { name: 'vrrp', hours: 6, variables: {} },
  { name: 'agent', hours: 3, variables: {} },
];

const [directory, ...chosen] = process.argv.slice(2);
if (directory === undefined) throw new Error('draw.ts DIRECTORY [DASHBOARD...]: where are the pictures to go?');
mkdirSync(directory, { recursive: true });
const configFile = join(here, 'vite.config.ts');
await build({ configFile });
const page = await preview({ configFile, preview: { port: 0, host: '127.0.0.1' } });
const end = Math.floor(Date.now() / 1000);
const home = mkdtempSync(join(tmpdir(), 'checkalived-pictures-'));
const prometheus = await startPrometheus(join(home, 'prometheus'), {
  targets: [],
  fill: data => tellStory(data, end),
});
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  for (const picture of pictures) {
    if (chosen.length === 0 || chosen.includes(picture.name)) await draw(browser, directory, picture);
  }
} finally {
  await browser.close();
  await prometheus.stop();
  await page.close();
  rmSync(home, { recursive: true, force: true });
}

async function draw(
  browser: Browser,
  directory: string,
  { name, hours, variables }: (typeof pictures)[number],
): Promise<void> {
  const file = resolve(here, `../../dashboards/json/${name}.json`);
  const dashboard: DashboardFile = JSON.parse(readFileSync(file, 'utf8'));
  const range = { from: end - hours * 3600, to: end, step: (hours * 3600) / 240, scrapeInterval };
  const tab = await browser.newPage({ viewport: { width: width + 8, height: 1000 }, timezoneId: 'UTC' });
  tab.on('pageerror', fault => console.error(`${name}: ${fault.stack}`));
  await tab.goto(page.resolvedUrls?.local[0] ?? '', { waitUntil: 'load' });
  await tab.evaluate(drawing => (window as unknown as { draw(drawing: object): Promise<void> }).draw(drawing), {
    dashboard,
    prometheus: prometheus.address,
    range,
    variables,
    width,
  });
  // Tables that are out of sight stay empty.
  const height = await tab.locator('#dashboard').evaluate(each => each.clientHeight);
  await tab.setViewportSize({ width: width + 8, height });
  // Tables and graphs measure themselves before they draw.
  await tab.waitForTimeout(1500);
  for (const fault of await tab.locator('[data-fault]').allTextContents()) console.error(`${name}: ${fault}`);
  await tab.locator('#dashboard').screenshot({ path: join(directory, `${name}.png`) });
  await tab.close();
}
