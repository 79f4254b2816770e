import type { DigestAlgorithm } from '../../../checks/http-dialogue.ts';
import { type DigestResult, type DigestSpec, type DigestWatch, fetchDigest } from '../../../checks/http-digest.ts';
import type { HttpProtocol } from '../../../checks/http-request.ts';
import { canonicalAddress } from '../../config/values/addresses.ts';
import { formatEndpoint } from '../../model/endpoint.ts';
import type { Ms } from '../../model/time.ts';
import type { Io, Modules } from '../io.ts';
import { createResponseDump } from '../output/response-dump.ts';

export interface GenhashOptions {
  /** In the one form of addresses, or a name. */
  readonly server: string;
  readonly port: number;
  readonly url: string;
  readonly useSsl: boolean;
  readonly useSni: boolean;
  readonly useVirtualhost?: string;
  readonly protocol: HttpProtocol;
  readonly timeout: Ms;
  /** 0 = none. */
  readonly fwmark: number;
  readonly hash: DigestAlgorithm;
  readonly verbose: boolean;
}

/** Prints the digest of a URL. 0: printed, 1: there is none, or HTTP_GET would fail with any. */
export async function printDigest(
  options: GenhashOptions,
  io: Io,
  modules: Pick<Modules, 'sockets' | 'resolve'>,
): Promise<number> {
  const { stdout, stderr } = io;
  const dump = options.verbose ? createResponseDump(stdout) : null;
  const abort = new AbortController();
  const cancels = (['SIGINT', 'SIGTERM'] as const).map(signal => io.onSignal(signal, () => abort.abort()));
  const { digest, took, problems } = await askServer(options, { io, modules, signal: abort.signal, dump });
  for (const cancel of cancels) cancel();
  if (digest !== null) {
    if (dump) dump.digest(digest);
    else stdout.write(`${digest}\n`);
  }
  for (const problem of abort.signal.aborted ? ['interrupted'] : problems) stderr.write(`genhash: ${problem}\n`);
  if (dump) stdout.write(`\nGlobal response time for [${options.url}] = ${Math.round(took * 1000)} usecs\n`);
  return problems.length === 0 ? 0 : 1;
}

interface Asking {
  readonly io: Io;
  readonly modules: Pick<Modules, 'sockets' | 'resolve'>;
  readonly signal: AbortSignal;
  readonly dump: DigestWatch | null;
}
interface Answer extends Pick<DigestResult, 'digest' | 'took'> {
  /** Sentences for the operator; none: all is well. */
  readonly problems: readonly string[];
}

/** Asks the addresses of the server in their order, until one of them takes the connection. */
async function askServer(options: GenhashOptions, { io, modules, signal, dump }: Asking): Promise<Answer> {
  const { server } = options;
  const isAddress = canonicalAddress(server) !== null;
  const addresses = isAddress ? [server] : await resolveName(server, modules, signal);
  if (typeof addresses === 'string') return { digest: null, took: 0, problems: [addresses] };
  const problems: string[] = [];
  let took: Ms = 0;
  for (const address of addresses) {
    const context = { clock: io.clock, sockets: modules.sockets, signal };
    const result = await fetchDigest(planDigest(options, address), context, dump);
    took += result.took;
    if (result.failure === null) return { digest: result.digest, took, problems: [] };
    problems.push(describeFailure(address, options.port, result.digest, result.failure.detail));
    if (!isWithoutConnection(result.failure)) return { digest: result.digest, took, problems };
  }
  return { digest: null, took, problems };
}

/** A sentence when there are no addresses. */
function resolveName(
  server: string,
  { resolve }: Pick<Modules, 'resolve'>,
  signal: AbortSignal,
): Promise<readonly string[] | string> {
  const aborted = new Promise<string>(settle => {
    signal.addEventListener('abort', () => settle('interrupted'), { once: true });
  });
  const found = resolve(server).catch(
    (fault: Error) =>
      `${server}: ${fault.message}; write its address, or look at the name, /etc/hosts and the name servers of this host`,
  );
  return Promise.race([found, aborted]);
}

function planDigest(options: GenhashOptions, address: string): DigestSpec {
  const { port, url, useSsl, useSni, useVirtualhost, protocol, timeout, fwmark, hash } = options;
  const virtualhost = useVirtualhost ?? null;
  return {
    connection: { address, port, timeout, ...(fwmark !== 0 && { mark: fwmark }) },
    protocol,
    path: url,
    virtualhost,
    tls: useSsl ? { serverName: useSni ? virtualhost : null } : null,
    algorithm: hash,
  };
}

function isWithoutConnection({ reason }: NonNullable<DigestResult['failure']>): boolean {
  return reason === 'refused' || reason === 'unreachable' || reason === 'timeout_connect' || reason === 'local';
}

function describeFailure(address: string, port: number, digest: string | null, failure: string): string {
  const consequence = digest === null ? '' : '; a check of it fails, whatever its digest';
  return `${formatEndpoint(address, port)}: ${failure}${consequence}`;
}
