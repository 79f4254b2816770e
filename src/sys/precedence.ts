import { readdirSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import process from 'node:process';

/** Nice levels: for the processor that both want, five are a third against one, and ten a tenth. */
const behind = 5;
const ahead = -10;

/**
 * Where processors are scarce the thread that checks and decides goes before the others that there are now: V8's, which compile
 * and collect garbage. On Linux each thread has a nice level.
 */
export function goBeforeOwnThreads(): void {
  const own = getPriority();
  for (const thread of listThreads()) if (thread !== process.pid) set(thread, own + behind);
}

/** A program that we have started goes before us and all others, if we may say so (CAP_SYS_NICE). */
export function letGoAhead(pid: number): void {
  set(pid, getPriority() + ahead);
}

/** None on another system, or where /proc is not to be seen. */
function listThreads(): readonly number[] {
  try {
    return readdirSync('/proc/self/task').map(Number);
  } catch {
    return [];
  }
}

function set(thread: number, nice: number): void {
  try {
    setPriority(thread, Math.max(-20, Math.min(19, nice)));
  } catch {
    // It has ended, or we may not.
  }
}
