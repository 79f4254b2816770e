import { createHash } from 'node:crypto';
import { closedEarly, type Dialogue, type Turn, type Verdict } from './exchange.ts';
import { createBodyKeeper, type KeptBody } from './http-body.ts';
import { createResponseReader } from './http-response.ts';

/** HTTP_GET compares MD5; `genhash` prints the others too. */
export const digestAlgorithms = ['md5', 'sha1', 'sha256'] as const;
export type DigestAlgorithm = (typeof digestAlgorithms)[number];

/** A response of which all has come that will come. */
export interface HttpResponse {
  readonly status: number;
  /** Bytes of the body as it travels. */
  readonly bytes: number;
  /** Lower-case hexadecimal digest of these bytes; null when it was not asked for. */
  readonly digest: string | null;
  /** These bytes; null when they were not asked for. */
  readonly body: KeptBody | null;
  /** Why these bytes are not the whole body, in words; null: they are. */
  readonly cut: string | null;
}
export interface HttpDialogueOptions {
  /** The whole request as it goes out. */
  readonly request: string;
  /** null: none is wanted. */
  readonly digest: DigestAlgorithm | null;
  readonly keepBody?: boolean;
  /** A verdict ends the conversation before the body has come. */
  judgeStatus(status: number): Verdict | null;
  judge(response: HttpResponse): Verdict;
}
/** Gets the raw bytes while they come; they may be overwritten afterwards. */
export interface ResponseWatch {
  /** The whole header, with the empty line that ends it. */
  header(bytes: Uint8Array): void;
  /** What counts for the digest. */
  body(bytes: Uint8Array): void;
}

/** One request and its response: what HTTP_GET compares and what genhash prints are computed here. */
export function createHttpDialogue(options: HttpDialogueOptions, watch: ResponseWatch | null = null): Dialogue {
  const hash = options.digest === null ? null : createHash(options.digest);
  const keeper = options.keepBody ? createBodyKeeper() : null;
  const reader = createResponseReader({
    header: bytes => watch?.header(bytes),
    body: bytes => {
      hash?.update(bytes);
      keeper?.push(bytes);
      watch?.body(bytes);
    },
  });

  const judgeStatus = (): Verdict | null => {
    const status = reader.status();
    return status === null ? null : options.judgeStatus(status);
  };
  const judge = (cut: string | null): Verdict =>
    options.judge({
      status: reader.status() ?? 0,
      bytes: reader.bodyLength(),
      digest: hash?.digest('hex') ?? null,
      body: keeper?.kept() ?? null,
      cut,
    });
  const judgeEnd = (): Verdict => {
    if (reader.status() === null) return closedEarly('without a complete header');
    if (reader.endsWithConnection()) return judge(null);
    const missing = reader.announced() === null ? ', before its last chunk' : ` of ${reader.announced()}`;
    return judge(`body cut after ${reader.bodyLength()} bytes${missing}`);
  };

  return {
    opened: () => ({ send: options.request }),
    data(bytes): Turn {
      const state = reader.push(bytes);
      switch (state.kind) {
        case 'header':
          return 'wait';
        case 'fault':
          return { ok: false, reason: 'protocol', detail: state.detail };
        // What the body says does not matter when the status is wrong.
        case 'body':
          return judgeStatus() ?? 'wait';
        case 'complete':
          return judgeStatus() ?? judge(null);
      }
    },
    ended: judgeEnd,
    // Servers that close with unread bytes send a reset behind a complete answer (keepalived issues 180 and 765):
    // a body that the connection ends is judged by its status and digest, a shorter one than announced is cut.
    broken: () => (reader.status() === null ? null : judgeEnd()),
  };
}
