import type { Config } from '../model/config.ts';
import { type HealthSettings, policyOf } from '../model/health.ts';
import type { Outlets } from './announcer.ts';

/** What of the configuration the health core goes by. */
export function healthSettingsOf({ globals, settings }: Config): HealthSettings {
  return {
    policy: policyOf(settings.ipvs),
    firstVerdict: settings.firstVerdict,
    noCheckerEmails: globals.noCheckerEmails,
    rsInitNotifies: globals.rsInitNotifies,
  };
}

/** Whom it tells. */
export function outletsOf({ globals, settings }: Config): Outlets {
  const { routerId, smtpServer, notificationEmail } = globals;
  return { routerId, mail: smtpServer !== null && notificationEmail.length > 0, channels: settings.channels };
}
