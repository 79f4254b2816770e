import type { CheckResult } from '../src/model/check.ts';
import type { Ms } from '../src/model/time.ts';
import type { ConnectionSpec } from './connect-params.ts';
import { type ConnectionTarget, type ExchangeContext, exchange, type Verdict } from './exchange.ts';
import { createHttpDialogue, type DigestAlgorithm, type HttpResponse, type ResponseWatch } from './http-dialogue.ts';
import { type FetchContext, type FetchOptions, fetchUrl } from './http-fetch.ts';
import { judgeStatus } from './http-judge.ts';
import type { HttpSpec, UrlSpec } from './http-plan.ts';
import { formatRequest, type HttpProtocol } from './http-request.ts';

/** One URL whose digest is wanted. */
export interface DigestSpec {
  readonly connection: ConnectionSpec;
  readonly protocol: HttpProtocol;
  readonly path: string;
  readonly virtualhost: string | null;
  /** null = a plain connection. */
  readonly tls: { readonly serverName: string | null } | null;
  readonly algorithm: DigestAlgorithm;
}
/** Sees the response as keepalived reads it. */
export interface DigestWatch extends ResponseWatch {
  /** One read has come; the parts of it follow. */
  read(): void;
}
/** The digest of what came, even if that is not all; null when there is none. */
export interface DigestResult {
  readonly digest: string | null;
  /** Why HTTP_GET would fail whatever the digest is; null: it would not. */
  readonly failure: Pick<CheckResult & { readonly ok: false }, 'reason' | 'detail'> | null;
  readonly took: Ms;
}
/** A URL of a check, with what came of it. */
export interface UrlDigest extends DigestResult {
  readonly url: UrlSpec;
}

/** keepalived check_http.c:http_read_thread: its buffer of 4096 bytes, less one. */
const readSize = 4095;

/** Fetches the URL as HTTP_GET does, whatever the status, and computes the digest that HTTP_GET would compare. */
export function fetchDigest(
  spec: DigestSpec,
  context: ExchangeContext,
  watch: DigestWatch | null = null,
): Promise<DigestResult> {
  const request = formatRequest({ ...spec, endpoint: spec.connection });
  return fetch(spec, request, spec.algorithm, context, watch);
}

/** Fetches all URLs of a check with the requests of that check, one after the other; a wrong status is a failure. */
export async function fetchDigests(
  { connection, urls }: Pick<HttpSpec, 'connection' | 'urls'>,
  context: FetchContext,
): Promise<readonly UrlDigest[]> {
  const found: UrlDigest[] = [];
  for (const url of urls) {
    let digest: string | null = null;
    const options: FetchOptions = {
      digest: 'md5',
      judgeStatus: status => judgeStatus(url, status),
      judge(response) {
        digest = response.digest;
        return judgeWhole(response);
      },
    };
    const result = await fetchUrl(connection, url, options, context);
    found.push({ url, digest, failure: result.ok ? null : result, took: result.took });
  }
  return found;
}

function judgeWhole({ cut }: HttpResponse): Verdict {
  return cut === null ? { ok: true, detail: '' } : { ok: false, reason: 'body', detail: cut };
}

async function fetch(
  target: ConnectionTarget,
  request: string,
  algorithm: DigestAlgorithm,
  context: ExchangeContext,
  watch: DigestWatch | null,
): Promise<DigestResult> {
  let digest: string | null = null;
  let headerSeen = false;
  let held = 0;
  const dialogue = createHttpDialogue(
    request,
    {
      digest: algorithm,
      judgeStatus: () => null,
      judge(response) {
        digest = response.digest;
        return judgeWhole(response);
      },
    },
    {
      header(bytes) {
        headerSeen = true;
        watch?.header(bytes);
      },
      body: bytes => watch?.body(bytes),
    },
  );
  const result = await exchange(
    target,
    {
      opened: connection => dialogue.opened(connection),
      ended: () => dialogue.ended(),
      broken: () => dialogue.broken(),
      data(bytes) {
        for (let from = 0; from < bytes.length; ) {
          const piece = bytes.subarray(from, from + readSize - held);
          from += piece.length;
          watch?.read();
          const turn = dialogue.data(piece);
          if (turn !== 'wait') return turn;
          // A header that is not complete stays in keepalived's buffer.
          held = headerSeen ? 0 : (held + piece.length) % readSize;
        }
        return 'wait';
      },
    },
    context,
  );
  return { digest, failure: result.ok ? null : result, took: result.took };
}
