import type { Config, Settings } from '../model/config.ts';

/** Settings that the command line gives; undefined leaves the file's. */
export interface SettingOptions {
  readonly ipvs?: Settings['ipvs'] | undefined;
  readonly stateDir?: string | undefined;
  readonly listen?: Settings['listen'] | undefined;
  readonly logFormat?: Settings['logFormat'] | undefined;
}

/** The configuration with the command line's settings in it: they win over the file's. */
export function overrideSettings(config: Config, { ipvs, stateDir, listen, logFormat }: SettingOptions): Config {
  const { settings } = config;
  return {
    ...config,
    settings: {
      ...settings,
      ipvs: ipvs ?? settings.ipvs,
      stateDir: stateDir ?? settings.stateDir,
      listen: listen ?? settings.listen,
      logFormat: logFormat ?? settings.logFormat,
    },
  };
}
