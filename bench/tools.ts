import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { StagePlan } from './stage/plan.ts';

const sources = join(import.meta.dirname, '../../bench');

/** Compiles the C files into the directory. Throws what gcc says. */
export function compileTools(directory: string): StagePlan['tools'] {
  const tools = {
    shim: join(directory, 'ipvs-shim.so'),
    countedTrue: join(directory, 'counted-true'),
    webServer: join(directory, 'web-server'),
  };
  const compile = (...words: string[]): void => {
    execFileSync('gcc', ['-O2', '-Wall', ...words], { stdio: ['ignore', 'inherit', 'inherit'] });
  };
  compile('-shared', '-fPIC', '-o', tools.shim, join(sources, 'ipvs-shim.c'), '-ldl');
  compile('-o', tools.countedTrue, join(sources, 'counted-true.c'));
  compile('-o', tools.webServer, join(sources, 'web-server.c'));
  return tools;
}
