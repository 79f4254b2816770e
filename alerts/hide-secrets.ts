import type { Secret } from '../src/model/secret.ts';

/** What a server sends back may hold what it was sent: `<secret>` in its place, in whatever form it may come. */
export function hideSecrets(text: string, secrets: readonly Secret[]): string {
  const forms = new Set(secrets.flatMap(secret => formsOf(secret.reveal())));
  // The longest first: a part of it may be a secret too.
  const sorted = [...forms].filter(form => form !== '').sort((a, b) => b.length - a.length);
  const hidden = sorted.reduce((shown, form) => shown.replaceAll(form, '<secret>'), text);
  return sorted.reduce(dropBeginning, hidden.replace(/\ufffd+$/, ''));
}

/** Fewer letters of a secret tell nothing. */
const telling = 4;

/** Of a text that was cut off in the middle of a secret, the part of it. */
function dropBeginning(text: string, form: string): string {
  for (let length = form.length - 1; length >= telling; length--) {
    if (text.endsWith(form.slice(0, length))) return text.slice(0, -length);
  }
  return text;
}

/** For a log and a page: one line, without what a terminal would act on. */
export function oneLine(text: string, length: number): string {
  return text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, length);
}

export function toBase64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function formsOf(text: string): readonly string[] {
  return [text, toBase64(text), encodeURIComponent(text), encodeURI(text), JSON.stringify(text).slice(1, -1)];
}
