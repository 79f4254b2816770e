/** A value that never appears in a log, an error or a page. */
export interface Secret {
  reveal(): string;
  toString(): '<secret>';
  toJSON(): '<secret>';
}
export function secret(text: string): Secret {
  return { reveal: () => text, toString: () => '<secret>', toJSON: () => '<secret>' };
}
