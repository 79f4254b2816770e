import { readFileSync, statSync } from 'node:fs';
import type { SecureContext, SecureContextOptions } from 'node:tls';
import type { SocketFault, TlsOptions } from '../model/ports.ts';
import { describeSystemError } from './system-error.ts';
import { loadTls } from './tls.ts';

export type SecureContextResult =
  | { readonly ok: true; readonly context: SecureContext }
  /** Its code is `EFILE`: what this host has to offer is at fault, and not the server. */
  | { readonly ok: false; readonly fault: SocketFault };

/** What OpenSSL offers for TLS 1.3, with the one first whose hash costs a resumed check a fourteenth less. */
const suites = 'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256';
/** Old servers must pass, as they do with keepalived: it asks for no more than the linked OpenSSL allows. */
const lenient: SecureContextOptions = { minVersion: 'TLSv1', ciphers: `${suites}:DEFAULT@SECLEVEL=0` };
/** Where distributions keep the authorities that they trust. */
const bundles: readonly string[] = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

interface Held {
  readonly context: SecureContext;
  /** Of the files that it was made of. */
  readonly stamps: readonly string[];
}
const held = new Map<string, Held>();
let plain: SecureContext | null = null;
let heldContext: SecureContext | null = null;

/** What a connection needs of keys and authorities. Equal ones share it until one of their files changes. */
export function findSecureContext({ identity, verify }: TlsOptions): SecureContextResult {
  if (identity === undefined && verify === undefined) {
    plain ??= loadTls().createSecureContext(lenient);
    return { ok: true, context: plain };
  }
  const ca = verify && (verify.ca ?? bundles.find(path => statSync(path, { throwIfNoEntry: false })?.isFile()));
  const sources: readonly Source[] = [
    ...(identity ? [{ what: 'certificate', option: 'cert', path: identity.certificate } as const] : []),
    ...(identity ? [{ what: 'key', option: 'key', path: identity.key } as const] : []),
    ...(ca === undefined ? [] : [{ what: 'ca', option: 'ca', path: ca } as const]),
  ];
  const password = identity?.password?.reveal();
  const key = JSON.stringify([sources, password, verify !== undefined]);
  const known = held.get(key);
  try {
    const stamps = sources.map(readStamp);
    if (known !== undefined && stamps.every((stamp, index) => stamp === known.stamps[index])) {
      return { ok: true, context: known.context };
    }
    const files = Object.fromEntries(sources.map(source => [source.option, readSource(source)]));
    const context = loadTls().createSecureContext({
      // Who asks for proof does not want it over ciphers that prove nothing.
      ...(verify === undefined && lenient),
      ...files,
      ...(password !== undefined && { passphrase: password }),
    });
    held.set(key, { context, stamps });
    return { ok: true, context };
  } catch (error) {
    held.delete(key);
    return { ok: false, fault: { code: 'EFILE', message: describe(error, sources) } };
  }
}

/** The twin of what plain options get: to the server a client that knows no TLS 1.3. */
export function findHeldContext(): SecureContext {
  heldContext ??= loadTls().createSecureContext({ ...lenient, maxVersion: 'TLSv1.2' });
  return heldContext;
}

interface Source {
  readonly what: 'certificate' | 'key' | 'ca';
  readonly option: 'cert' | 'key' | 'ca';
  readonly path: string;
}

class UnreadableFile extends Error {}

function readStamp(source: Source): string {
  const { ino, size, mtimeMs } = read(source, path => statSync(path));
  return `${ino} ${size} ${mtimeMs}`;
}

function readSource(source: Source): string {
  const text = read(source, path => readFileSync(path, 'latin1'));
  // OpenSSL passes over authorities that it cannot read.
  if (source.option !== 'ca' || text.includes('-----BEGIN ')) return text;
  throw new UnreadableFile(`there is no certificate in the ca ${source.path}`);
}

function read<T>({ what, path }: Source, how: (path: string) => T): T {
  try {
    return how(path);
  } catch (error) {
    throw new UnreadableFile(`cannot read the ${what} ${path}: ${describeSystemError(error)}`);
  }
}

function describe(error: unknown, sources: readonly Source[]): string {
  if (error instanceof UnreadableFile) return error.message;
  const message = error instanceof Error ? error.message : String(error);
  const files = sources.map(each => `${each.what} ${each.path}`).join(', ');
  return `cannot use ${files}: ${message}`;
}
