import type { DeliveryResult } from './delivery.ts';
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

/** Sends over one fresh connection; never rejects, and has closed the connection when it resolves. */
export interface MailTransport {
  send(mail: Mail, signal: AbortSignal): Promise<DeliveryResult>;
}
