/** The names that iproute2 comes with; others may stand in files of /etc/iproute2, which the reader does not look at. */
const scopes: ReadonlySet<string> = new Set(['global', 'nowhere', 'host', 'link', 'site']);
const routeTypes: ReadonlySet<string> = new Set([
  'local',
  'nat',
  'broadcast',
  'brd',
  'anycast',
  'multicast',
  'prohibit',
  'unreachable',
  'blackhole',
  'xresolve',
  'unicast',
  'throw',
]);

export function isScope(text: string): boolean {
  return scopes.has(text) || isCNumber(text, 255);
}

export function isRouteType(text: string): boolean {
  return routeTypes.has(text) || isCNumber(text, 255);
}

/** A number, or a word that may be a name in one of iproute2's files. */
export function isNumberOrName(text: string, max: number): boolean {
  return isCNumber(text, max) || /^[^\d-]/.test(text);
}

/** Decimal, octal with a leading 0 or hexadecimal with 0x, as strtoul takes it. */
export function isCNumber(text: string, max: number): boolean {
  if (!/^\+?(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)$/.test(text)) return false;
  return parseCNumber(text) <= max;
}

export function parseCNumber(text: string): number {
  const digits = text.replace(/^\+/, '');
  return /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
}

export function isDecimal(text: string, min: number, max: number): boolean {
  return /^\+?\d+$/.test(text) && Number(text) >= min && Number(text) <= max;
}
