import { schedule } from 'node-cron';
import type { Calendar } from '../model/ports.ts';

/** Calendar times by node-cron. */
export const calendar: Calendar = (expression, run) => {
  const task = schedule(expression, run);
  return () => void task.destroy();
};
