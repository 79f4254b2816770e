import { Buffer } from 'node:buffer';
import type { CheckContext, Checker, CheckResult } from '../src/model/check.ts';
import type { TrackerWeight } from '../src/model/trackers.ts';

interface FileSpec extends TrackerWeight {
  readonly path: string;
}
type Verdict =
  | { readonly ok: true; readonly detail: string; readonly weight?: { readonly delta: number } }
  | { readonly ok: false; readonly detail: string; readonly inconclusive?: true };

/** keepalived trackers/track_file.c:process_track_file. */
const readLimit = 127;
const maxWeight = 2_147_483_647;
/** keepalived's IPVS_WEIGHT_FAULT. */
const fault = -2_147_483_648;

/** Takes weight or state of the real server from a number in a file, as soon as it changes. */
export const file: Checker<FileSpec> = {
  keyword: 'FILE_CHECK',
  doc: 'Takes weight or state from the number in a file, as soon as it changes, and looks on schedule besides.',
  params: [
    {
      name: 'track_file',
      type: { kind: 'word' },
      doc: 'Name of a track_file block that stands before the virtual_server. No file, and no number in it, is 0.',
      required: true,
    },
    {
      name: 'weight',
      type: { kind: 'weight', min: -maxWeight, max: maxWeight },
      doc: "What the number, with `reverse` its negative, is multiplied with and then added to the real server's weight. With 0 another number than 0 fails, with `0 reverse` 0 does.",
      default: 'of the track_file',
    },
  ],
  defaultRetry: 0,
  defaultDelayBeforeRetry: 0,
  immediate: true,
  solitary: 'it only reads a file',
  pace: 'end',
  mail: { up: 'FILE CHECK succeeded on service', down: 'FILE CHECK failed on service' },
  plan(values, target, report) {
    const name = values.get<string>('track_file');
    const tracked = name === undefined ? undefined : target.trackFile(name);
    if (tracked === undefined) {
      const what = name === undefined ? 'it names no track_file' : `no track_file ${name} stands before it`;
      const hint = 'Write track_file NAME, and before the virtual_server: track_file NAME { file PATH }.';
      report('error', 'no-track-file', `FILE_CHECK cannot be used: ${what}.`, values.span, hint);
      return [];
    }
    const { weight, reverse } = values.get<TrackerWeight>('weight') ?? tracked.weight;
    return [{ path: tracked.path, weight, reverse }];
  },
  async check(spec, { clock, files, signal }): Promise<CheckResult> {
    const start = clock.now();
    const verdict = await readVerdict(spec, files, signal);
    const took = clock.now() - start;
    return verdict.ok ? { ...verdict, took } : { ...verdict, took, reason: signal.aborted ? 'internal' : 'file' };
  },
  watch({ path }, { files, signal }, wake) {
    if (!signal.aborted) signal.addEventListener('abort', files.watch(path, wake), { once: true });
  },
  longest: () => 0,
};

/** A disk that does not answer cannot be interrupted; nobody waits for it any more once it is aborted. */
function readVerdict(spec: FileSpec, files: CheckContext['files'], signal: AbortSignal): Promise<Verdict> {
  if (signal.aborted) return Promise.resolve(aborted);
  return new Promise(resolve => {
    const abort = (): void => resolve(aborted);
    signal.addEventListener('abort', abort, { once: true });
    files
      .read(spec.path, readLimit)
      .then(bytes => judge(spec, bytes))
      .catch((error: unknown): Verdict => {
        const message = error instanceof Error ? error.message : String(error);
        return { ok: false, inconclusive: true, detail: `${spec.path}: ${message}` };
      })
      .then(resolve)
      .finally(() => signal.removeEventListener('abort', abort));
  });
}

const aborted: Verdict = { ok: false, detail: 'aborted' };

/** keepalived trackers/track_file.c:update_track_file_status, :process_update_checker_track_file_status. */
function judge({ path, weight, reverse }: FileSpec, bytes: Uint8Array | null): Verdict {
  const value = bytes === null ? 0 : readNumber(Buffer.from(bytes).toString('latin1'));
  const detail = bytes === null ? `no file ${path}, which counts as 0` : `${value} in ${path}`;
  // It lets 2^31 pass.
  if (value < fault || value > maxWeight + 1) {
    return { ok: false, inconclusive: true, detail: `${detail} is beyond 32 bits` };
  }
  if (weight === 0) return (value === 0) === reverse ? { ok: false, detail } : { ok: true, detail };
  const delta = value * weight * (reverse ? -1 : 1);
  if (delta <= fault) return { ok: false, detail: `${detail}, times ${weight}${reverse ? ' reversed' : ''}` };
  // No negative zero: it would be another wish than 0.
  return { ok: true, detail, weight: { delta: Math.min(delta, maxWeight) + 0 } };
}

/** The number at the beginning as C reads it, strtol with base 0; 0 where there is none. */
function readNumber(text: string): number {
  const [, sign, hex, octal, decimal] =
    /^[ \t\n\v\f\r]*([+-]?)(?:0[xX]([\da-fA-F]+)|(0[0-7]*)|([1-9]\d*))/.exec(text) ?? [];
  const size =
    hex !== undefined
      ? Number.parseInt(hex, 16)
      : octal !== undefined
        ? Number.parseInt(octal, 8)
        : Number(decimal ?? 0);
  return sign === '-' ? 0 - size : size;
}
