import type { Word } from '../model/params.ts';
import { isSecretHeader, type Secret, secret } from '../model/secret.ts';
import type { Diagnostic } from './diagnostics.ts';
import type { ConfigNode, ConfigTree } from './text/node.ts';

/** Where a secret stands in a file: from its column to the end of the line. */
export interface SecretPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly text: Secret;
}

/** Shorter ones are searched for only where a variable is defined: they are part of too much else. */
const shortestSought = 4;
/** A keyword or variable that may be meant for a secret, in whatever block it stands and however it is spelt. */
const suspicious = /^(\s*(?:@\S+\s+)?\$?"?[\w-]*(?:pas|secr|token|routing)[\w-]*"?(?:\s*=|\s)\s*)(\S.*)$/i;
/** What follows the host in a URL may be one, as with Slack. */
const urlPath = /(https?:\/\/[^\s/?]*[/?])([^\s"]+)/gi;
/** The same of a header in a request (checks/http-client-params.ts). */
const header = /^(\s*(?:@\S+\s+)?"?header"?\s+"?([\w-]+)"?\s*)(\S.*)$/i;
const definition = /^\s*(?:@\S+\s+)?\$\w+=/;

/** The secrets of a configuration: passwords of authentication and mail, keys of auth_hmac, and some headers of requests. */
export function findSecrets(tree: ConfigTree): readonly SecretPlace[] {
  const places: SecretPlace[] = [];
  collectSecrets(tree, places);
  return places;
}

function collectSecrets(tree: ConfigTree, places: SecretPlace[]): void {
  for (const node of tree) {
    if (holdsNone.has(node.param.name)) continue;
    for (const { text, span } of wordsOf(node)) {
      const { file, line, column } = span;
      places.push({ file, line, column, text: secret(text) });
    }
    collectSecrets(node.nodes, places);
  }
}

/** A large block that needs no walk. */
const holdsNone: ReadonlySet<string> = new Set(['virtual_server_group']);

/** Looks at the words only where it must: of most lines they were never cut. */
function wordsOf(node: ConfigNode): readonly Word[] {
  const { name, type } = node.param;
  if (type.kind === 'secret') return node.words;
  if (name === 'key') return node.words.slice(1);
  if (name !== 'header' || !isSecretHeader(node.words[0]?.text ?? '')) return [];
  return node.words.slice(1);
}

/** A line of a file as it may be shown: stars in place of secrets, and everything else where it stood. */
export function coverSecrets(text: string, file: string, line: number, secrets: readonly SecretPlace[]): string {
  const [, keyword, rest] = suspicious.exec(text) ?? findSuspiciousHeader(text) ?? [];
  const open = keyword !== undefined && rest !== undefined ? keyword + stars(rest) : text;
  let shown = open.replace(urlPath, (_, host: string, path: string) => host + stars(path));
  for (const place of secrets) {
    if (place.file === file && place.line === line)
      shown = shown.slice(0, place.column - 1) + stars(shown.slice(place.column - 1));
    const sought = place.text.reveal();
    if (sought.length >= (definition.test(text) ? 1 : shortestSought)) shown = shown.replaceAll(sought, stars(sought));
  }
  return shown;
}

function findSuspiciousHeader(text: string): readonly string[] | null {
  const [whole = '', keyword = '', name = '', rest = ''] = header.exec(text) ?? [];
  return isSecretHeader(name) ? [whole, keyword, rest] : null;
}

/** Whether what follows this text may be a secret: a keyword that sounds like it stands in it. */
export function mayPrecedeSecret(text: string): boolean {
  return /(?:pas|secr|token|routing)[\w-]*"?[\s=]/i.test(text);
}

function stars(text: string): string {
  return '*'.repeat(text.length);
}

/** What cannot be read behind a secret may be a part of it, cut off by a brace: it is not named. */
export function keepSecret(diagnostic: Diagnostic, secrets: readonly SecretPlace[]): Diagnostic {
  const { file, line, column, code } = diagnostic;
  if (code !== 'unknown-keyword' && code !== 'unknown-block') return diagnostic;
  if (!secrets.some(each => each.file === file && each.line === line && each.column < column)) return diagnostic;
  const message = 'What stands here cannot be read. It is not shown: it may be part of a secret.';
  return { ...diagnostic, message, hint: 'Put a secret with braces or blanks in it in quotation marks.' };
}
