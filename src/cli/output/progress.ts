import type { Output } from '../io.ts';
import { plural } from './diagnostics.ts';

interface Progress {
  step(): void;
  /** Leaves the line empty. */
  close(): void;
}

const width = 30;

/** A bar on one line of a terminal; nothing at all where there is none. */
export function openProgress(output: Output, all: number, noun: string): Progress {
  if (!output.isTerminal) return { step: () => {}, close: () => {} };
  let done = 0;
  const draw = (): void => {
    const full = all === 0 ? width : Math.floor((done / all) * width);
    output.write(`\r[${'='.repeat(full).padEnd(width)}] ${done} of ${plural(all, noun)} done`);
  };
  draw();
  return {
    step() {
      done++;
      draw();
    },
    close: () => output.write('\r\u001b[K'),
  };
}
