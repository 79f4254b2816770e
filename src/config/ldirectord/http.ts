import { readHost, readPort } from './address.ts';
import { type ConvertContext, findOwn } from './context.ts';
import type { CheckKind, CheckScope } from './method.ts';
import { block, type Output, quoteWord, remark, say, weakerCheck } from './output.ts';
import type { Real } from './servers.ts';

interface HttpCheck {
  /** Where to connect, when a request names another host. */
  readonly settings: { readonly connect: readonly Output[]; readonly port: number | null };
  readonly body: readonly Output[];
}

/** The url of HTTP_GET and SSL_GET (ldirectord.in:ld_setup and check_http). */
export function writeHttpCheck(
  real: Real,
  how: Extract<CheckKind, { kind: 'http' }>,
  { section, method }: CheckScope,
  context: ConvertContext,
): HttpCheck {
  const { notes } = context;
  const { settings, head } = section;
  const request = findOwn(settings, 'request');
  const receive = findOwn(settings, 'receive');
  const virtualhost = findOwn(settings, 'virtualhost');
  const httpmethod = findOwn(settings, 'httpmethod');
  const line = real.check !== null ? real.line : (request?.line ?? method.from.at(-1) ?? head.line);
  const wanted = (real.check?.request ?? request?.value ?? '/').replace(/^\//, '');
  const pattern = real.check?.receive ?? receive?.value ?? '';
  const patternLine = real.check !== null ? real.line : (receive?.line ?? line);
  // Only the request of a real server may name a host; that of the service gets host and port before it.
  const url = how.proxy || real.check !== null ? readUrl(wanted, how.checker) : null;
  const elsewhere = url !== null && !how.proxy ? readElsewhere(url, line, section.family, context) : null;
  const path = how.proxy ? wanted : `/${url?.path ?? wanted}`;
  const host = virtualhost?.value ?? (how.proxy ? url?.authority : elsewhere?.name);

  notes.add(
    'warning',
    method.from.at(-1) ?? head.line,
    `${how.checker} does not follow redirects, which ldirectord did: an answer of 301 or 302 fails.`,
    'Ask for a page that answers 200 itself, or add its code to status_code.',
  );
  const sendsHead = httpmethod?.value === 'HEAD';
  if (sendsHead) {
    const message = `keepalived always sends GET: method HEAD is for checkalived alone.`;
    notes.add('hint', httpmethod.line, message, 'Ask for a small page if keepalived is to check too.');
  }
  return {
    settings: { connect: elsewhere?.connect ?? [], port: elsewhere?.port ?? null },
    body: [
      ...writeHost(host, virtualhost?.line ?? line, context),
      block('url', [
        ...writePath(path, real.check !== null || request !== undefined ? [line] : [], line, context),
        say('status_code 200-299'),
        ...(sendsHead ? [say('@checkalived method HEAD', httpmethod.line)] : []),
        ...writePattern(pattern, patternLine, how.checker, context),
      ]),
    ],
  };
}

function writePath(path: string, from: readonly number[], line: number, { notes }: ConvertContext): readonly Output[] {
  const word = quoteWord(encodePath(path));
  if (word !== null) return [say(`path ${word}`, ...from)];
  notes.add(
    'error',
    line,
    'The request is too long for keepalived.conf: / is asked for, which is a weaker check.',
    'Write a shorter path.',
  );
  return [weakerCheck, say('path /', ...from)];
}

interface Url {
  readonly authority: string;
  /** Without the first slash. */
  readonly path: string;
}

function readUrl(text: string, checker: 'HTTP_GET' | 'SSL_GET'): Url | null {
  const match = /^(https?):\/\/([^/]+)\/?(.*)$/.exec(text);
  if (match === null || match[1] !== (checker === 'SSL_GET' ? 'https' : 'http')) return null;
  return { authority: match[2] ?? '', path: match[3] ?? '' };
}

/** A request that names a host is sent there, whatever the real server. */
function readElsewhere(
  { authority }: Url,
  line: number,
  family: 'inet' | 'inet6',
  { notes }: ConvertContext,
): { readonly connect: readonly Output[]; readonly port: number | null; readonly name: string | undefined } {
  const match = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(authority);
  const host = readHost(match?.[1] ?? authority, family);
  const port = match?.[2] === undefined ? null : readPort(match[2]) || null;
  if (host.fault === null) {
    return { connect: [say(`connect_ip ${host.address}`, line)], port, name: undefined };
  }
  const message = 'The request names another host, which cannot be looked up: the real server itself is asked.';
  notes.add(
    'warning',
    line,
    message,
    'Write connect_ip with the address of that host if it is what should be checked.',
  );
  return { connect: [], port, name: match?.[1] ?? authority };
}

function writeHost(host: string | undefined, line: number, { notes }: ConvertContext): readonly Output[] {
  if (host === undefined) return [];
  const word = quoteWord(host);
  if (word !== null) return [say(`virtualhost ${word}`, line)];
  notes.add(
    'error',
    line,
    'The virtualhost cannot be written in keepalived.conf.',
    'Write a host name of plain letters.',
  );
  return [remark('warning: the virtualhost could not be written', line)];
}

/** Perl's patterns and those of PCRE2 mean the same but for rarities. */
function writePattern(pattern: string, line: number, checker: string, { notes }: ConvertContext): readonly Output[] {
  if (pattern === '') return [];
  const word = quotePattern(pattern);
  if (word !== null) return [say(`regex ${word}`, line)];
  const message = `keepalived.conf cannot hold this pattern: ${checker} only looks at the status, which is a weaker check.`;
  notes.add('warning', line, message, 'Write a regex of printable ASCII in which no letter or brace follows a $.');
  return [weakerCheck, remark('warning: the pattern could not be written as regex', line)];
}

/** As it is cut by src/config/values/shell-words.ts; a quotation mark or a variable cannot stand in it. */
function quotePattern(pattern: string): string | null {
  if (pattern.length > 800 || !/^[\x20-\x7e]*$/.test(pattern) || /\$[\w{]/.test(pattern)) return null;
  return `"${pattern.replaceAll('"', '\\x22').replaceAll('\\', '\\\\')}"`;
}

/** As a browser library writes it into the request; letters that keepalived.conf cannot hold are gone with that. */
function encodePath(path: string): string {
  return path.replace(/[^\w./:?=&%,+@~;*!()'[\]|-]/gu, char =>
    [...new TextEncoder().encode(char)].map(byte => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}
