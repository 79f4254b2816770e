import type { Output } from '../io.ts';

const escapeCode = '\u001b[';

/**
 * Begins to use the whole terminal. The function returned draws its lines over what it drew before, without flicker;
 * lines beyond the terminal's height are left out, and said so. Nothing needs to be put back at the end.
 */
export function openScreen(output: Output): (lines: readonly string[]) => void {
  output.write(`${escapeCode}2J`);
  return lines => {
    const room = Math.max(2, output.rows - 1);
    const shown =
      lines.length <= room ? lines : [...lines.slice(0, room - 1), `... and ${lines.length - room + 1} more lines`];
    const drawn = shown.map(line => `${line}${escapeCode}K\n`).join('');
    output.write(`${escapeCode}H${drawn}${escapeCode}J`);
  };
}
