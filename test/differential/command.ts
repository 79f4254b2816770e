import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { readConfigId, readOurs } from './compare.ts';
import type { Input } from './inputs.ts';

const command = resolve(import.meta.dirname, '../../bin/checkalived');

/** Whether the built command's `test --json` has the same codes at the same places as the reader in this process. */
export async function agreesWithCommand(input: Input): Promise<boolean> {
  const printed = await runTest(input);
  return isDeepStrictEqual(sortPlaces(printed), sortPlaces(readOurs(input)));
}

interface Place {
  readonly code: string;
  readonly line: number;
  readonly column: number;
  readonly keepalived: boolean;
}

function runTest({ path, options }: Input): Promise<readonly Place[]> {
  const words = [command, 'test', '--json', '-f', path, '-i', readConfigId(options)];
  return new Promise((settle, reject) => {
    execFile(process.execPath, words, { env: {}, maxBuffer: 1 << 26 }, (fault, stdout, stderr) => {
      if (stdout === '') reject(new Error(`checkalived test ${path} prints nothing: ${stderr}`, { cause: fault }));
      else settle((JSON.parse(stdout) as { readonly diagnostics: readonly Place[] }).diagnostics);
    });
  });
}

function sortPlaces(diagnostics: readonly Place[]): readonly string[] {
  return diagnostics.map(({ code, line, column, keepalived }) => `${line}:${column} ${code} ${keepalived}`).sort();
}
