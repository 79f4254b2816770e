import type { Secret } from '../../model/secret.ts';
import type { LbKind, Script, ScriptUser } from '../../model/server.ts';
import type { Ms } from '../../model/time.ts';

/** Do both mean the same? Where they stand in their files does not matter; secrets are looked into. */
export function isSameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (!isObject(a) || !isObject(b)) return false;
  if (isSecret(a) || isSecret(b)) return isSecret(a) && isSecret(b) && a.reveal() === b.reveal();
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const names = new Set([...Object.keys(a), ...Object.keys(b)].filter(name => name !== 'span'));
  return [...names].every(name => isSameValue(memberOf(a, name), memberOf(b, name)));
}

/** For people; null for nothing. A secret is not shown. */
export function showValue(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (!isObject(value)) return value === '' ? '""' : String(value);
  if (isSecret(value)) return String(value);
  if (Array.isArray(value)) return showList(value);
  const members = Object.entries(value).filter(([name, member]) => name !== 'span' && member !== undefined);
  return members.map(([name, member]) => `${name} ${showValue(member) ?? 'none'}`).join(', ');
}

/** A group may have thousands of services. */
function showList(items: readonly unknown[]): string | null {
  if (items.length === 0) return null;
  const shown = items
    .slice(0, 8)
    .map(item => (typeof item === 'string' ? showText(item) : (showValue(item) ?? 'none')));
  return items.length > 8 ? `${shown.join(' ')} and ${items.length - 8} more` : shown.join(' ');
}

/** Where two values differ within, by the path to there, such as `urls.0.path`. */
export function findDifferences(
  before: unknown,
  after: unknown,
  path = '',
): readonly { readonly path: string; readonly from: unknown; readonly to: unknown }[] {
  if (isSameValue(before, after)) return [];
  const open = isOpen(before) && isOpen(after) && Array.isArray(before) === Array.isArray(after);
  if (!open) return [{ path, from: before, to: after }];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap(name =>
    findDifferences(memberOf(before, name), memberOf(after, name), path === '' ? name : `${path}.${name}`),
  );
}

export function showSeconds(span: Ms): string {
  return `${span / 1000} s`;
}

export function showForwarding(forwarding: LbKind): string {
  const tunnel = forwarding.kind === 'TUN' ? forwarding.tunnel : undefined;
  if (tunnel === undefined) return forwarding.kind;
  const port = tunnel.port === undefined ? '' : ` port ${tunnel.port}`;
  const checksum = tunnel.checksum === undefined ? '' : ` ${tunnel.checksum}`;
  return `TUN type ${tunnel.type}${port}${checksum}`;
}

/** The words of a command, and who runs it. */
export function showScript(script: Script | null): string | null {
  if (script === null) return null;
  const command = script.argv.map(showText).join(' ');
  return script.user === undefined ? command : `${command} (as ${showUser(script.user)})`;
}

export function showUser({ name, group, supplementary }: ScriptUser): string {
  return `${name}${group === undefined && supplementary !== true ? '' : ` ${supplementary ? ':' : ''}${group ?? ''}`}`;
}

/** A text with blanks or signs that cannot be seen stands in quotation marks. */
function showText(text: string): string {
  return text === '' || /[\s\p{Cc}"]/u.test(text) ? JSON.stringify(text) : text;
}

function isOpen(value: unknown): value is object {
  return isObject(value) && !isSecret(value);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isSecret(value: object): value is Secret {
  return 'reveal' in value && typeof value.reveal === 'function';
}

function memberOf(object: object, name: string): unknown {
  return Object.entries(object).find(([key]) => key === name)?.[1];
}
