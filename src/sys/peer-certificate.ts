import type { PeerCertificate } from '../model/ports.ts';

/** What of Node's description of a certificate counts. A name that stands there twice is a list. */
export interface PeerSubject {
  readonly subject?: { readonly CN?: string | string[] };
  readonly valid_to?: string;
}

/** null: none was shown, or it has no end that can be read. */
export function toPeerCertificate(shown: PeerSubject | undefined): PeerCertificate | null {
  const time = shown?.valid_to === undefined ? Number.NaN : Date.parse(shown.valid_to);
  if (Number.isNaN(time)) return null;
  return { subject: [shown?.subject?.CN].flat().join(', '), validTo: time };
}
