import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProgram } from './program.ts';
import { until } from './until.ts';

export interface PrometheusOptions {
  /** `127.0.0.1:9650` */
  readonly targets: readonly string[];
  /** Of another job, `node`. */
  readonly others?: readonly string[];
  /** Writes what it is to have scraped before into the directory of its data. */
  readonly fill?: (data: string) => void;
  /** Of each series. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Text of the file of rules. */
  readonly rules?: string;
  /** `127.0.0.1:9093` */
  readonly alertmanager?: string;
}

/** A real Prometheus, which scrapes each second. */
export interface PrometheusServer {
  /** `http://127.0.0.1:9090` */
  readonly address: string;
  said(): string;
  stop(): Promise<void>;
}

/** Resolves when it answers; all that it writes is in `folder`. */
export async function startPrometheus(folder: string, options: PrometheusOptions): Promise<PrometheusServer> {
  const { targets, others = [], labels = {}, rules = 'groups: []', alertmanager } = options;
  mkdirSync(folder);
  const [config, ruleFile, data] = ['prometheus.yml', 'rules.yml', 'data'].map(name => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(ruleFile, rules);
  const settings = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [ruleFile],
    scrape_configs: [
      { job_name: 'checkalived', static_configs: [{ targets, labels }] },
      { job_name: 'node', static_configs: [{ targets: others }] },
    ],
    ...(alertmanager && { alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] } }),
  };
  // What is JSON is YAML.
  writeFileSync(config, JSON.stringify(settings));
  options.fill?.(data);
  const { line, said, stop } = startProgram('prometheus', [
    `--config.file=${config}`,
    `--storage.tsdb.path=${data}`,
    '--web.listen-address=127.0.0.1:0',
    '--enable-feature=exemplar-storage',
    // What fired before it had found the Alertmanager is sent again after that, and not after a minute.
    '--rules.alert.resend-delay=2s',
  ]);
  const [, place = ''] = await line(/msg="Listening on" address=(\S+)/);
  const address = `http://${place}`;
  await until('Prometheus is ready', async () => {
    if (!(await fetch(`${address}/-/ready`)).ok) throw new Error(said());
  });
  return { address, said, stop };
}
