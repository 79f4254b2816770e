import { createRequire } from 'node:module';
import type nodeCron from 'node-cron';
import type { Calendar } from '../model/ports.ts';

/** Calendar times by node-cron, which is loaded for the first of them. */
export const calendar: Calendar = (expression, run) => {
  const task = (createRequire(import.meta.url)('node-cron') as typeof nodeCron).schedule(expression, run);
  return () => void task.destroy();
};
