import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/**
 * Is this program of another package here? .ci/run installs what tests need and sets CI, so there it must be; elsewhere a
 * test that lacks it is left out, and says so.
 */
export function isInstalled(program: string, debianPackage: string): boolean {
  const found = (process.env['PATH'] ?? '').split(':').some(folder => isExecutable(join(folder, program)));
  if (found) return true;
  const message = `${program} is not installed (apt-get install --no-install-recommends ${debianPackage})`;
  if (process.env['CI']) throw new Error(message);
  console.error(`\nLEFT OUT: ${message}; what it would test is not tested.`);
  return false;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
