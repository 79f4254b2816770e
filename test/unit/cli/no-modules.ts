import type { Modules } from '../../../src/cli/io.ts';

/** Modules for what needs none of them. */
export const noModules: Modules = new Proxy({} as Modules, {
  get: (_, name) => {
    throw new Error(`${String(name)} is not to be used here`);
  },
});
