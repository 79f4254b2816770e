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
import { downValue, trackFileName } from '../model/track-file.ts';

// The disk answers several questions at once; all of a large configuration would take every descriptor there is.
const atOnce = 64;

/**
 * Leaves the table to keepalived: writes what its FILE_CHECKs read, one value file for each real server. A file that
 * nothing is wanted of any more stays as it is: without it keepalived would take its real server for up.
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
    // What keepalived made of the values is not looked at: that needs no right to the kernel's table.
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
        const name = trackFileName(verdict.virtualServer, verdict.realServer);
        try {
          if (await putValue(files, name, verdict)) written.push({ service, text: describeValue(name, verdict) });
        } catch (fault) {
          faults.push(`the value file ${name} cannot be written (${messageOf(fault)})`);
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

/** Returns whether the file had to be written. */
async function putValue(files: ValueFiles, name: string, verdict: DesiredVerdict): Promise<boolean> {
  const value = String(fileValue(verdict));
  if ((await files.read(name))?.trim() === value) return false;
  await files.write(name, `${value}\n`);
  return true;
}

function fileValue({ weightChange }: DesiredVerdict): number {
  return weightChange ?? downValue;
}

function describeValue(name: string, verdict: DesiredVerdict): string {
  const { weightChange } = verdict;
  const change = weightChange === null ? 'down' : weightChange === 0 ? 'up' : 'up, weight changed by it';
  return `value file ${name}: ${fileValue(verdict)} (${change})`;
}

function messageOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault);
}
