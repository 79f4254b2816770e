import type { Ms } from '../model/time.ts';

/** Rejects when the work takes longer than `patience`; it goes on all the same. */
export async function within<T>(patience: Ms, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it takes too long')), patience);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
