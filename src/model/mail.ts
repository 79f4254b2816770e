import type { EpochMs } from './time.ts';

/** One mail, before it knows from whom and to whom. */
export interface Mail {
  /** The same at every attempt; becomes the Message-ID, so that a mail that comes twice after all can be told. */
  readonly id: string;
  /** When it happened, not when it is sent. */
  readonly time: EpochMs;
  /** Whole, with `[router_id] `. */
  readonly subject: string;
  /** Lines end with a line feed. */
  readonly body: string;
}

/** `detail` is one line, for people, without a secret in it. */
export type MailResult =
  | { readonly kind: 'delivered'; readonly detail: string }
  | {
      readonly kind: 'failed';
      /**
       * `server`: it does not serve us now, no mail would get through. `mail`: it did not take this mail now.
       * `never`: it will not take this mail.
       */
      readonly retry: 'server' | 'mail' | 'never';
      readonly detail: string;
    };

/** Sends over one fresh connection; never rejects, and has closed the connection when it resolves. */
export interface MailTransport {
  send(mail: Mail, signal: AbortSignal): Promise<MailResult>;
}
