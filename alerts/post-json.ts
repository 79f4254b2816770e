import type { SendContext } from '../src/model/alert.ts';
import type { DeliveryResult } from '../src/model/delivery.ts';
import type { HttpHeader, PostOutcome } from '../src/model/ports.ts';
import { isSecret, type Secret, secret } from '../src/model/secret.ts';
import { type EpochMs, type Ms, parseHttpDate } from '../src/model/time.ts';
import { hideSecrets, oneLine } from './hide-secrets.ts';

export interface JsonMessage {
  /** Its path and its query may be secrets. */
  readonly url: Secret;
  /** Those with a secret as their value are hidden in answers too. */
  readonly headers: readonly HttpHeader[];
  readonly body: string;
  /** Other secrets that went into the message. */
  readonly secrets: readonly Secret[];
}

/** Sends one message, and says by the status whether it is delivered, tried again, or never to be taken. */
export async function postJson(message: JsonMessage, { post, now, signal }: SendContext): Promise<DeliveryResult> {
  const { url, headers, body } = message;
  const secrets = secretsOf(message);
  const { host } = new URL(url.reveal());
  const say = (text: string): string => oneLine(hideSecrets(`${host}: ${text}`, secrets), 300);
  const outcome = await post({ url: url.reveal(), headers: [...headers, userAgent], body }, signal);
  if (outcome.kind === 'failed') return { kind: 'failed', retry: 'server', detail: say(outcome.detail) };
  const detail = say(describe(outcome));
  const retry = judgeStatus(outcome.status);
  if (retry === null) return { kind: 'delivered', detail };
  const retryAfter = readRetryAfter(outcome.headers.get('retry-after')?.[0], now);
  return { kind: 'failed', retry, detail, ...(retryAfter !== null && { retryAfter }) };
}

const userAgent: HttpHeader = { name: 'User-Agent', value: 'checkalived' };

/** What a wrong setting looks like: it will be mended, and the message is still owed. */
const wrongSetting: ReadonlySet<number> = new Set([401, 402, 403, 404, 405, 407, 410]);
/** Come back later. */
const busy: ReadonlySet<number> = new Set([408, 421, 425, 429]);

/**
 * null: delivered. `server`: every message would be answered so, and is tried again; a redirect among them, which is not
 * followed, as it would carry secrets to who knows whom. `never`: it is this message that is refused.
 */
function judgeStatus(status: number): 'server' | 'never' | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 400 && status < 500) return wrongSetting.has(status) || busy.has(status) ? 'server' : 'never';
  return 'server';
}

function describe({ status, text }: PostOutcome & { readonly kind: 'answered' }): string {
  const redirect = status >= 300 && status < 400 ? ', a redirect, which is not followed: write the new url' : '';
  return `HTTP ${status}${redirect}${text === '' ? '' : `: ${text}`}`;
}

/** Seconds or a date (RFC 9110, section 10.2.3). */
function readRetryAfter(text: string | undefined, now: EpochMs): Ms | null {
  if (text === undefined) return null;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const time = parseHttpDate(text);
  return time === null ? null : Math.max(0, time - now);
}

/** A token may be any part of a path or a query. */
function secretsOf({ url, headers, secrets }: JsonMessage): readonly Secret[] {
  const { pathname, search, searchParams } = new URL(url.reveal());
  const asWritten = search
    .slice(1)
    .split('&')
    .map(pair => pair.slice(pair.indexOf('=') + 1));
  const ofPath = [...pathname.split('/'), `${pathname}${search}`].filter(part => part.length >= shortestInPath);
  const ofQuery = [...searchParams.values(), ...asWritten].filter(part => part.length >= shortestInQuery);
  const inHeaders = headers.flatMap(({ value }) => (isSecret(value) ? [value, ...tokensOf(value)] : []));
  return [url, ...inHeaders, ...secrets, ...[...ofPath, ...ofQuery].map(secret)];
}

/** Shorter parts are words and numbers. */
const shortestInPath = 8;
const shortestInQuery = 4;

/** `Bearer TOKEN` → `TOKEN`. */
function tokensOf(value: Secret): readonly Secret[] {
  const [, token] = value.reveal().split(' ');
  return token === undefined ? [] : [secret(token)];
}
