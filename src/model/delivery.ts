import type { Ms } from './time.ts';

/** What became of one attempt to tell somebody. `detail` is one line, for people, without a secret in it. */
export type DeliveryResult =
  | { readonly kind: 'delivered'; readonly detail: string }
  | {
      readonly kind: 'failed';
      /**
       * `server`: it does not serve us now, no message would get through. `message`: it did not take this one now.
       * `never`: it will not take this one.
       */
      readonly retry: 'server' | 'message' | 'never';
      readonly detail: string;
      /** What the server asks to be left alone for. */
      readonly retryAfter?: Ms;
    };

/** Counts what is told, for metrics. */
export interface DeliveryMeter {
  /**
   * An attempt has ended, or `given_up` came without one: then `took` is null. `failed` = it is tried again; `given_up` =
   * it is not.
   */
  told(channel: string, result: 'delivered' | 'failed' | 'given_up', took: Ms | null): void;
}
