/** The value of the first sample with this name and these labels in a text of Prometheus; undefined: there is none. */
export function readSample(
  text: string,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  for (const line of text.split('\n')) {
    const [, found, pairs = '', value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (found === name && wanted.every(pair => pairs.split(',').includes(pair))) return Number(value);
  }
  return undefined;
}
