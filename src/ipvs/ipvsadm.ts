import type { Execute } from '../model/ports.ts';
import { refreshWeights } from './proc-table.ts';
import { commandText, parseSaved } from './save-format.ts';
import type { IpvsTablePort } from './table.ts';

// Keeps the text of one call at a few megabytes.
const linesPerCall = 50_000;
// ipvsadm's exit code when it does not understand a line; it then leaves out the lines after it.
const badLine = 2;
const listing = ['-Ln', '--thresholds'];
const wayOut = 'use --ipvs memory to run without touching a kernel table';

type Executed = Awaited<ReturnType<Execute>>;

/** The kernel's table through the program ipvsadm, which must be in PATH. */
export function createIpvsadmTable(modules: {
  readonly execute: Execute;
  /** The text of /proc/net/ip_vs; null: it cannot be read. */
  readonly readProc: () => Promise<string | null>;
}): IpvsTablePort {
  const run = async (args: readonly string[], input?: string): Promise<Executed> => {
    const done = await modules.execute('ipvsadm', args, input).catch((fault: unknown) => {
      throw new Error(explainMissing(fault));
    });
    const fault = explainRefusal(done.stderr);
    if (fault) throw new Error(fault);
    return done;
  };
  const runWhole = async (args: readonly string[]): Promise<string> => {
    const done = await run(args);
    if (done.code === 0) return done.stdout;
    throw new Error(`ipvsadm ${args.join(' ')} failed (${describeEnd(done)}): ${wayOut}`);
  };
  const write = async (lines: readonly string[]): Promise<readonly string[]> => {
    const done = await run(['-R'], `${lines.join('\n')}\n`);
    const complaints = complaintsOf(done.stderr);
    if (done.code === null) return [...complaints, 'ipvsadm was killed'];
    if (done.code !== badLine || lines.length === 1) return complaints;
    // One bad line must not cost the others. Every command may be given twice: no two of a batch touch one entry.
    const middle = Math.ceil(lines.length / 2);
    return [...(await write(lines.slice(0, middle))), ...(await write(lines.slice(middle)))];
  };
  return {
    async open() {
      const first = await modules.execute('ipvsadm', ['-Sn']).catch(() => null);
      // It may not be there, or already be built in: what counts is whether the table can be read afterwards.
      if (first && lacksModule(first.stderr)) await modules.execute('modprobe', ['ip_vs']).catch(() => null);
      await runWhole(['-Sn']);
    },
    async read() {
      // In this order: what is in the first and not in the second is gone by now.
      const saved = await runWhole(['-Sn']);
      const listed = await runWhole(listing);
      // Even an empty table has a heading; where its output was lost, what is in the table is not known.
      if (listed === '') throw new Error(`ipvsadm ${listing.join(' ')} printed nothing: ${wayOut}`);
      return parseSaved(saved, listed);
    },
    async readWeights(known) {
      const text = await modules.readProc();
      return text === null ? null : refreshWeights(known, text);
    },
    async write(commands) {
      const complaints: string[] = [];
      for (let start = 0; start < commands.length; start += linesPerCall) {
        complaints.push(...(await write(commands.slice(start, start + linesPerCall).map(commandText))));
      }
      return complaints;
    },
    flush: async () => void (await runWhole(['-C'])),
    setTimeouts: async ({ tcp, tcpfin, udp }) => void (await runWhole(['--set', `${tcp}`, `${tcpfin}`, `${udp}`])),
  };
}

function explainMissing(fault: unknown): string {
  const code = fault instanceof Error && 'code' in fault ? fault.code : null;
  if (code === 'ENOENT') return `ipvsadm is not installed (or not in PATH): install the package ipvsadm, or ${wayOut}`;
  const why = fault instanceof Error ? fault.message : String(fault);
  return `ipvsadm cannot be started (${why}): ${wayOut}`;
}

/** ipvsadm could not reach the kernel's table at all; null if it could. */
function explainRefusal(stderr: string): string | null {
  if (/you must be root|Operation not permitted/.test(stderr)) {
    return `No permission to use the kernel's IPVS table: run as root or with CAP_NET_ADMIN, or ${wayOut}`;
  }
  if (lacksModule(stderr)) {
    return `This kernel has no IPVS (module ip_vs is not loaded and cannot be loaded): ${wayOut}`;
  }
  return null;
}

function lacksModule(stderr: string): boolean {
  return /Can't initialize ipvs/.test(stderr) && !/you must be root|Operation not permitted/.test(stderr);
}

function complaintsOf(stderr: string): readonly string[] {
  return stderr.split('\n').filter(line => line.trim() !== '' && !/^Try `ipvsadm/.test(line));
}

function describeEnd(done: Executed): string {
  const end = done.code === null ? 'killed' : `exit code ${done.code}`;
  const said = complaintsOf(done.stderr).join('; ');
  return said === '' ? end : `${end}, ${said}`;
}
