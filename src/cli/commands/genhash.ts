import { type DigestSpec, fetchDigest } from '../../../checks/http-digest.ts';
import type { HttpProtocol } from '../../../checks/http-request.ts';
import { formatEndpoint } from '../../model/endpoint.ts';
import type { Ms } from '../../model/time.ts';
import type { Io, Modules } from '../io.ts';
import { createResponseDump } from '../output/response-dump.ts';

export interface GenhashOptions {
  /** In the one form of addresses. */
  readonly server: string;
  readonly port: number;
  readonly url: string;
  readonly useSsl: boolean;
  readonly useSni: boolean;
  readonly useVirtualhost?: string;
  readonly protocol: HttpProtocol;
  readonly timeout: Ms;
  readonly verbose: boolean;
}

/** Prints the digest of a URL. 0: printed, 1: there is none, or HTTP_GET would fail with any. */
export async function printDigest(options: GenhashOptions, io: Io, modules: Pick<Modules, 'sockets'>): Promise<number> {
  const { stdout, stderr, clock } = io;
  const dump = options.verbose ? createResponseDump(stdout) : null;
  const abort = new AbortController();
  const cancels = (['SIGINT', 'SIGTERM'] as const).map(signal => io.onSignal(signal, () => abort.abort()));
  const { digest, failure, took } = await fetchDigest(
    planDigest(options),
    { clock, sockets: modules.sockets, signal: abort.signal },
    dump,
  );
  for (const cancel of cancels) cancel();
  if (digest !== null) {
    if (dump) dump.digest(digest);
    else stdout.write(`${digest}\n`);
  }
  if (failure !== null) stderr.write(`genhash: ${describeFailure(options, digest, failure, abort.signal.aborted)}\n`);
  if (dump) stdout.write(`\nGlobal response time for [${options.url}] = ${Math.round(took * 1000)} usecs\n`);
  return failure === null ? 0 : 1;
}

function planDigest({
  server,
  port,
  url,
  useSsl,
  useSni,
  useVirtualhost,
  protocol,
  timeout,
}: GenhashOptions): DigestSpec {
  const virtualhost = useVirtualhost ?? null;
  return {
    connection: { address: server, port, timeout },
    protocol,
    path: url,
    virtualhost,
    tls: useSsl ? { serverName: useSni ? virtualhost : null } : null,
  };
}

function describeFailure(
  { server, port }: GenhashOptions,
  digest: string | null,
  failure: string,
  interrupted: boolean,
): string {
  if (interrupted) return 'interrupted';
  const consequence = digest === null ? '' : '; a check of it fails, whatever its digest';
  return `${formatEndpoint(server, port)}: ${failure}${consequence}`;
}
