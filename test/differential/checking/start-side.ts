import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import type { Records, Side } from './records.ts';
import type { Batch } from './scenario.ts';

/** Why nothing can be compared here, or null when it can. */
export function whyNotHere(): string | null {
  for (const [program, ...words] of [
    ['ipvsadm', '-h'],
    ['gcc', '--version'],
    ['ip', '-V'],
  ]) {
    if (spawnSync(program ?? '', words).error) return `${program} is not installed`;
  }
  const namespaces = spawnSync('unshare', ['--net', '--mount', '--pid', '--fork', 'true']);
  return namespaces.status === 0 ? null : 'namespaces cannot be made: this needs root';
}

/**
 * Plays a batch to one program. It runs in network, mount and process namespaces of its own, which end with side.ts,
 * and that ends with us: nothing is left however this ends.
 */
export function startSide(side: Side, batch: Batch): Promise<Records> {
  // Whatever else the machine does must not come between: times are compared.
  const words = ['-n', '-10', 'unshare', '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const script = join(import.meta.dirname, 'side.ts');
  const child = spawn('nice', [...words, process.execPath, '--import', 'tsx', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
    cwd: join(import.meta.dirname, '../../..'),
  });
  child.stdin.on('error', () => {});
  child.stdin.write(`${JSON.stringify({ side, batch })}\n`);
  let text = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (piece: string) => {
    text += piece;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', code => {
      if (code === 0) resolve(JSON.parse(text) as Records);
      else reject(new Error(`${side} could not be taken through its scenarios (exit code ${code})`));
    });
  });
}
