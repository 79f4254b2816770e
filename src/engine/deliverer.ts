import type { Config } from '../model/config.ts';
import type { NotificationState } from '../model/store.ts';
import type { EpochMs, Ms } from '../model/time.ts';

/** What delivers mails or alerts, as the agent sees it. */
export interface Deliverer {
  /** After a reload: other addressees, another server. */
  configure(config: Config): void;
  /** Takes over what an earlier life of the agent owed. */
  resume(pending: readonly NotificationState[]): void;
  trouble(): { readonly since: EpochMs; readonly message: string } | null;
  /** Tries once more what is due, for at most `limit`, and leaves the rest to the next start. */
  close(limit: Ms): Promise<void>;
}
