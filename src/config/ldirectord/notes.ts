/** What the reader of a converted file must know about one line of the old one. */
export interface ConversionNote {
  /** `error`: must be mended by hand; `warning`: the new file does less, or something else; `hint`: good to know. */
  readonly severity: 'error' | 'warning' | 'hint';
  /** 1-based, of the old file. */
  readonly line: number;
  /** A whole sentence. */
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}

/** Takes the notes as they come up; the same note on the same line counts once. */
export interface Notes {
  add(severity: ConversionNote['severity'], line: number, message: string, hint: string): void;
  /** In the order of the lines. */
  list(): readonly ConversionNote[];
  /** How many there are; for asking what has come up since. */
  count(): number;
  since(count: number): readonly ConversionNote[];
}

export function collectNotes(): Notes {
  const found: ConversionNote[] = [];
  const known = new Set<string>();
  return {
    add(severity, line, message, hint) {
      const key = `${line} ${message}`;
      if (known.has(key)) return;
      known.add(key);
      found.push({ severity, line, message, hint });
    },
    list: () => [...found].sort((one, other) => one.line - other.line),
    count: () => found.length,
    since: count => found.slice(count),
  };
}
