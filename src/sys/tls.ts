import { createRequire } from 'node:module';

type Tls = typeof import('node:tls');

let loaded: Tls | null = null;

/** Node's TLS, loaded when it is first wanted: a configuration without encrypted checks never needs its memory. */
export function loadTls(): Tls {
  loaded ??= createRequire(import.meta.url)('node:tls') as Tls;
  return loaded;
}
