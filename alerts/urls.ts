import type { ReportChannelFault } from '../src/model/alert.ts';
import type { Values } from '../src/model/params.ts';
import { isSecret, type Secret, secret } from '../src/model/secret.ts';

/** The `url` of a block; null = it has none that can be used, which is reported. What may be a secret is not named. */
export function readUrl(values: Values, report: ReportChannelFault, example: string): Secret | null {
  const written = values.get<string | Secret>('url');
  if (written === undefined) {
    report('missing-keyword', values.span, 'A channel without a url reaches nobody.', `Write url ${example}.`);
    return null;
  }
  const text = isSecret(written) ? written.reveal() : written;
  const fault = findFault(text);
  if (fault === null) return secret(text);
  report('bad-value', values.spanOf('url'), `The url cannot be used: ${fault}.`, `Write url ${example}.`);
  return null;
}

function findFault(text: string): string | null {
  if (!/^https?:\/\//i.test(text)) return 'it does not begin with http:// or https://';
  // What a URL parser would take for what it is not, or drop.
  if (/[\s\\]|[^\x21-\x7e]/.test(text))
    return 'it has blanks, backslashes or letters in it that must be written as %20 and the like';
  if (!URL.canParse(text)) return 'it is no URL';
  const { username, password, hash, port } = new URL(text);
  if (username !== '' || password !== '') return 'a login stands in it';
  if (hash !== '') return 'what follows # is never sent';
  return port === '0' ? 'there is no port 0' : null;
}
