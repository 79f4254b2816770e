import { type Secret, secret } from '../model/secret.ts';
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
const suspicious = /^(\s*(?:@\S+\s+)?\$?"?[\w-]*(?:pas|secret)[\w-]*"?(?:\s*=|\s)\s*)(\S.*)$/i;
const definition = /^\s*(?:@\S+\s+)?\$\w+=/;

/** The secrets of a configuration: passwords of authentication and mail, and keys of auth_hmac. */
export function findSecrets(tree: ConfigTree): readonly SecretPlace[] {
  return tree.flatMap(node => {
    if (holdsNone.has(node.param.name)) return [];
    return [...placesIn(node), ...findSecrets(node.nodes)];
  });
}

/** Large blocks that need no walk. */
const holdsNone: ReadonlySet<string> = new Set(['virtual_server', 'virtual_server_group']);

function placesIn({ param, words }: ConfigNode): readonly SecretPlace[] {
  const secrets = param.type.kind === 'secret' ? words : param.name === 'key' ? words.slice(1) : [];
  return secrets.map(({ text, span: { file, line, column } }) => ({ file, line, column, text: secret(text) }));
}

/** A line of a file as it may be shown: stars in place of secrets, and everything else where it stood. */
export function coverSecrets(text: string, file: string, line: number, secrets: readonly SecretPlace[]): string {
  const [, keyword, rest] = suspicious.exec(text) ?? [];
  let shown = keyword !== undefined && rest !== undefined ? keyword + stars(rest) : text;
  for (const place of secrets) {
    if (place.file === file && place.line === line)
      shown = shown.slice(0, place.column - 1) + stars(shown.slice(place.column - 1));
    const sought = place.text.reveal();
    if (sought.length >= (definition.test(text) ? 1 : shortestSought)) shown = shown.replaceAll(sought, stars(sought));
  }
  return shown;
}

/** Whether what follows this text may be a secret: a keyword that sounds like it stands in it. */
export function mayPrecedeSecret(text: string): boolean {
  return /(?:pas|secret)[\w-]*"?[\s=]/i.test(text);
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
