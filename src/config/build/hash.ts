/** Two FNV-1a hashes side by side, 64 bits as 14 letters and digits: short, stable and the same everywhere. */
export function hashText(text: string): string {
  let low = 0x811c9dc5;
  let high = 0x050c5d1f;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ (code + index), 0x01000193);
  }
  return [high, low].map(half => (half >>> 0).toString(36).padStart(7, '0')).join('');
}
