// Every theme is a file in scenarios/. A new checker brings its own, and a place in one of the runs here.
import type { Batch, Scenario, Theme } from './scenario.ts';
import { dnsThemes } from './scenarios/dns.ts';
import { fileThemes } from './scenarios/file.ts';
import { httpThemes } from './scenarios/http.ts';
import { miscThemes } from './scenarios/misc.ts';
import { pingThemes } from './scenarios/ping.ts';
import { quorumThemes } from './scenarios/quorum.ts';
import { regexThemes } from './scenarios/regex.ts';
import { reloadThemes } from './scenarios/reload.ts';
import { otherReloadThemes } from './scenarios/reload-others.ts';
import { virtualServerThemes } from './scenarios/reload-virtual-servers.ts';
import { rhythmThemes } from './scenarios/rhythm.ts';
import { settingsThemes } from './scenarios/settings.ts';
import { severalThemes } from './scenarios/several.ts';
import { shutdownThemes } from './scenarios/shutdown.ts';
import { smtpThemes } from './scenarios/smtp.ts';
import { sorryThemes } from './scenarios/sorry-server.ts';
import { sslThemes } from './scenarios/ssl.ts';
import { tcpThemes } from './scenarios/tcp.ts';
import { udpThemes } from './scenarios/udp.ts';

/** What is played together; a run of many themes takes no longer than one of few. */
export interface Run extends Omit<Batch, 'scenarios'> {
  readonly themes: readonly Theme[];
}

/** They end between two checks. What starts most processes is alone: how long that takes differs most between machines. */
export const runs: readonly Run[] = [
  { themes: [...tcpThemes, ...smtpThemes], stopAt: 11.7 },
  { themes: miscThemes, stopAt: 11.7 },
  { themes: severalThemes, stopAt: 11.7 },
  { themes: [...httpThemes, ...sslThemes], stopAt: 11.7 },
  { themes: dnsThemes, stopAt: 11.7 },
  { themes: [...udpThemes, ...pingThemes], stopAt: 11.7 },
  { themes: [...fileThemes, ...regexThemes], stopAt: 11.7 },
  { themes: [...rhythmThemes, ...quorumThemes, ...sorryThemes, ...settingsThemes.services], stopAt: 10.7 },
  { themes: [...reloadThemes, ...virtualServerThemes, ...otherReloadThemes], reloadAt: 5.1, stopAt: 11.7 },
  { themes: shutdownThemes.plain, stopAt: 4.7 },
  { themes: shutdownThemes.flush, globals: 'lvs_flush_on_stop', stopAt: 3.7 },
  { themes: shutdownThemes.flushServices, globals: 'lvs_flush_on_stop VS', stopAt: 3.7 },
  { themes: settingsThemes.noEmails, globals: 'no_checker_emails', stopAt: 7.7 },
  { themes: settingsThemes.initNotifies, globals: 'rs_init_notifies', stopAt: 7.7 },
  { themes: settingsThemes.firstVerdict, verdict: 'retry', stopAt: 5.7 },
];

/** Every scenario with its whole name. */
export function scenariosOf(
  chosen: readonly Run[] = runs,
): readonly { readonly title: string; readonly scenario: Scenario }[] {
  const themes = chosen.flatMap(run => run.themes);
  return themes.flatMap(({ name, scenarios }) =>
    scenarios.map(scenario => ({ title: `${name}: ${scenario.name}`, scenario })),
  );
}
