import type { CheckTarget, Report } from '../src/model/check.ts';
import type { Param, Params, Values } from '../src/model/params.ts';
import type { TlsOptions, TlsVerification } from '../src/model/ports.ts';

export const sessionReuseParam: Param = {
  name: 'tls_session_reuse',
  type: { kind: 'bool' },
  doc: 'After a check that passed up to nineteen more resume a TLS session, of TLS 1.2 where nothing speaks against it, for five minutes at most; what fails of them is checked once more in full. off = a full handshake in each check.',
  default: 'true',
  ours: true,
};

/** What of TLS is ours: keepalived never looks at a certificate. */
export const tlsParams: Params = [
  {
    name: 'verify',
    type: { kind: 'bool' },
    doc: 'The certificate must be valid, of an authority that is trusted, and for the name: sni_name, else the virtualhost, else the address. Sends the name (SNI) unless enable_sni is off, and wants TLS 1.2.',
    default: 'false',
    ours: true,
  },
  {
    name: 'ca',
    type: { kind: 'word' },
    doc: 'File of the authorities that verify trusts (PEM), read anew when it changes.',
    default: 'ca of the block SSL, else the authorities of the system, else those of Node',
    ours: true,
  },
  {
    name: 'expiry_warning',
    type: { kind: 'int', min: 0, max: 36_500 },
    doc: 'Days before the end of the certificate from which on a check that passes has a warning; never touches the weight. 0 = never.',
    default: '14',
    ours: true,
  },
  sessionReuseParam,
];

const defaultExpiryWarning = 14;

export function planExpiryWarning(values: Values): number {
  return values.get<number>('expiry_warning') ?? defaultExpiryWarning;
}

/** How a connection to `address` goes over to TLS. */
export function planTls(
  values: Values,
  virtualhost: string | null,
  address: string,
  { ssl }: Pick<CheckTarget, 'ssl'>,
): TlsOptions {
  const verifies = values.get<boolean>('verify') === true;
  const name = values.get<string>('sni_name') ?? virtualhost;
  const sends = values.get<boolean>('enable_sni') ?? (verifies || values.has('sni_name'));
  return {
    serverName: values.get<string>('sni_name') ?? (sends ? name : null),
    ...(ssl.identity !== null && { identity: ssl.identity }),
    ...(verifies && { verify: planVerification(name, address, values.get<string>('ca') ?? ssl.ca) }),
    ...planSessionReuse(values),
  };
}

/** Says nothing of what every check does, so that its identity stays. */
export function planSessionReuse(values: Values): Pick<TlsOptions, 'reuseSession'> {
  return values.get<boolean>('tls_session_reuse') === false ? { reuseSession: false } : {};
}

/** A Host header may have a port, a certificate has none. */
function planVerification(name: string | null, address: string, ca: string | null): TlsVerification {
  const host = name?.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1') ?? address;
  return { name: host, ...(ca !== null && { ca }) };
}

/** Says that authorities are named of whom nothing is asked. */
export function judgeTls(values: Values, report: Report): void {
  if (!values.has('ca') || values.get<boolean>('verify') === true) return;
  report('warning', 'ca-alone', 'ca has no effect without verify', values.spanOf('ca'), 'write verify');
}
