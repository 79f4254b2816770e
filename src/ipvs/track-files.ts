import type {
  DesiredService,
  DesiredVerdict,
  IpvsChange,
  IpvsDriver,
  IpvsOutcome,
  IpvsWritten,
} from '../model/ipvs.ts';
import type { ValueFiles } from '../model/ports.ts';
import type { ServiceKey } from '../model/server.ts';
import { trackFileNames } from '../model/track-file.ts';

// The disk answers several questions at once; all of a large configuration would take every descriptor there is.
const atOnce = 64;

/**
 * Leaves the table to keepalived: writes what its FILE_CHECKs read, for each real server one file with its state and
 * one with the change of its weight. One file could carry both, but a keepalived that is started while its number
 * says "down" would bring the real server back with weight 0 (trackers/track_file.c:process_update_checker_track_file_status
 * takes back no weight that check_file.c:set_track_file_weights has given). A file that nothing is wanted of any more
 * stays as it is: without it keepalived would take its real server for up.
 */
export function createTrackFileDriver(modules: { readonly files: ValueFiles }): IpvsDriver {
  const { files } = modules;
  return {
    async open() {
      await files.open().catch((fault: unknown) => {
        throw new Error(
          `The directory of the value files cannot be used (${messageOf(fault)}): name another one by track_dir, or run as a user who may write there`,
        );
      });
    },
    // What keepalived makes of the values is not looked at: that would need a right to the kernel's table.
    read: async () => emptyTable,
    async apply(changes) {
      const written: IpvsWritten[] = [];
      const outcomes: IpvsOutcome[] = [];
      for (const change of changes) outcomes.push(await applyChange(files, change, written));
      return { outcomes, written, table: emptyTable };
    },
    flush: async () => {},
    setTimeouts: async () => {},
  };
}

const emptyTable = { services: [] };

async function applyChange(files: ValueFiles, change: IpvsChange, written: IpvsWritten[]): Promise<IpvsOutcome> {
  const wanted = change.desired.flatMap(listVerdicts);
  const faults: string[] = [];
  for (let start = 0; start < wanted.length; start += atOnce) {
    const slice = wanted.slice(start, start + atOnce);
    await Promise.all(
      slice.map(async ({ service, verdict }) => {
        for (const value of listValues(verdict)) {
          const put = { service, text: describeValue(value), operation: 'set-value' } as const;
          try {
            if (await putValue(files, value)) written.push({ ...put, ok: true });
          } catch (fault) {
            written.push({ ...put, ok: false });
            faults.push(`the value file ${value.name} cannot be written (${messageOf(fault)})`);
          }
        }
      }),
    );
  }
  const [first] = faults;
  if (first === undefined) return { ok: true };
  return { ok: false, detail: faults.length === 1 ? first : `${first}; and ${faults.length - 1} more` };
}

function listVerdicts({ service, verdicts = [] }: DesiredService): { service: ServiceKey; verdict: DesiredVerdict }[] {
  return verdicts.map(verdict => ({ service: service.key, verdict }));
}

interface FileValue {
  readonly name: string;
  readonly value: number;
  readonly meaning: string;
  /** Without a file keepalived takes the value for 0. */
  readonly mayLack: boolean;
}

/** In this order: who goes leaves before its weight is taken back, who comes has its weight from the first moment. */
function listValues({ virtualServer, realServer, up, weightChange }: DesiredVerdict): readonly FileValue[] {
  const names = trackFileNames(virtualServer, realServer);
  const state = { name: names.state, value: up ? 0 : 1, meaning: up ? 'up' : 'down', mayLack: false };
  const meaning = 'change of the weight';
  const weight = { name: names.weight, value: weightChange, meaning, mayLack: weightChange === 0 };
  return up ? [weight, state] : [state, weight];
}

/** Returns whether the file had to be written. */
async function putValue(files: ValueFiles, { name, value, mayLack }: FileValue): Promise<boolean> {
  const before = await files.read(name);
  if (before === null ? mayLack : before.trim() === String(value)) return false;
  await files.write(name, `${value}\n`);
  return true;
}

function describeValue({ name, value, meaning }: FileValue): string {
  return `value file ${name}: ${value} (${meaning})`;
}

function messageOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault);
}
