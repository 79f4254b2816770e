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
