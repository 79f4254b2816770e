/** Does a text hold the pattern, capital or small? With `*` or `?` in it the whole text must fit. */
export function matches(text: string, pattern: string): boolean {
  if (!/[*?]/.test(pattern)) return text.toLowerCase().includes(pattern.toLowerCase());
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'i').test(text);
}
