import type { PeerCertificate } from '../src/model/ports.ts';
import { type EpochMs, formatTimestamp } from '../src/model/time.ts';

const day = 86_400_000;

/** The same words on each day, so that they are logged once; null = it holds for longer than `days`. */
export function warnOfExpiry(certificate: PeerCertificate | null, days: number, now: EpochMs): string | null {
  if (certificate === null || certificate.validTo - now > days * day) return null;
  const { subject, validTo } = certificate;
  const whose = subject === '' ? 'the certificate' : `the certificate of ${subject}`;
  return `${whose} ${validTo <= now ? 'expired' : 'expires'} on ${formatTimestamp(validTo).slice(0, 10)}`;
}
