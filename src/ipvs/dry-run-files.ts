import type { Log, ValueFiles } from '../model/ports.ts';

/** Reads real value files, and only says what would be written; what was said counts as written. */
export function createDryRunFiles(modules: { readonly files: ValueFiles; readonly log: Log }): ValueFiles {
  const { files, log } = modules;
  const said = new Map<string, string>();
  return {
    // A rehearsal makes no directory.
    open: async () => {},
    read: async name => said.get(name) ?? files.read(name),
    async write(name, text) {
      said.set(name, text);
      log.info(`Dry run, not done: value file ${name}: ${text.trim()}`);
    },
  };
}
