import { Buffer } from 'node:buffer';
import { type DigestEdit, editDigests } from '../../config/digest/edit-digests.ts';
import { groupBy } from '../../model/group-by.ts';
import type { Io, Modules } from '../io.ts';
import { plural } from '../output/diagnostics.ts';
import type { DigestFinding } from './genhash-config.ts';

type Edit = DigestEdit & { readonly digest: string };

/** Puts the digests where they belong, file by file, and says what it could not; true: all of them are there. */
export function writeDigests(
  findings: readonly DigestFinding[],
  sources: ReadonlyMap<string, string>,
  { stdout, stderr }: Pick<Io, 'stdout' | 'stderr'>,
  { editFile }: Pick<Modules, 'editFile'>,
): boolean {
  const edits: Edit[] = [];
  let complete = true;
  const refuse = (place: string, reason: string): void => {
    complete = false;
    stderr.write(`genhash: ${place}: not written: ${reason}\n`);
  };
  for (const [place, users] of groupBy(findings, finding => finding.place)) {
    const [{ edit, digest } = { edit: null, digest: null }] = users;
    if (users.some(each => each.digest === null)) refuse(place, 'not everything that it is for could be fetched');
    else if (users.every(each => each.digest === each.before)) continue;
    else if (users.some(each => each.digest !== digest))
      refuse(place, 'it is for several urls whose digests differ; give each a digest of its own');
    else if (edit === null || digest === null)
      refuse(
        place,
        'it is not alone on its line, or comes from a variable, a sequence or a condition; put the digest there by hand',
      );
    else edits.push({ ...edit, digest });
  }
  for (const [file, ofFile] of groupBy(edits, edit => edit.file)) {
    const outcome = editFile(file, bytes => {
      const text = Buffer.from(bytes);
      if (text.toString('utf8') !== sources.get(file)) throw new Error('it was changed meanwhile; start again');
      return Buffer.from(editDigests(text.toString('latin1'), ofFile), 'latin1');
    });
    if (outcome.ok) stdout.write(`${file}: ${plural(ofFile.length, 'digest')} written\n`);
    else refuse(file, outcome.detail);
  }
  return complete;
}
