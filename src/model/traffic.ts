/** What IPVS has counted since the service or the destination was added. */
export interface Traffic {
  readonly connections: number;
  readonly incomingPackets: number;
  readonly outgoingPackets: number;
  readonly incomingBytes: number;
  readonly outgoingBytes: number;
}

export interface DestinationTraffic extends Traffic {
  /** Connections of now. */
  readonly active: number;
  readonly inactive: number;
}

/** Services by `formatService`, their destinations by `formatEndpoint`. */
export type TrafficTable = ReadonlyMap<
  string,
  { readonly own: Traffic; readonly destinations: ReadonlyMap<string, DestinationTraffic> }
>;

/**
 * Reads what IPVS has counted; `takeTurn` is awaited between pieces of the work, so that nobody is held up. Rejects with a
 * sentence when that cannot be read.
 */
export type ReadTraffic = (takeTurn: () => Promise<void>) => Promise<TrafficTable>;
