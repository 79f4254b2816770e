import { resolve } from 'node:path';
import { buildSync, type Metafile } from 'esbuild';

const root = resolve(import.meta.dirname, '../..');

/**
 * Writes what bin/ starts, the program and its worker thread and helper process, into one flat folder: they find each other there
 * by name. What is imported on use stays a file of its own. Packages stay where they are, and names as they are, so that
 * the stack of a bug report can be read.
 */
export function bundleProgram(directory: string): Metafile {
  const { metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: ['src/cli/main.ts', 'src/store/worker.ts', 'src/sys/command-helper.ts'],
    outdir: directory,
    entryNames: '[name]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // For `node --enable-source-maps`, and not part of the packages.
    sourcemap: 'linked',
    sourcesContent: false,
    metafile: true,
    logLevel: 'warning',
  });
  return metafile;
}
