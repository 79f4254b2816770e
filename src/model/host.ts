import type { HostAddress } from './ports.ts';

/** What this host shows of its keepalived, without asking it. */
export interface Host {
  /** Of the interfaces that are up. */
  listAddresses(): readonly HostAddress[];
  /** False too when there is no interface of that name. */
  isLinkUp(name: string): Promise<boolean>;
  isKeepalivedRunning(): Promise<boolean>;
}
