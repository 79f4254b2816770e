import type { Modules } from '../../../src/cli/io.ts';

/** Modules for what needs none of them. */
export const noModules: Modules = {
  load: () => refuse(),
  checkers: [],
  sockets: { connect: () => refuse() },
  openContext: () => refuse(),
  compose: () => refuse(),
};

function refuse(): never {
  throw new Error('nothing is to be loaded or run here');
}
