import type { Host } from '../model/host.ts';
import type { HostAddress } from '../model/ports.ts';
import type { VirtualAddress } from '../model/routing.ts';
import type { Cancel, Clock, Ms } from '../model/time.ts';
import { repeat } from '../model/timing.ts';
import type { VrrpInstance } from '../model/vrrp.ts';
import { catalogue } from './catalogue.ts';
import { formatHead, formatLabels } from './text.ts';

const states = ['master', 'backup', 'fault', 'stop'] as const;
type State = (typeof states)[number];

/** How often the state of the instances is looked at. */
const pulse: Ms = 1_000;

/** Sees what state VRRP is in, and counts how often that changes. */
export interface HostWatch {
  /** Looks each second as long as there are instances. */
  start(): void;
  close(): void;
  /** The lines of now, in the format `text`. */
  format(): Promise<string>;
}

/** An instance that is told of. */
interface Seen {
  state: State;
  /** How often it went to that state. */
  readonly entered: Record<State, number>;
}

/** `instances` are those of the running configuration. */
export function watchHost(
  instances: () => readonly VrrpInstance[],
  { clock, host }: { readonly clock: Clock; readonly host: Host },
): HostWatch {
  const seen = new Map<string, Seen>();
  let looking: Promise<boolean | null> | null = null;
  let cancel: Cancel = () => {};
  const lookOnce = async (): Promise<boolean> => {
    const runs = await host.isKeepalivedRunning();
    const told = new Map(instances().flatMap(instance => nameTold(instance)));
    for (const name of seen.keys()) if (!told.has(name)) seen.delete(name);
    if (told.size === 0) return runs;
    const addresses = host.listAddresses();
    for (const [name, { instance, first }] of told) {
      note(seen, name, await judge(instance, first, { runs, addresses, isLinkUp: link => host.isLinkUp(link) }));
    }
    return runs;
  };
  /**
   * Whether keepalived runs; null: nobody can tell, as when the process has no descriptor left, and the states stay what they were.
   * One look at a time.
   */
  const look = (): Promise<boolean | null> => {
    looking ??= lookOnce()
      .catch(() => null)
      .finally(() => {
        looking = null;
      });
    return looking;
  };
  return {
    start() {
      cancel = repeat(clock, pulse, () => {
        if (instances().length > 0) void look();
      });
    },
    close: () => cancel(),
    format: async () => formatHost(await look(), seen),
  };
}

/** The families without series: nobody looks. */
export async function formatNoHost(): Promise<string> {
  return formatHost(null, new Map());
}

interface Sight {
  readonly runs: boolean;
  readonly addresses: readonly HostAddress[];
  readonly isLinkUp: (name: string) => Promise<boolean>;
}

/** With the address by which it is judged; an instance without any is not told of. */
function nameTold(
  instance: VrrpInstance,
): [string, { readonly instance: VrrpInstance; readonly first: VirtualAddress }][] {
  const first = instance.addresses[0] ?? instance.excludedAddresses[0];
  return first ? [[instance.name, { instance, first }]] : [];
}

/** Who holds the address is master, whatever else is: a keepalived that was killed leaves it behind, and packets go there. */
async function judge(
  { interface: link, trackPrimary }: VrrpInstance,
  first: VirtualAddress,
  { runs, addresses, isLinkUp }: Sight,
): Promise<State> {
  if (addresses.some(entry => holds(entry, first))) return 'master';
  if (!runs) return 'stop';
  if (link === null || !trackPrimary) return 'backup';
  const isUp = addresses.some(entry => deviceOf(entry) === link) || (await isLinkUp(link));
  return isUp ? 'backup' : 'fault';
}

/** On the loopback it is there for another reason: a real server under DR or TUN has it too. */
function holds(entry: HostAddress, { address, interface: wanted }: VirtualAddress): boolean {
  return entry.address === address && (deviceOf(entry) !== 'lo' || wanted === 'lo');
}

/** An IPv4 address with a label has it for an interface: `eth0:vip`. */
function deviceOf(entry: HostAddress): string {
  return entry.interface.replace(/:.*/s, '');
}

function note(seen: Map<string, Seen>, name: string, state: State): void {
  const known = seen.get(name);
  if (!known) {
    seen.set(name, { state, entered: { master: 0, backup: 0, fault: 0, stop: 0 } });
  } else if (known.state !== state) {
    known.state = state;
    known.entered[state]++;
  }
}

function formatHost(runs: boolean | null, seen: ReadonlyMap<string, Seen>): string {
  const { keepalivedUp, vrrpState, vrrpTransitions } = catalogue;
  let text = formatHead(keepalivedUp, 'text');
  if (runs !== null) text += `${keepalivedUp.name} ${Number(runs)}\n`;
  text += `\n${formatHead(vrrpState, 'text')}`;
  for (const [name, { state }] of seen) {
    for (const each of states) {
      text += `${vrrpState.name}{${formatLabels(vrrpState.labels, [name, each])}} ${Number(each === state)}\n`;
    }
  }
  text += `\n${formatHead(vrrpTransitions, 'text')}`;
  for (const [name, { entered }] of seen) {
    for (const each of states) {
      text += `${vrrpTransitions.name}{${formatLabels(vrrpTransitions.labels, [name, each])}} ${entered[each]}\n`;
    }
  }
  return text;
}
