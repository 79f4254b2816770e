// The commands, each loaded when it is run: an agent keeps in memory for months what was loaded at its start.

export const checkOnce: typeof import('./commands/check.ts').checkOnce = async (...given) =>
  (await import('./commands/check.ts')).checkOnce(...given);
export const convertConfig: typeof import('./commands/config-convert.ts').convertConfig = async (...given) =>
  (await import('./commands/config-convert.ts')).convertConfig(...given);
export const diffConfigFiles: typeof import('./commands/config-diff.ts').diffConfigFiles = async (...given) =>
  (await import('./commands/config-diff.ts')).diffConfigFiles(...given);
export const explainConfig: typeof import('./commands/config-explain.ts').explainConfig = async (...given) =>
  (await import('./commands/config-explain.ts')).explainConfig(...given);
export const printCompletion: typeof import('./commands/completion.ts').printCompletion = async (...given) =>
  (await import('./commands/completion.ts')).printCompletion(...given);
export const printConfigDigests: typeof import('./commands/genhash-config.ts').printConfigDigests = async (...given) =>
  (await import('./commands/genhash-config.ts')).printConfigDigests(...given);
export const printConfigText: typeof import('./commands/config-print.ts').printConfigText = async (...given) =>
  (await import('./commands/config-print.ts')).printConfigText(...given);
export const printDigest: typeof import('./commands/genhash.ts').printDigest = async (...given) =>
  (await import('./commands/genhash.ts')).printDigest(...given);
export const printTrackfileBlocks: typeof import('./commands/config-trackfile.ts').printTrackfileBlocks = async (
  ...given
) => (await import('./commands/config-trackfile.ts')).printTrackfileBlocks(...given);
export const runAgent: typeof import('./commands/run.ts').runAgent = async (...given) =>
  (await import('./commands/run.ts')).runAgent(...given);
export const runDemo: typeof import('./commands/demo.ts').runDemo = async (...given) =>
  (await import('./commands/demo.ts')).runDemo(...given);
export const showHistory: typeof import('./commands/history.ts').showHistory = async (...given) =>
  (await import('./commands/history.ts')).showHistory(...given);
export const showStatus: typeof import('./commands/status.ts').showStatus = async (...given) =>
  (await import('./commands/status.ts')).showStatus(...given);
export const testConfig: typeof import('./commands/test.ts').testConfig = async (...given) =>
  (await import('./commands/test.ts')).testConfig(...given);
export const writeDashboards: typeof import('./commands/export.ts').writeDashboards = async (...given) =>
  (await import('./commands/export.ts')).writeDashboards(...given);
export const writeRules: typeof import('./commands/export.ts').writeRules = async (...given) =>
  (await import('./commands/export.ts')).writeRules(...given);
