/** Panel → how many of its queries have no answer. */
type Empty = Readonly<Record<string, number>>;

/** What the agent's own table, which is in memory, has no numbers for; test/lab and test/dashboards have. */
const noTraffic: Empty = {
  'overview: Virtual servers': 3,
  'overview: Connections': 1,
  'overview: Packets from and to clients': 2,
  'overview: Bytes from and to clients': 2,
  'virtual-server: Connections/s': 1,
  'virtual-server: Active connections': 2,
  'virtual-server: Inactive connections': 1,
  'virtual-server: Real servers': 7,
  'virtual-server: Connections': 1,
  'virtual-server: Packets from and to clients': 2,
  'virtual-server: Bytes from and to clients': 2,
  'real-server: Active connections': 2,
  'real-server: Inactive connections': 1,
  'real-server: Connections': 1,
  'real-server: Packets from and to clients': 2,
  'real-server: Bytes from and to clients': 2,
};
/** In mode memory the host is not looked at; test/lab and test/dashboards have keepalived and VRRP. */
const noKeepalived: Empty = {
  'vrrp: State of VRRP instances': 1,
  'vrrp: Masters': 1,
  'vrrp: VRRP instances': 1,
  'vrrp: Changes by state': 1,
  'vrrp: keepalived runs': 1,
  'vrrp: Changes over time': 1,
};
/** A table that nobody else touches is as we want it. */
const noDrift: Empty = { 'overview: Weights that drift': 2 };
const noneDown: Empty = { 'overview: Real servers that are down': 5 };
/** Reasons of the last seconds. */
const noReason: Empty = { 'virtual-server: Real servers': 1, 'real-server: In all virtual servers': 1 };
const noFailureYet: Empty = {
  'overview: Failed checks by reason': 1,
  'virtual-server: Failed checks by reason': 1,
  'real-server: Failed checks by reason': 1,
  'real-server: Reason': 1,
};
const noChangeYet: Empty = {
  'overview: Real servers that changed': 1,
  'overview: Flapping': 1,
  'virtual-server: Flapping': 1,
  'real-server: Changes of the verdict': 1,
};
const quorumNeverLost: Empty = { 'overview: Virtual servers without quorum': 1, 'overview: Sorry servers': 1 };
/** Who is down has no place in the table. */
const notInTable: Empty = { 'real-server: Weight': 1, 'real-server: Wanted weight': 1 };
const noneInTable: Empty = { 'virtual-server: Real servers': 2 };

const always = [noTraffic, noKeepalived, noDrift];

/** Moment of the scenario → the panels that have no data then; all others must have. */
export const withoutData = {
  up: add(...always, noneDown, noReason, noFailureYet, noChangeYet, quorumNeverLost),
  down: add(...always, quorumNeverLost, notInTable),
  draining: add(...always, quorumNeverLost, notInTable),
  lost: add(...always, notInTable, noneInTable),
  back: add(...always, noneDown, noReason),
};

function add(...parts: readonly Empty[]): Empty {
  const sum: Record<string, number> = {};
  for (const [panel, count] of parts.flatMap(part => Object.entries(part))) sum[panel] = (sum[panel] ?? 0) + count;
  return sum;
}
