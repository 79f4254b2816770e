import { fetchDigests, type UrlDigest } from '../../../checks/http-digest.ts';
import type { FetchContext } from '../../../checks/http-fetch.ts';
import type { HttpSpec } from '../../../checks/http-plan.ts';
import { cutLines, type DigestEdit, planDigestEdit, type SourceLines } from '../../config/digest/edit-digests.ts';
import { findUrlPlaces, type UrlPlaces } from '../../config/digest/url-places.ts';
import type { CheckPlan } from '../../model/check.ts';
import { formatEndpoint } from '../../model/endpoint.ts';
import { groupBy } from '../../model/group-by.ts';
import type { RealServer, VirtualServer } from '../../model/server.ts';
import type { Io, Modules } from '../io.ts';
import { readForWork } from '../load.ts';
import { printable } from '../output/style.ts';
import { runJobs } from '../run-jobs.ts';
import { writeDigests } from './genhash-write.ts';

export interface ConfigDigestOptions {
  readonly file: string;
  readonly configId: string;
  readonly lenient: boolean;
  /** Put the digests into the files too. */
  readonly write: boolean;
}

/** What came of one url of one real server. */
export interface DigestFinding {
  /** `file:line` of the digest, or of the path below which it belongs. */
  readonly place: string;
  /** Virtual server, real server, checker and path, as they are shown. */
  readonly title: string;
  readonly virtualServer: string;
  readonly realServer: string;
  /** Equal for urls that ask for the same thing. */
  readonly asked: string;
  readonly shownPath: string;
  /** null: it could not be fetched, or the check fails whatever the digest is. */
  readonly digest: string | null;
  readonly failure: string | null;
  /** What the configuration says now. */
  readonly before: string | null;
  /** null: the line cannot be edited without touching anything else. */
  readonly edit: DigestEdit | null;
}
interface Job {
  readonly virtualServer: VirtualServer;
  readonly realServer: RealServer;
  readonly plan: CheckPlan & { readonly spec: HttpSpec };
}

/** Prints the digest of every url of a configuration. 0: all were fetched (and written), 1: some were not. */
export async function printConfigDigests(
  options: ConfigDigestOptions,
  io: Io,
  modules: Pick<Modules, 'load' | 'loadTree' | 'sockets' | 'http' | 'editFile'>,
): Promise<number> {
  const { file, configId, write } = options;
  const { stdout, stderr } = io;
  const loaded = await readForWork({ ...options, isArgument: true }, io, modules);
  if (!loaded) return 1;
  const jobs = listJobs(loaded.config.virtualServers);
  if (jobs.length === 0) {
    stderr.write(`genhash: ${file} has no HTTP_GET or SSL_GET, so there is no url to fetch\n`);
    return 1;
  }
  const tree = await modules.loadTree(file, configId);
  const places = findUrlPlaces(tree.tree);
  const linesOf = cutLines(tree.sources);
  const context = { clock: io.clock, sockets: modules.sockets, http: modules.http };
  const found = await runJobs(
    jobs,
    async (job, signal) => {
      const digests = await fetchTwice(job.plan.spec, { ...context, signal });
      return digests.map((digest, index) => describeDigest(job, digest, index, places, linesOf));
    },
    io,
  );
  if (!found) {
    stderr.write(`genhash: interrupted${write ? '; nothing was written' : ''}\n`);
    return 1;
  }
  const findings = found.flat();
  for (const finding of findings) {
    if (finding.digest === null) stderr.write(`genhash: ${finding.place}: ${finding.title}: ${finding.failure}\n`);
    else stdout.write(`${finding.place}: ${finding.title}: ${compare(finding)}\n    digest ${finding.digest}\n`);
  }
  for (const sentence of findDisagreements(findings)) stderr.write(`genhash: ${sentence}\n`);
  const written = !write || writeDigests(findings, tree.sources, io, modules);
  return written && findings.every(({ digest }) => digest !== null) ? 0 : 1;
}

function listJobs(virtualServers: readonly VirtualServer[]): Job[] {
  return virtualServers.flatMap(virtualServer =>
    virtualServer.realServers.flatMap(realServer =>
      realServer.checks.filter(isHttp).map(plan => ({ virtualServer, realServer, plan })),
    ),
  );
}

function isHttp(plan: CheckPlan): plan is Job['plan'] {
  return plan.type === 'HTTP_GET' || plan.type === 'SSL_GET';
}

/** A digest of a page that is another one at each request would take its real server out of the pool. */
async function fetchTwice(spec: HttpSpec, context: FetchContext): Promise<readonly UrlDigest[]> {
  const before = await fetchDigests(spec, context);
  const after = await fetchDigests(spec, context);
  return after.map((found, index): UrlDigest => {
    const earlier = before[index];
    if (earlier === undefined || found.failure !== null) return found;
    if (earlier.failure !== null) return earlier;
    return earlier.digest === found.digest ? found : { ...found, failure: changing };
  });
}

const changing = {
  reason: 'digest',
  detail: 'its body changes from one request to the next, so that no digest suits it; look at its status_code alone',
} as const;

function describeDigest(
  { virtualServer, realServer, plan }: Job,
  { url, digest, failure }: UrlDigest,
  index: number,
  places: UrlPlaces,
  linesOf: SourceLines,
): DigestFinding {
  const place = places(plan.span, index, url.path);
  const { file, line } = (place?.digest ?? place?.path)?.keyword.span ?? plan.span;
  const shownPath = coverQuery(url.path);
  const { address, port } = plan.spec.connection;
  // The Host header of one without a virtualhost.
  const asked = JSON.stringify([virtualServer.id, plan.type, url.request, url.tls]);
  return {
    place: `${file}:${line}`,
    title: `${virtualServer.id} ${realServer.id} ${plan.type} ${shownPath}`,
    virtualServer: virtualServer.id,
    realServer: realServer.id,
    asked: asked.replace(formatEndpoint(address, port), ''),
    shownPath,
    digest: failure === null ? digest : null,
    failure: failure === null ? null : failure.detail,
    before: url.digest,
    edit: place && planDigestEdit(place, linesOf),
  };
}

/** What stands behind the question mark may be a key that nobody else is to see. */
function coverQuery(path: string): string {
  return printable(path.replace(/\?.+/s, '?...'));
}

function compare({ digest, before }: DigestFinding): string {
  if (before === null) return 'not in the configuration yet';
  return before === digest ? 'as in the configuration' : `differs from ${before} in the configuration`;
}

/** Real servers of one virtual server that answer the same request with other bodies. */
function findDisagreements(findings: readonly DigestFinding[]): string[] {
  const groups = groupBy(
    findings.filter(({ digest }) => digest !== null),
    ({ asked }) => asked,
  );
  return [...groups.values()].flatMap(group => {
    const [first] = group;
    if (first === undefined || group.every(({ digest }) => digest === first.digest)) return [];
    const servers = [...groupBy(group, ({ digest }) => digest ?? '')].map(
      ([digest, own]) =>
        `${own.map(({ realServer }) => realServer).join(' ')} ${own.length > 1 ? 'have' : 'has'} ${digest}`,
    );
    const advice = 'a digest suits a page that is the same everywhere and always';
    return [
      `${first.virtualServer}: its real servers disagree on ${first.shownPath}: ${servers.join(', ')}; ${advice}`,
    ];
  });
}
