import type { CheckResult } from '../src/model/check.ts';
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

/** Of this certificate, or of those before it if one of them ends earlier. */
export function firstEnd(before: EpochMs | null, certificate: PeerCertificate | null): EpochMs | null {
  if (certificate === null || (before !== null && before <= certificate.validTo)) return before;
  return certificate.validTo;
}

/** As a part of a result. */
export function tellEnd(ends: EpochMs | null): Pick<CheckResult, 'certificateEnds'> {
  return ends === null ? {} : { certificateEnds: ends };
}
