import { getSystemErrorMap } from 'node:util';

/** Node builds it anew at each call. */
export const systemErrors = getSystemErrorMap();

/** In the system's words, without the address or the path that Node puts behind them, and without its advice to run it otherwise. */
export function describeSystemError(fault: unknown): string {
  if (!(fault instanceof Error)) return String(fault);
  const { errno, reason } = fault as NodeJS.ErrnoException & { readonly reason?: string };
  const told = (errno === undefined ? undefined : systemErrors.get(errno)?.[1]) ?? reason ?? fault.message;
  return told.replace(/; .*--use-system-ca$/, '');
}
