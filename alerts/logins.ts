import type { ReportChannelFault } from '../src/model/alert.ts';
import type { Params, Values } from '../src/model/params.ts';
import type { HttpHeader } from '../src/model/ports.ts';
import { type Secret, secret } from '../src/model/secret.ts';
import { toBase64 } from './hide-secrets.ts';

/** Who we are to the server. */
export const loginParams: Params = [
  { name: 'user', type: { kind: 'word' }, doc: 'User name, for a server that asks for a login.', ours: true },
  { name: 'password', type: { kind: 'secret' }, doc: 'Password of user.', ours: true },
  { name: 'bearer_token', type: { kind: 'secret' }, doc: 'Token to show in place of user and password.', ours: true },
];

/** What a request says of us. */
export interface Login {
  readonly headers: readonly HttpHeader[];
  readonly secrets: readonly Secret[];
}

/** The header that these make; null = they contradict each other (reported). */
export function readLogin(values: Values, report: ReportChannelFault): Login | null {
  const user = values.get<string>('user');
  const password = values.get<Secret>('password');
  const token = values.get<Secret>('bearer_token');
  if (token !== undefined && (user !== undefined || password !== undefined)) {
    const message = 'A server is shown a bearer_token, or user and password.';
    report('conflicting-keywords', values.spanOf('bearer_token'), message, 'Remove one of the two.');
    return null;
  }
  if ((user === undefined) !== (password === undefined)) {
    const [there, missing] = user === undefined ? ['password', 'user'] : ['user', 'password'];
    report(
      'missing-keyword',
      values.spanOf(there),
      `${there} stands here without ${missing}.`,
      `Write ${missing} too.`,
    );
    return null;
  }
  // RFC 6750, section 2.1; no header takes more.
  if (token !== undefined && !/^[\w.~+/-]+=*$/.test(token.reveal())) {
    const message = 'The bearer_token has letters in it that no token has.';
    report('bad-value', values.spanOf('bearer_token'), message, 'Write the token alone, without Bearer before it.');
    return null;
  }
  if (token !== undefined) return authorize(`Bearer ${token.reveal()}`, token);
  if (user === undefined || password === undefined) return { headers: [], secrets: [] };
  return authorize(`Basic ${toBase64(`${user}:${password.reveal()}`)}`, password);
}

function authorize(value: string, kept: Secret): Login {
  return { headers: [{ name: 'Authorization', value: secret(value) }], secrets: [kept] };
}
