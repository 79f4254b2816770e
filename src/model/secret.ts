/** A value that never appears in a log, an error or a page. */
export interface Secret {
  reveal(): string;
  toString(): '<secret>';
  toJSON(): '<secret>';
}
export function secret(text: string): Secret {
  return { reveal: () => text, toString: () => '<secret>', toJSON: () => '<secret>' };
}
export function isSecret(value: unknown): value is Secret {
  return typeof value === 'object' && value !== null && 'reveal' in value && typeof value.reveal === 'function';
}

/** Whether this header of a request says who asks: its value is a secret. */
export function isSecretHeader(name: string): boolean {
  return /^(?:proxy-)?authorization$|cookie|token|secret|passw|api[-_]?key|auth[-_]?key/i.test(name);
}
