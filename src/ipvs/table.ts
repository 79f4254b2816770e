import type { IpvsCommand, IpvsTable } from '../model/ipvs.ts';

/** Seconds, as `ipvsadm --set` takes them; 0 keeps what is set. */
interface IpvsTimeouts {
  readonly tcp: number;
  readonly tcpfin: number;
  readonly udp: number;
}

/** Where a driver reads and writes: the kernel through ipvsadm, a table in memory, or a rehearsal of either. */
export interface IpvsTablePort {
  /** Rejects with one sentence for the operator when the table is out of reach. */
  open(): Promise<void>;
  read(): Promise<IpvsTable>;
  /** The known table with the weights of now, without a process. null: more has changed, or it cannot tell. */
  readWeights?(known: IpvsTable): Promise<IpvsTable | null>;
  /**
   * Runs the commands in order and goes on after one that is refused. Resolves to the complaints, which do not say
   * what they are about: reading back tells.
   */
  write(commands: readonly IpvsCommand[]): Promise<readonly string[]>;
  /** Removes every service. */
  flush(): Promise<void>;
  setTimeouts(timeouts: IpvsTimeouts): Promise<void>;
}
