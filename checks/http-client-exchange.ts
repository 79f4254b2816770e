import { createHash, type Hash } from 'node:crypto';
import type { CheckResult } from '../src/model/check.ts';
import type { HttpHeaders, HttpRequest, HttpSession, Sockets } from '../src/model/ports.ts';
import { type ConnectionTarget, type Dialogue, exchange } from './exchange.ts';
import { type BodyKeeper, createBodyKeeper } from './http-body.ts';
import type { FetchContext, FetchOptions } from './http-fetch.ts';

/** One request through an HTTP client over one fresh connection of ours, with the deadlines of `exchange`. */
export function exchangeThroughClient(
  target: ConnectionTarget,
  options: FetchOptions,
  request: HttpRequest,
  context: FetchContext,
): Promise<CheckResult> {
  let answer = startAnswer(options);
  const dialogue: Dialogue = {
    opened(connection) {
      options.opened?.(connection);
      return 'wait';
    },
    data(piece) {
      const { hash, keeper, head } = answer;
      hash?.update(piece);
      keeper?.push(piece);
      answer.bytes += piece.length;
      return (head && options.judgeStatus(head.status)) ?? 'wait';
    },
    ended() {
      const { hash, keeper, head, bytes, fault } = answer;
      if (head === null) {
        const what = fault ?? 'closed without an answer';
        return { ok: false, reason: 'protocol', detail: `${what}, expected HTTP/${request.protocol}` };
      }
      const cut = fault === null ? null : `body cut after ${bytes} bytes: ${fault}`;
      const digest = hash?.digest('hex') ?? null;
      return options.judge({ status: head.status, bytes, digest, body: keeper?.kept() ?? null, cut }, head.headers);
    },
    again() {
      answer = startAnswer(options);
      return dialogue;
    },
  };
  const sockets = overClient(context, request, {
    response(status, headers) {
      answer.head = { status, headers };
    },
    failed(detail) {
      answer.fault = detail;
    },
  });
  return exchange(target, dialogue, { ...context, sockets });
}

/** What has come of one, or what became of it. */
interface Answer {
  readonly hash: Hash | null;
  readonly keeper: BodyKeeper | null;
  head: { readonly status: number; readonly headers: HttpHeaders } | null;
  bytes: number;
  fault: string | null;
}

function startAnswer({ digest, keepBody }: FetchOptions): Answer {
  return {
    hash: digest === null ? null : createHash(digest),
    keeper: keepBody ? createBodyKeeper() : null,
    head: null,
    bytes: 0,
    fault: null,
  };
}

interface ClientWatch {
  response(status: number, headers: HttpHeaders): void;
  failed(detail: string): void;
}

/** Sockets whose bytes are what the client makes of them: the body, and its end. */
function overClient({ sockets, http }: FetchContext, request: HttpRequest, watch: ClientWatch): Sockets {
  return {
    connect(to, tls, handler) {
      let session: HttpSession | null = null;
      let over = false;
      /** The connection is gone, and its owner learns that when the client is done with what came before. */
      let tellClosed = (): void => {};
      let broken = false;
      const finish = (tell: () => void): void => {
        if (over) return;
        over = true;
        tell();
        tellClosed();
      };
      const connection = sockets.connect(to, tls, {
        connected: () => handler.connected?.(),
        opened(open) {
          handler.opened(open);
          session = http.request(open, request, {
            response(status, headers) {
              watch.response(status, headers);
              handler.data(new Uint8Array(0));
            },
            data: bytes => handler.data(bytes),
            complete: () => finish(() => handler.ended()),
            failed: detail =>
              finish(() => {
                // Of a connection that broke the fault is what counts.
                if (broken) return;
                watch.failed(detail);
                handler.ended();
              }),
          });
        },
        data: bytes => session?.receive(bytes),
        ended: () => (session === null ? handler.ended() : session.end()),
        closed(fault) {
          if (session === null || over) return handler.closed(fault);
          broken = fault !== null;
          tellClosed = () => handler.closed(fault);
          session.end();
        },
      });
      return {
        write: bytes => connection.write(bytes),
        startTls: options => connection.startTls(options),
        certificate: () => connection.certificate(),
        get shortened() {
          return connection.shortened ?? false;
        },
        close(outcome) {
          session?.abort();
          finish(() => {});
          connection.close(outcome);
        },
      };
    },
  };
}
