import type { Config, Globals, Settings } from '../../src/model/config.ts';
import type { VirtualServer } from '../../src/model/server.ts';
import type { Vrrp } from '../../src/model/vrrp.ts';
import { deepFreeze } from './freeze.ts';

const noVrrp: Vrrp = {
  instances: [],
  syncGroups: [],
  scripts: [],
  trackProcesses: [],
  trackGroups: [],
  garpGroups: [],
  staticAddresses: [],
  staticRoutes: [],
  staticRules: [],
  linkbeatInterfaces: [],
  interfaceDelays: [],
};

/** A configuration with mail to `ops@example.org` from `director`, and defaults elsewhere. */
export function makeConfig(over: {
  readonly virtualServers?: readonly VirtualServer[];
  readonly globals?: Partial<Globals>;
  readonly settings?: Partial<Settings>;
}): Config {
  return deepFreeze({
    virtualServers: over.virtualServers ?? [],
    trackFiles: [],
    bfdInstances: [],
    vrrp: noVrrp,
    globals: {
      routerId: 'director',
      notificationEmail: ['ops@example.org'],
      notificationEmailFrom: 'root@director',
      smtpServer: { host: '127.0.0.1', port: 25 },
      smtpHeloName: 'director',
      smtpConnectTimeout: 30_000,
      noCheckerEmails: false,
      rsInitNotifies: false,
      scriptUser: null,
      enableScriptSecurity: false,
      notifyFifo: null,
      lvsNotifyFifo: null,
      lvsFlush: false,
      lvsFlushOnStop: 'off',
      lvsTimeouts: null,
      ...over.globals,
    },
    settings: {
      ipvs: 'weights',
      stateDir: '/nowhere',
      trackDir: null,
      listen: { address: '127.0.0.1', port: 0 },
      logFormat: 'json',
      firstVerdict: 'retry',
      ipvsAudit: 5000,
      scriptTimeout: 30_000,
      scriptLimit: 16,
      mailGroupLimit: 5,
      mailWindow: 5000,
      mailGiveUp: 259_200_000,
      smtpUser: null,
      smtpPassword: null,
      smtpTls: 'off',
      resultsInterval: 60_000,
      retentionResults: 86_400_000,
      metricsDetail: 'full',
      channels: [],
      plugin: [],
      retentionTransitions: 34_560_000_000,
      ...over.settings,
    },
  });
}
