/** What bench/agent.ts measures in one window. */
export interface Window {
  readonly checksPerSecond: number;
  /** CPU of the whole process, all its threads, over the checks that ended meanwhile. */
  readonly microsecondsPerCheck: number;
  /** Of the event loop, in milliseconds. */
  readonly lagP99: number;
  readonly lagMax: number;
  readonly residentMiB: number;
}
