import { readFileSync } from 'node:fs';
import { writeAgreement } from './agreement.ts';
import { writeAlerts } from './alerts.ts';
import { writeCommandLine } from './command-line.ts';
import { writeCommandManuals } from './command-manuals.ts';
import { writeConfiguration, writeConfigurationManual } from './configuration.ts';
import { writeDashboardsPage } from './dashboards.ts';
import { writeDiagnostics } from './diagnostics.ts';
import { writeMetrics } from './metrics.ts';
import { writeRules } from './rules.ts';

/** Every generated page, by its path from the root of the repository. The same sources give the same bytes. */
export function generatePages(): ReadonlyMap<string, string> {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return new Map([
    ['docs/reference/configuration.md', writeConfiguration()],
    ['docs/reference/agreement.md', writeAgreement()],
    ['docs/reference/diagnostics.md', writeDiagnostics()],
    ['docs/reference/command-line.md', writeCommandLine()],
    ['docs/reference/metrics.md', writeMetrics()],
    ['docs/reference/alerts.md', writeAlerts()],
    ['alerts/rules/checkalived.rules.yml', writeRules()],
    ['docs/reference/dashboards.md', writeDashboardsPage()],
    ['docs/man/checkalived.conf.5', writeConfigurationManual(version)],
    ...writeCommandManuals(version),
  ]);
}
