import type { Params, ReadWords } from '../src/model/params.ts';
import type { HttpHeader } from '../src/model/ports.ts';
import { isSecretHeader, secret } from '../src/model/secret.ts';
import { escapes, readEscapedText } from './escaped-text.ts';

/** What a header of the answer has to say. */
export interface HeaderExpectation {
  readonly name: string;
  /** null = whatever it says. */
  readonly pattern: string | null;
}
export interface JsonExpectation {
  /** Names and places in lists, with dots between. */
  readonly path: string;
  readonly value: string;
}

const token = /^[\w!#$%&'*+.^`|~-]+$/;
/** The client's own business. */
const reserved =
  /^(?:connection|content-length|expect|http2-settings|keep-alive|proxy-connection|te|transfer-encoding|upgrade)$/i;

/** No message shows a value: it may be a password. */
const readHeader: ReadWords = (words, tell): HttpHeader | undefined => {
  const [name, ...rest] = words;
  const value = rest.map(word => word.text).join(' ');
  if (name === undefined || rest.length === 0) {
    return tell('missing-argument', name, 'header lacks its name or its value.', 'Write header NAME "VALUE".');
  }
  if (!token.test(name.text)) {
    return tell('bad-value', name, 'This is no name of a header.', 'Write header NAME "VALUE", without a colon.');
  }
  if (reserved.test(name.text)) {
    return tell('bad-value', name, `${name.text} goes out as the request needs it.`, 'Remove the line.');
  }
  if (!/^[\t\x20-\x7e]*$/.test(value)) {
    return tell(
      'bad-value',
      name,
      `The value of ${name.text} has letters that no header has.`,
      'Write printable ASCII.',
    );
  }
  return { name: name.text, value: isSecretHeader(name.text) ? secret(value) : value };
};

/** One character for each byte. */
const readBody: ReadWords = ([word, surplus], tell): string | undefined => {
  const hint = `Write one text in quotation marks: body "{\\x22ping\\x22:1}". ${escapes} are escapes.`;
  if (word === undefined) return tell('missing-argument', word, 'body lacks its text.', hint);
  if (surplus !== undefined) return tell('bad-value', surplus, 'The body is one text, and here are several.', hint);
  const text = readEscapedText(word.text);
  if (!text.ok) return tell('bad-value', word, `This body cannot be sent: ${text.message}.`, hint);
  const isPlain = text.parts.every(part => typeof part === 'string');
  if (!isPlain) return tell('bad-value', word, 'There is no group of a match that could be sent.', hint);
  return text.parts.join('');
};

const readHeaderExpectation: ReadWords = ([name, pattern, surplus], tell): HeaderExpectation | undefined => {
  const hint = 'Write NAME, or NAME "PATTERN".';
  if (name === undefined) return tell('missing-argument', undefined, 'The name of a header is missing.', hint);
  if (!token.test(name.text)) return tell('bad-value', name, 'This is no name of a header.', hint);
  if (surplus !== undefined) return tell('bad-value', surplus, 'There is more than one pattern.', hint);
  return { name: name.text.toLowerCase(), pattern: pattern?.text ?? null };
};

const readJsonExpectation: ReadWords = ([path, value, surplus], tell): JsonExpectation | undefined => {
  const hint = 'Write expect_json PATH "VALUE", as in expect_json status.database ok.';
  if (path === undefined || value === undefined) {
    return tell('missing-argument', path, 'expect_json lacks its path or its value.', hint);
  }
  if (surplus !== undefined) return tell('bad-value', surplus, 'There is more than one value.', hint);
  if (/^\$?\.|^\$\[|\[\d*\]/.test(path.text)) {
    const advice = 'Write names and places in lists with dots between, from the top: checks.0.status.';
    return tell('bad-value', path, `${path.text} is a path of another language (JSONPath, jq).`, advice);
  }
  return { path: path.text, value: value.text };
};

/** What a request says and an answer must say besides, in a url: through an HTTP client, and unknown to keepalived. */
export const clientParams: Params = [
  {
    name: 'method',
    type: { kind: 'choice', of: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] },
    doc: 'Method of the request.',
    default: 'GET, with a body POST',
    ours: true,
  },
  {
    name: 'header',
    type: { kind: 'custom', syntax: 'NAME VALUE', read: readHeader },
    doc: 'Header of the request, in place of Host or User-Agent if it is one of them; the values of Authorization, Cookie and of names with token, secret, passw, api-key or auth-key are secrets.',
    repeat: 'all',
    ours: true,
  },
  {
    name: 'body',
    type: { kind: 'custom', syntax: 'TEXT', read: readBody },
    doc: `Body of the request; ${escapes} are escapes, \\x22 is a quotation mark.`,
    ours: true,
  },
  {
    name: 'expect_header',
    type: { kind: 'custom', syntax: 'NAME [PATTERN]', read: readHeaderExpectation },
    doc: 'The answer must have this header, and one of its values must match the pattern of PCRE2.',
    repeat: 'all',
    ours: true,
  },
  {
    name: 'refuse_header',
    type: { kind: 'custom', syntax: 'NAME [PATTERN]', read: readHeaderExpectation },
    doc: 'The answer must not have this header, or none of its values may match the pattern of PCRE2.',
    repeat: 'all',
    ours: true,
  },
  {
    name: 'expect_json',
    type: { kind: 'custom', syntax: 'PATH VALUE', read: readJsonExpectation },
    doc: 'The body must be JSON with this text, number, true, false or null at the path, such as `checks.0.status`.',
    repeat: 'all',
    ours: true,
  },
];
